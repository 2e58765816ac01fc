package plots

import (
	"gonum.org/v1/plot/vg"
)

// section is a part of the vertical axis: displayed values from lo to hi at heights from bottom to
// top.
type section struct {
	lo, hi      float64
	bottom, top vg.Length
}

// at returns the height of a displayed value, which may lie outside the section.
func (s section) at(v float64) vg.Length {
	return s.bottom + vg.Length((v-s.lo)/(s.hi-s.lo))*(s.top-s.bottom)
}

// The lower part of a broken axis fills lowerShare of it, breakGap points are blank, and the upper
// part fills the rest.
const (
	lowerShare = 0.88
	breakGap   = 9
)

// split returns the parts of the vertical axis in a data area that is height high and begins at 0.
// Both parts of a broken axis have the same scale.
func (a axis) split(height, unit vg.Length) []section {
	if !a.broken() {
		return []section{{a.min, a.max, 0, height}}
	}
	top := lowerShare * height
	bottom := top + breakGap*unit
	span := (a.max - a.min) / float64(top) * float64(height-bottom)
	end := a.limit + 0.3*span
	return []section{{a.min, a.max, 0, top}, {end - span, end, bottom, height}}
}

// broken reports whether the axis has an upper part for a limit.
func (a axis) broken() bool { return a.limit > a.max }
