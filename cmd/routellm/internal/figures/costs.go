package figures

import (
	"fmt"
	"math"
	"strconv"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
)

// similaritySheet is table 5.
func similaritySheet(rows []similarity) sheet {
	s := sheet{name: "table-5", title: "Table 5: how close the training data is to the benchmarks"}
	s.csv.Header = []string{"benchmark", "data", "similarity", "lo", "hi", "published"}
	s.page.Header = []string{"benchmark", "training data", "S(B, D)", "published", "is"}
	s.page.Left = []int{1}
	for _, r := range rows {
		s.csv.Add(append(append([]string{r.benchmark, r.data}, r.numbers()...), number(r.published))...)
		s.page.Add(r.benchmark, r.data, r.show(decimals(4)), decimals(4)(r.published), "not comparable")
	}
	s.notes = []string{"S is the mean over the benchmark's prompts of the largest cosine to a training prompt. " +
		"The published numbers are of another encoder's vectors and of more votes: only that S rises with what is added compares. The intervals are normal ones, prompts taken as independent."}
	return s
}

// savingSheet is table 6: how many times more strong calls random needs than the best
// router.
func savingSheet(all []*resampled) sheet {
	s := sheet{name: "table-6", title: "Table 6: strong calls saved against random"}
	s.csv.Header = []string{"benchmark", "router", "per cent of the gap", "ratio", "lo", "hi", "published", "is"}
	s.page.Header = []string{"benchmark", "router", "of the gap", "ratio", "published", "is"}
	s.page.Left = []int{1}
	for i, p := range benchmarks.PublishedSavings() {
		r := all[i]
		m := r.router[best[r.Benchmark.Name]]
		for _, c := range []struct {
			share     float64
			cpt       estimate
			published float64
		}{{0.5, m.cpt50, p.CPT50}, {0.8, m.cpt80, p.CPT80}} {
			ratio := c.cpt.falling(func(x float64) float64 { return c.share / x })
			v, name := ratio.against(c.published, high), best[r.Benchmark.Name]
			s.csv.Add(append(append([]string{r.Benchmark.Name, name, number(100 * c.share)}, ratio.numbers()...), number(c.published), string(v))...)
			s.page.Add(r.Benchmark.Title, name, percent(c.share), ratio.show(decimals(2)), decimals(2)(c.published), v.word())
		}
	}
	s.notes = []string{"On GSM8K our router is trained on golden labels too, the published one on the judge's."}
	return s
}

// overheadSheet is table 7.
func overheadSheet() (sheet, error) {
	s := sheet{name: "table-7", title: "Table 7: what routing costs"}
	rows, err := benchmarks.Overhead()
	if err != nil {
		return s, err
	}
	s.csv.Header = append(rows[0], "is")
	s.page.Header = []string{"router", "prompts a second", "CPU ms a prompt", "published router", "requests a second", "is"}
	s.page.Left = []int{3}
	for _, r := range rows[1:] {
		v := noPartner
		if ours, published := parse(r[1]), parse(r[4]); ours > published {
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
	s.notes = []string{"Ours: processor time of `routellm route` on GSM8K's prompts, one core, encoder included (`make overhead`). " +
		"Published: cloud GPUs, SW ranking on CPUs, OpenAI's embeddings included. Other hardware: \"is\" compares the two numbers and no more."}
	return s, nil
}

// parse is NaN for an empty cell.
func parse(cell string) float64 {
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// costCut is the share of always-strong's cost that is saved where a share c of the calls
// goes to the strong model.
func costCut(prices []datasets.Price) (func(c float64) float64, error) {
	blend := map[string]float64{}
	for _, p := range prices {
		blend[p.Model] = p.Blend(callInput, callOutput)
	}
	strong, weak := blend["gpt-4-1106-preview"], blend["mixtral-8x7b-instruct-v0.1"]
	if !(strong > 0 && weak > 0) {
		return nil, fmt.Errorf("prices.csv: no price of both models of the pair")
	}
	return func(c float64) float64 { return (1 - c) * (1 - weak/strong) }, nil
}

// The publication's tokens of an average call.
const callInput, callOutput = 95, 264
