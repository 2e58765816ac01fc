package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
)

// publishedNames maps our routers to the publication's names for them.
var publishedNames = map[string]string{"mf": "matrix factorization", "sw_ranking": "SW ranking", "bert": "BERT", "causal_llm": "causal LLM"}

// counterpart returns the published result to compare ours with: the same router, trained
// on the same kind of data. For a router that the publication lacks it returns the
// published router with the largest APGR; for labels that the publication did not use on
// the benchmark it returns unpublished.
func counterpart(router, benchmark string, published []benchmarks.PublishedResult) benchmarks.PublishedResult {
	family, variant, _ := strings.Cut(router, "@")
	data, found := "augmented", unpublished
	switch variant {
	case "", augmentation[benchmark]:
	case "arena":
		data = "arena"
	default:
		return found
	}
	for _, p := range published {
		switch {
		case p.Benchmark != benchmark || p.Data != data:
		case publishedNames[family] == p.Router:
			return p
		case publishedNames[family] == "" && !(p.APGR <= found.APGR):
			found = p
		}
	}
	return found
}

// unpublished stands for a published result that does not exist.
var unpublished = benchmarks.PublishedResult{APGR: math.NaN(), CPT50: math.NaN(), CPT80: math.NaN()}

var resultColumns = []string{
	"router", "apgr", "apgr_lo", "apgr_hi", "apgr_published", "apgr_is",
	"cpt50", "cpt50_lo", "cpt50_hi", "cpt50_published", "cpt50_is",
	"cpt80", "cpt80_lo", "cpt80_hi", "cpt80_published", "cpt80_is",
	"improvement", "published_router", "published_data",
}

// resultSheet returns table 1, 2 or 3: the results on one benchmark.
func resultSheet(number int, r *benchmarkMetrics) sheet {
	s := sheet{name: fmt.Sprintf("table-%d", number), title: fmt.Sprintf("Table %d: %s, %s samples", number, r.Benchmark.Title, r.N)}
	s.csv.Header = resultColumns
	s.page.Header = []string{"router", "APGR", "published", "verdict", "CPT50", "published", "verdict", "CPT80", "published", "verdict", "improvement"}
	published, seen := benchmarks.Published(), []benchmarks.PublishedResult{}
	for _, p := range panelsOf(r.Benchmark.Name) {
		for _, name := range r.pick(slices.Concat(p.routers, p.more)) {
			theirs := counterpart(name, r.Benchmark.Name, published)
			seen = append(seen, theirs)
			s.addResult(name, r.router[name], theirs)
		}
	}
	s.addResult("random", r.random, unpublished)
	for _, p := range published {
		if p.Benchmark == r.Benchmark.Name && !slices.Contains(seen, p) {
			s.addResult("(none) "+p.Router+", "+p.Data, noRouter, p)
		}
	}
	s.notes = []string{"(none): a published router without a counterpart of ours. knn is compared with the publication's best router; " +
		"routers with labels that the publication did not use here are compared with none. The improvement is APGR's, relative to random routing. The interval of random's APGR is exact."}
	return s
}

// noRouter stands for a router that we do not have.
var noRouter = routerMetrics{apgr: point(math.NaN()), cpt50: point(math.NaN()), cpt80: point(math.NaN())}

func (s *sheet) addResult(name string, m routerMetrics, p benchmarks.PublishedResult) {
	gain := func(x float64) string { return orWords(x, fmt.Sprintf("%+.1f %%", 100*(x-0.5)/0.5)) }
	row, page := []string{name}, []string{name}
	for _, c := range []struct {
		ours      estimate
		published float64
		good      direction
		show      formatter
	}{{m.apgr, p.APGR, high, decimals(3)}, {m.cpt50, p.CPT50, low, percent}, {m.cpt80, p.CPT80, low, percent}} {
		v := c.ours.against(c.published, c.good)
		row = append(append(row, c.ours.numbers()...), number(c.published), string(v))
		page = append(page, c.ours.show(c.show), c.show(c.published), v.word())
	}
	s.csv.Add(append(row, number((m.apgr.value-0.5)/0.5), p.Router, p.Data)...)
	s.page.Add(append(page, gain(m.apgr.value))...)
}

// pairSheet returns table 4: other pairs of models. They are compared with random routing,
// as the publication has results for only one of them, on another benchmark.
func pairSheet(pairs []*benchmarkMetrics) sheet {
	s := sheet{name: "table-4", title: "Table 4: other pairs of models, without retraining"}
	s.csv.Header = []string{"benchmark", "strong", "weak", "router", "apgr", "apgr_lo", "apgr_hi", "against_random", "cpt50", "cpt50_lo", "cpt50_hi", "cpt80", "cpt80_lo", "cpt80_hi"}
	s.page.Header = []string{"pair", "router", "APGR", "against random", "CPT50", "CPT80"}
	add := func(pair string, b []string, router string, m routerMetrics, v standing) {
		row := append(append(b, router), m.apgr.numbers()...)
		s.csv.Add(append(append(append(row, string(v)), m.cpt50.numbers()...), m.cpt80.numbers()...)...)
		s.page.Add(pair, router, m.apgr.show(decimals(3)), v.word(), m.cpt50.show(percent), m.cpt80.show(percent))
	}
	for i, r := range pairs {
		b := []string{r.Benchmark.Name, r.Benchmark.Pair.Strong, r.Benchmark.Pair.Weak}
		for _, name := range r.Routers {
			m := r.router[name]
			add(Pairs()[i].Title, slices.Clone(b), name, m, m.apgr.against(0.5, high))
		}
		add(Pairs()[i].Title, slices.Clone(b), "random", r.random, notCompared)
	}
	for _, p := range benchmarks.PublishedPair() {

		m := routerMetrics{apgr: point(p.APGR), cpt50: point(p.CPT50), cpt80: point(p.CPT80)}
		add("published, on MT Bench: Claude 3 Opus / Llama 3 8B", []string{"mt-bench", "Claude 3 Opus", "Llama 3 8B"}, "published "+p.Router, m, notCompared)
	}
	s.page.Left = []int{1}
	s.notes = []string{"Our routers are compared with random routing, whose APGR is 0.5. The published rows are on MT Bench and cannot be compared with ours."}
	return s
}
