package measure

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// field holds the routers that a benchmark's verdicts are about.
type field struct {
	routers []*router      // those that can be the best, then those that only decide
	ranked  int            // number of routers that can be the best
	pairs   []eval.Pairing // every comparison that is shown, by index in routers
}

// field returns the routers with verdicts. Those that only decide have no curve to compare
// with others, but are compared with random.
func (b *Benchmark) field() field {
	f := field{routers: slices.DeleteFunc(b.ranked(), func(r *router) bool { return r.isOracle })}
	f.ranked = len(f.routers)
	for _, r := range b.routers {
		if r.Point != nil && r.scores != nil {
			f.routers = append(f.routers, r)
		}
	}
	f.pairs = append(eval.AllPairs(f.ranked), eval.AgainstRandom(len(f.routers))...)
	return f
}

// judge sets each router's test against random, its standing, and the interval of the best
// one, from one test per pair. widening is the factor by which the best one's interval grows
// because it was chosen.
func (b *Benchmark) judge(f field, tests []eval.Tested, confidence, widening float64) {
	found := make(map[eval.Pairing]eval.Tested, len(tests))
	for h, p := range f.pairs {
		found[p] = tests[h]
	}
	best := -1
	for k, r := range f.routers {
		r.AgainstRandom = results.NewTest(found[eval.Pairing{A: k, B: eval.RandomRouter}], confidence)
		r.Warnings = append(r.Warnings, RandomWarnings(*r.AgainstRandom, "")...)
		better := r.AgainstRandom.Verdict == string(eval.Better)
		if k < f.ranked && better && (best < 0 || r.Metrics.AUC.Value > f.routers[best].Metrics.AUC.Value) {
			best = k
		}
	}
	if f.ranked < 2 || best < 0 {
		return
	}
	for k, r := range f.routers[:f.ranked] {
		if k == best {
			r.Standing, r.AsBest = results.Best, r.chosenOf(f.ranked, widening)
			continue
		}
		t := found[eval.Pairing{A: min(k, best), B: max(k, best)}]
		if k > best {
			t.Value = -t.Value
		}
		r.AgainstBest, r.Standing = results.NewTest(t, confidence), results.Level
		if r.AgainstBest.Verdict == string(eval.Worse) {
			r.Standing = results.Behind
		}
	}
}

// chosenOf returns the router's interval as the best of n, nil if it has none.
func (r *router) chosenOf(n int, widening float64) *results.Chosen {
	name, m := "apgr", r.Metrics.APGR
	if !r.measurable() {
		name, m = "area_over_random", r.Metrics.AreaOverRandom
	}
	if !m.Lo.Exists() || !m.Hi.Exists() || math.IsInf(widening, 1) {
		return nil
	}
	i := eval.Interval{Lo: float64(m.Lo), Hi: float64(m.Hi)}.Widen(float64(m.Value), widening)
	return &results.Chosen{Routers: n, Metric: name, Lo: results.Value(i.Lo), Hi: results.Value(i.Hi)}
}
