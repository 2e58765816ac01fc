package plots

import "fmt"

// Difference is for tests of the examples' pictures.
var Difference = difference

// Tolerance is the largest mean difference of pixels that the examples' pictures may have.
const Tolerance = 0.01

// Updating reports whether pictures are written anew.
func Updating() bool { return *update }

// Clashes says which labels of a figure overlap, or leave it.
func Clashes(figure any) []string {
	var c Curves
	switch f := figure.(type) {
	case Curves:
		c = f
	case Reliability:
		c = f.curves()
	case Scatter:
		var err error
		if c, err = f.curves(); err != nil {
			return []string{err.Error()}
		}
	default:
		return []string{fmt.Sprintf("%T: an unknown figure", figure)}
	}
	f, err := DefaultStyle().figure(c)
	if err != nil {
		return []string{err.Error()}
	}
	return clashes(f.layout)
}
