package figures

import "math"

// A standing says how an estimate compares with a point.
type standing string

const (
	better      standing = "better"
	worse       standing = "worse"
	unclear     standing = "not distinguishable"
	notCompared standing = "" // one of the two does not exist
)

// direction says whether high or low values are good.
type direction int

const (
	high direction = 1
	low  direction = -1
)

// against compares an estimate with a published value. The published value is taken as a
// point: its error is unknown, and it was measured on nearly the same questions. Ours is
// better or worse if the whole interval is on one side of the point, and unclear if the
// point is inside or there is no interval.
func (e estimate) against(published float64, good direction) standing {
	switch {
	case math.IsNaN(e.value) || math.IsNaN(published):
		return notCompared
	case e.Lo > published:
		return map[direction]standing{high: better, low: worse}[good]
	case e.Hi < published:
		return map[direction]standing{high: worse, low: better}[good]
	}
	return unclear
}
