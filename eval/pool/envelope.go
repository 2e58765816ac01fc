package pool

import (
	"cmp"
	"math"
	"slices"
)

// reign is a stretch of lambda over which the same models are chosen for a prompt.
type reign struct {
	from   float64 // lambda below which the models are chosen; +Inf for the first ones
	models []int   // models that share the prompt equally; more than one only for equal predictions
}

// line is one line p - lambda k of the upper envelope, with all models that share it.
type line struct {
	k, p   float64
	models []int
}

// envelope returns which models are chosen for one prompt as lambda falls from +Inf to -Inf: the
// upper envelope of the lines p - lambda k. Of models with equal cost only the best are ever
// chosen. It takes O(N log N) time.
func envelope(p, k []float64) []reign {
	var hull []reign
	var top []line
	for _, l := range lines(p, k) {
		from := math.Inf(1)
		for len(hull) > 0 {
			last := top[len(top)-1]
			from = (l.p - last.p) / (l.k - last.k)
			if from < hull[len(hull)-1].from {
				break
			}
			hull, top, from = hull[:len(hull)-1], top[:len(top)-1], math.Inf(1)
		}
		hull, top = append(hull, reign{from, l.models}), append(top, l)
	}
	return hull
}

// lines returns one line per distinct cost, by ascending cost.
func lines(p, k []float64) []line {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(k[a], k[b]), cmp.Compare(p[b], p[a])) })
	var out []line
	for _, m := range order {
		switch last := len(out) - 1; {
		case last < 0 || out[last].k != k[m]:
			out = append(out, line{k[m], p[m], []int{m}})
		case out[last].p == p[m]:
			out[last].models = append(out[last].models, m)
		}
	}
	return out
}

// share returns the mean of the models' values.
func share(values []float64, models []int) float64 {
	s := 0.0
	for _, m := range models {
		s += values[m]
	}
	return s / float64(len(models))
}
