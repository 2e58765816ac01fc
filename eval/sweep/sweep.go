// Package sweep walks along operating points: every policy that a router offers as its knob
// turns, from the cheapest to the most expensive. The knob is a threshold for two models and a
// price of quality (lambda) for more. A walk adds up what each turn of the knob changes.
//
// It holds the walks behind the curves of package eval/pool, and behind resamples of one or more models.
package sweep

// Events holds the changes along a sweep in the order of the walk. All slices have one entry per
// event. Event k moves one sample from one model to another one, when the knob passes Knob[k].
type Events struct {
	Cluster []int32   // cluster of the event's sample
	Quality []float64 // change of the sample's quality
	Cost    []float64 // change of the sample's cost
	Knob    []float64 // value of the knob, in descending order; nil if nobody asks for it
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
