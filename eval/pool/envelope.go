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

// enveloper finds the upper envelopes of prompts, one at a time, and reuses its memory.
type enveloper struct {
	order []int // models by cost, then by falling quality
	hull  []reign
}

// envelope returns which models are chosen for one prompt as lambda falls from +Inf to -Inf: the
// upper envelope of the lines p - lambda k. Of models with equal cost only the best are ever
// chosen. The result is valid until the next call. It takes O(N log N) time.
func (e *enveloper) envelope(p, k []float64) []reign {
	e.sort(p, k)
	e.hull = e.hull[:0]
	for at := 0; at < len(e.order); {
		first, end := e.order[at], at+1
		for end < len(e.order) && k[e.order[end]] == k[first] && p[e.order[end]] == p[first] {
			end++
		}
		models, from := e.order[at:end], math.Inf(1)
		for ; len(e.hull) > 0; e.hull, from = e.hull[:len(e.hull)-1], math.Inf(1) {
			last := e.hull[len(e.hull)-1]
			from = (p[first] - p[last.models[0]]) / (k[first] - k[last.models[0]])
			if from < last.from {
				break
			}
		}
		e.hull = append(e.hull, reign{from, models})
		for at = end; at < len(e.order) && k[e.order[at]] == k[first]; { // as dear and not as good
			at++
		}
	}
	return e.hull
}

// sort orders the models by cost, then by falling quality.
func (e *enveloper) sort(p, k []float64) {
	e.order = e.order[:0]
	for m := range p {
		e.order = append(e.order, m)
	}
	slices.SortStableFunc(e.order, func(a, b int) int { return cmp.Or(cmp.Compare(k[a], k[b]), cmp.Compare(p[b], p[a])) })
}

// share returns the mean of the models' values.
func share(values []float64, models []int) float64 {
	s := 0.0
	for _, m := range models {
		s += values[m]
	}
	return s / float64(len(models))
}
