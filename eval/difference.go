package eval

import "math"

// DifferenceInterval returns the confidence interval of a - b from those of two independent estimates, at
// the same confidence: each end adds the squared distances from the estimates to the ends of their
// intervals (variance estimates recovery: Zou and Donner 2008, Statistics in Medicine 27, section 2;
// for shares it is Newcombe's 1998 method 10). It is NaN if one of the intervals is.
func DifferenceInterval(a, b float64, ofA, ofB Interval) Interval {
	d := a - b
	return Interval{Lo: d - math.Hypot(a-ofA.Lo, ofB.Hi-b), Hi: d + math.Hypot(ofA.Hi-a, b-ofB.Lo)}
}
