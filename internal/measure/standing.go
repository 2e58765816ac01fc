package measure

import (
	"slices"

	"github.com/routellm/routellm/results"
)

// rank sets the standing of each router: best for the largest area under the curve, level
// if it is not significantly different from the best, or else behind. A single router is
// not compared.
func (b *Benchmark) rank(level func(r, best *router) bool) {
	contenders := slices.DeleteFunc(b.ranked(), func(r *router) bool { return r.isOracle })
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
			r.Standing = results.Best
		case level(r, best):
			r.Standing = results.Level
		default:
			r.Standing = results.Behind
		}
	}
}
