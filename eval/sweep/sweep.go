// Package sweep walks along operating points: every policy that a router offers as its knob
// turns, from the cheapest to the most expensive. The knob is a threshold for two models and a
// price of quality (lambda) for more. A walk adds up what each turn of the knob changes.
//
// It holds the one walk behind the curves of packages eval and eval/pool.
package sweep

// Events holds the changes along a sweep in the order of the walk. All slices have one entry per
// event. Event k moves one sample from one model to another one, when the knob passes Knob[k].
type Events struct {
	Cluster []int32   // cluster of the event's sample
	Quality []float64 // change of the sample's quality
	Cost    []float64 // change of the sample's cost
	Knob    []float64 // value of the knob, in descending order
	Last    []bool    // whether the event is the last of its block; all events of a block happen at once
}

// Len returns the number of events.
func (e *Events) Len() int { return len(e.Cluster) }

// Vertices returns the number of blocks plus one, the number of vertices of a walk.
func (e *Events) Vertices() int {
	n := 1
	for _, last := range e.Last {
		if last {
			n++
		}
	}
	return n
}

// Sums writes the summed cost and quality at each vertex to cost and quality, which must have
// [Events.Vertices] elements: first the start's, then those after each block. weight[c] is the
// number of times that cluster c is drawn; nil stands for once.
func (e *Events) Sums(cost, quality []float64, startCost, startQuality float64, weight []int32) {
	c, q, at := startCost, startQuality, 1
	cost[0], quality[0] = c, q
	for k, id := range e.Cluster {
		w := 1.0
		if weight != nil {
			w = float64(weight[id])
		}
		q += float64(w * e.Quality[k])
		c += float64(w * e.Cost[k])
		if e.Last[k] {
			cost[at], quality[at] = c, q
			at++
		}
	}
}
