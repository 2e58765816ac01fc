package pool

import (
	"math"
	"sort"
)

// Calls returns the share of the prompts that each model answers at vertices with the given
// lambdas, which fall: one row per lambda and one column per model. weight holds the weight of each
// prompt; nil stands for 1. It takes O(nN log N) time for n prompts, however many lambdas there are.
func (p Predictions) Calls(lambdas, weight []float64) Matrix {
	n, models := p.Quality.Rows(), p.Quality.Columns
	out, total := NewMatrix(len(lambdas), models), 0.0
	if len(lambdas) == 0 {
		return out
	}
	add := func(row int, chosen []int, w float64) {
		for _, m := range chosen {
			out.Row(row)[m] += w / float64(len(chosen))
		}
	}
	var e enveloper
	for i := range n {
		w := 1.0
		if weight != nil {
			w = weight[i]
		}
		total += w
		steps := e.envelope(p.Quality.Row(i), p.costs(i))
		for k, step := range steps {
			row := firstBelow(lambdas, step.from, p.Scores)
			if k > 0 && step.from <= 0 && !p.Scores || row == len(lambdas) {
				break
			}
			if k > 0 {
				add(row, steps[k-1].models, -w)
			}
			add(row, step.models, w)
		}
	}
	for k := range lambdas {
		for m := range models {
			if k > 0 {
				out.Row(k)[m] += out.Row(k - 1)[m]
			}
		}
	}
	for i := range out.Values {
		out.Values[i] = math.Max(0, out.Values[i]/total) // rounding may leave less than nothing
	}
	return out
}

// firstBelow returns the index of the first lambda at whose vertex a breakpoint has been passed. A
// vertex has the highest of the breakpoints that are one within rounding; scores are never one.
func firstBelow(lambdas []float64, breakpoint float64, scores bool) int {
	return sort.Search(len(lambdas), func(k int) bool {
		l := lambdas[k]
		return breakpoint >= l || !scores && !math.IsInf(l, 1) && l-breakpoint <= sameLambda*math.Abs(l)
	})
}
