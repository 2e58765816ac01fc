package plots

// Difference returns the mean difference of two pictures' pixels.
var Difference = difference

// Tolerance is the largest mean difference of pixels allowed for the examples' pictures.
const Tolerance = 0.01

// Updating reports whether the flag -update asks to rewrite the pictures in testdata.
func Updating() bool { return *update }

// Clashes returns one message per label of a figure that overlaps another or leaves the
// figure.
func Clashes(drawn Figure) []string {
	f, err := DefaultStyle().figure(drawn)
	if err != nil {
		return []string{err.Error()}
	}
	return clashes(f)
}
