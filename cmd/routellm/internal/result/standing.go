package result

import "slices"

// Standing is a router's place among those of its benchmark.
type Standing string

// The best has the largest area under its curve. Level with it are those of which the
// interval of the paired difference holds 0.
const (
	Best        Standing = "best"
	Level       Standing = "level"
	Behind      Standing = "behind"
	NotCompared Standing = "not compared"
)

// rank finds the router with the largest area under its curve, and which others cannot be
// told from it. One contender alone is not compared.
func (b *Benchmark) rank(level func(r, best *Router) bool) {
	contenders := slices.DeleteFunc(b.scored(), func(r *Router) bool { return r.Oracle })
	if len(contenders) < 2 {
		return
	}
	best := contenders[0]
	for _, r := range contenders {
		if r.Metrics.AUC.Value > best.Metrics.AUC.Value {
			best = r
		}
	}
	for _, r := range contenders {
		switch {
		case r == best:
			r.Standing = Best
		case level(r, best):
			r.Standing = Level
		default:
			r.Standing = Behind
		}
	}
}
