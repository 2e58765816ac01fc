package figures

import (
	"fmt"
	"math"
	"strconv"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
)

// similaritySheet returns table 5.
func similaritySheet(rows []similarity) sheet {
	s := sheet{name: "table-5", title: "Table 5: how close the training data is to the benchmarks"}
	s.csv.Header = []string{"benchmark", "data", "similarity", "lo", "hi", "published"}
	s.page.Header = []string{"benchmark", "training data", "S(B, D)", "published", "verdict"}
	s.page.Left = []int{1}
	for _, r := range rows {
		s.csv.Add(append(append([]string{r.benchmark, r.data}, r.numbers()...), number(r.published))...)
		s.page.Add(r.benchmark, r.data, r.show(decimals(4)), decimals(4)(r.published), "not comparable")
	}
	s.notes = []string{"S is the mean, over the benchmark's prompts, of the largest cosine similarity to a training prompt. " +
		"The published numbers come from another encoder's vectors and from more votes, so only the rise of S with added data can be compared. Intervals are normal approximations that treat prompts as independent."}
	return s
}

// savingSheet returns table 6: the strong calls that random routing needs, divided by the
// strong calls that the best router needs.
func savingSheet(all []*benchmarkMetrics) sheet {
	s := sheet{name: "table-6", title: "Table 6: strong calls saved against random"}
	s.csv.Header = []string{"benchmark", "router", "per cent of the gap", "ratio", "lo", "hi", "published", "is"}
	s.page.Header = []string{"benchmark", "router", "share of the gap", "ratio", "published", "verdict"}
	s.page.Left = []int{1}
	for i, p := range benchmarks.PublishedSavings() {
		r := all[i]
		m := r.router[best[r.Benchmark.Name]]
		for _, c := range []struct {
			share     float64
			cpt       estimate
			published float64
		}{{0.5, m.cpt50, p.CPT50}, {0.8, m.cpt80, p.CPT80}} {
			ratio := c.cpt.mapDecreasing(func(x float64) float64 { return c.share / x })
			v, name := ratio.against(c.published, high), best[r.Benchmark.Name]
			s.csv.Add(append(append([]string{r.Benchmark.Name, name, number(100 * c.share)}, ratio.numbers()...), number(c.published), string(v))...)
			s.page.Add(r.Benchmark.Title, name, percent(c.share), ratio.show(decimals(2)), decimals(2)(c.published), v.word())
		}
	}
	s.notes = []string{"The ratio is the strong calls that random routing needs for that share of the quality gap, divided by the router's. On GSM8K our router is also trained on gold labels, the published one on the judge's."}
	return s
}

// overheadSheet returns table 7.
func overheadSheet() (sheet, error) {
	s := sheet{name: "table-7", title: "Table 7: what routing costs"}
	rows, err := benchmarks.Overhead()
	if err != nil {
		return s, err
	}
	s.csv.Header = append(rows[0], "is")
	s.page.Header = []string{"router", "prompts per second", "CPU ms per prompt", "published router", "requests per second", "verdict"}
	s.page.Left = []int{3}
	for _, r := range rows[1:] {
		v := notCompared
		if ours, published := parseOrNaN(r[1]), parseOrNaN(r[4]); ours > published {
			v = better
		} else if ours <= published {
			v = worse
		}
		s.csv.Add(append(r, string(v))...)
		page := []string{}
		for _, cell := range append(r, v.word()) {
			if cell == "" {
				cell = "-"
			}
			page = append(page, cell)
		}
		s.page.Add(page...)
	}
	s.notes = []string{"Ours: processor time of `routellm route` on GSM8K's prompts on one core, with the encoder (`make overhead`). " +
		"Published: cloud GPUs, SW ranking on CPUs, with OpenAI's embeddings. The hardware differs, so the verdict compares the two numbers only."}
	return s, nil
}

// parseOrNaN reads a number; it returns NaN for any other cell, such as an empty one.
func parseOrNaN(cell string) float64 {
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// costCut returns a function from the share c of strong calls in [0,1] to the share of the
// cost that routing saves against always calling the strong model.
func costCut(prices []datasets.Price) (func(c float64) float64, error) {
	blend := map[string]float64{}
	for _, p := range prices {
		blend[p.Model] = p.Blend(callInput, callOutput)
	}
	strong, weak := blend["gpt-4-1106-preview"], blend["mixtral-8x7b-instruct-v0.1"]
	if !(strong > 0 && weak > 0) {
		return nil, fmt.Errorf("prices.csv: expected a price for both gpt-4-1106-preview and mixtral-8x7b-instruct-v0.1")
	}
	return func(c float64) float64 { return (1 - c) * (1 - weak/strong) }, nil
}

// The numbers of tokens in the publication's average call.
const callInput, callOutput = 95, 264
