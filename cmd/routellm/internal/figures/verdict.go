package figures

import "math"

// A verdict compares an estimate with a point.
type verdict string

const (
	better    verdict = "better"
	worse     verdict = "worse"
	unclear   verdict = "not distinguishable"
	noPartner verdict = "" // nothing to compare with
)

// direction says which values are good.
type direction int

const (
	high direction = 1
	low  direction = -1
)

// against compares with a published value, which is a point: its own error is not known,
// and it was measured on nearly the same questions. Ours is better or worse if its whole
// interval is on one side of the point, and not distinguishable if the point is inside,
// or if there is no interval.
func (e estimate) against(published float64, good direction) verdict {
	switch {
	case math.IsNaN(e.value) || math.IsNaN(published):
		return noPartner
	case e.Lo > published:
		return map[direction]verdict{high: better, low: worse}[good]
	case e.Hi < published:
		return map[direction]verdict{high: worse, low: better}[good]
	}
	return unclear
}
