package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
)

// publishedNames are the publication's names of our routers.
var publishedNames = map[string]string{"mf": "matrix factorization", "sw_ranking": "SW ranking", "bert": "BERT", "causal_llm": "causal LLM"}

// partner is the published result that ours is compared with: the same router, trained on
// the same kind of data; for a router that the publication does not have, its best one.
// There is none for labels that the publication did not use on the benchmark.
func partner(router, benchmark string, published []benchmarks.PublishedResult) benchmarks.PublishedResult {
	family, variant, _ := strings.Cut(router, "@")
	data, found := "augmented", noResult
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

// noResult is a published result that there is not.
var noResult = benchmarks.PublishedResult{APGR: math.NaN(), CPT50: math.NaN(), CPT80: math.NaN()}

var resultColumns = []string{
	"router", "apgr", "apgr_lo", "apgr_hi", "apgr_published", "apgr_is",
	"cpt50", "cpt50_lo", "cpt50_hi", "cpt50_published", "cpt50_is",
	"cpt80", "cpt80_lo", "cpt80_hi", "cpt80_published", "cpt80_is",
	"improvement", "published_router", "published_data",
}

// resultSheet is one of the publication's tables 1 to 3.
func resultSheet(number int, r *resampled) sheet {
	s := sheet{name: fmt.Sprintf("table-%d", number), title: fmt.Sprintf("Table %d: %s, %s samples", number, r.Benchmark.Title, r.N)}
	s.csv.Header = resultColumns
	s.page.Header = []string{"router", "APGR", "published", "is", "CPT50", "published", "is", "CPT80", "published", "is", "improvement"}
	published, seen := benchmarks.Published(), []benchmarks.PublishedResult{}
	for _, p := range panelsOf(r.Benchmark.Name) {
		for _, name := range r.pick(slices.Concat(p.routers, p.more)) {
			twin := partner(name, r.Benchmark.Name, published)
			seen = append(seen, twin)
			s.addResult(name, r.router[name], twin)
		}
	}
	s.addResult("random", r.random, noResult)
	for _, p := range published {
		if p.Benchmark == r.Benchmark.Name && !slices.Contains(seen, p) {
			s.addResult("(none) "+p.Router+", "+p.Data, missing, p)
		}
	}
	s.notes = []string{"(none): published, and no router of ours is like it. knn is compared with the publication's best; " +
		"of labels that the publication did not use here there is nothing to compare with. random's interval for APGR is exact."}
	return s
}

// missing is a router that we do not have.
var missing = measured{apgr: nothing, cpt50: nothing, cpt80: nothing}

func (s *sheet) addResult(name string, m measured, p benchmarks.PublishedResult) {
	gain := func(x float64) string { return orWords(x, fmt.Sprintf("%+.1f %%", 100*(x-0.5)/0.5)) }
	row, page := []string{name}, []string{name}
	for _, c := range []struct {
		ours      estimate
		published float64
		good      direction
		show      shower
	}{{m.apgr, p.APGR, high, decimals(3)}, {m.cpt50, p.CPT50, low, percent}, {m.cpt80, p.CPT80, low, percent}} {
		v := c.ours.against(c.published, c.good)
		row = append(append(row, c.ours.numbers()...), number(c.published), string(v))
		page = append(page, c.ours.show(c.show), c.show(c.published), v.word())
	}
	s.csv.Add(append(row, number((m.apgr.value-0.5)/0.5), p.Router, p.Data)...)
	s.page.Add(append(page, gain(m.apgr.value))...)
}

// pairSheet is table 4: other pairs of models, compared with luck, as there are published
// results of one of them on another benchmark only.
func pairSheet(pairs []*resampled) sheet {
	s := sheet{name: "table-4", title: "Table 4: other pairs of models, without retraining"}
	s.csv.Header = []string{"benchmark", "strong", "weak", "router", "apgr", "apgr_lo", "apgr_hi", "against_random", "cpt50", "cpt50_lo", "cpt50_hi", "cpt80", "cpt80_lo", "cpt80_hi"}
	s.page.Header = []string{"pair", "router", "APGR", "against random", "CPT50", "CPT80"}
	add := func(pair string, b []string, router string, m measured, v verdict) {
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
		add(Pairs()[i].Title, slices.Clone(b), "random", r.random, noPartner)
	}
	for _, p := range benchmarks.PublishedPair() {
		point := func(x float64) estimate { e := nothing; e.value = x; return e }
		m := measured{apgr: point(p.APGR), cpt50: point(p.CPT50), cpt80: point(p.CPT80)}
		add("published, on MT Bench: Claude 3 Opus / Llama 3 8B", []string{"mt-bench", "Claude 3 Opus", "Llama 3 8B"}, "published "+p.Router, m, noPartner)
	}
	s.page.Left = []int{1}
	s.notes = []string{"The published rows are on MT Bench and do not compare with ours, which are compared with random, 0.5."}
	return s
}
