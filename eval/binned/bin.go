package binned

import "math"

// Bin sums up the samples whose scores lie from Min to Max. With weights, all sums are weighted.
type Bin struct {
	Min, Max     float64 // smallest and largest score
	Rows         int64   // number of samples
	N            float64 // sum of the weights; the number of samples without weights
	Strong, Weak float64 // sums of the qualities
	Gain2        float64 // sum of the squared gains
	// Area is the sum, over the bin's samples, of the gain times the size of the bin's samples with
	// smaller scores plus half of those with the same score. It makes areas exact. NaN if it is not
	// known.
	Area float64
}

// gain returns the sum of the gains.
func (b Bin) gain() float64 { return b.Strong - b.Weak }

// single reports whether all samples of the bin have the same score, so that the curve across it is
// the straight line.
func (b Bin) single() bool { return b.Min == b.Max }

// spread returns SS, the sum of the squared deviations of the gains from their mean; 0 for a bin of
// a single score, whose order does not matter.
func (b Bin) spread() float64 {
	if b.single() {
		return 0
	}
	g := b.gain()
	return max(0, b.Gain2-float64(g*g)/b.N)
}

// straight reports whether the curve across the bin is certainly the straight line.
func (b Bin) straight() bool { return b.spread() == 0 }

// chordArea returns the area that the straight line across the bin stands for, in the unit of Area.
func (b Bin) chordArea() float64 { return b.gain() * b.N / 2 }

// areaBound returns the largest possible distance of the exact area from chordArea. For whole
// samples the deviations of the ranks from their mean sum up to N (N^2 - 1)/12 in squares.
func (b Bin) areaBound() float64 {
	squares := b.N * b.N
	if b.N == float64(b.Rows) {
		squares--
	}
	return math.Sqrt(b.spread() * b.N * squares / 12)
}

// crossings returns the smallest and the largest share of the bin at which the curve may first reach
// a height of d above the bin's start, 0 < d. It is the ellipse of all curves that meet the bound:
// (d - g t)^2 = SS n t (1-t) at share t. ok is false if no curve reaches d.
func (b Bin) crossings(d float64) (first, last float64, ok bool) {
	g, r := b.gain(), b.spread()*b.N
	if r == 0 { // straight
		return d / g, d / g, d <= g
	}
	a, h := float64(g*g)+r, 2*d*g+r
	root := float64(r*r) + float64(4*d*(g-d))*r
	if root < 0 || !(h > 0) {
		return 0, 0, false
	}
	root = math.Sqrt(root)
	return min(1, 2*d*d/(h+root)), min(1, (h+root)/(2*a)), true
}

// off returns the largest distance of the curve from the straight line at a share t of the bin.
func (b Bin) off(t float64) float64 { return math.Sqrt(b.spread() * b.N * t * (1 - t)) }
