package plots

import "math"

// thinParts is the number of parts into which thin divides a curve. It keeps four points of
// each.
const thinParts = 250

// thin divides a curve into parts of equal length and returns the first, lowest, highest and
// last point of each. Parts of equal width, as in Jugel et al. ("M4", VLDB 2014), would
// straighten a curve where it is steep.
func thin(ps []Point) []Point {
	if len(ps) <= 4*thinParts {
		return ps
	}
	along := lengthsAlong(ps)
	part := func(i int) int {
		return min(int(along[i]/along[len(ps)-1]*thinParts), thinParts-1)
	}
	var kept []Point
	for start := 0; start < len(ps); {
		end := start + 1
		for end < len(ps) && part(end) == part(start) {
			end++
		}
		kept = append(kept, extremes(ps[start:end])...)
		start = end
	}
	return kept
}

// lengthsAlong returns the length of the curve up to each point: the horizontal plus the
// vertical distances, each as a share of the figure's range. It starts slightly above 0, so
// that its last value can be a divisor.
func lengthsAlong(ps []Point) []float64 {
	low, high := ps[0].Quality, ps[0].Quality
	for _, p := range ps {
		low, high = min(low, p.Quality), max(high, p.Quality)
	}
	span := max(high-low, math.SmallestNonzeroFloat64)
	along := make([]float64, len(ps))
	along[0] = 1e-9
	for i := 1; i < len(ps); i++ {
		right, up := ps[i].StrongFraction-ps[i-1].StrongFraction, math.Abs(ps[i].Quality-ps[i-1].Quality)
		along[i] = along[i-1] + right + up/span
	}
	return along
}

// extremes returns the first, lowest, highest and last point in their order, each once.
func extremes(ps []Point) []Point {
	lo, hi, last := 0, 0, len(ps)-1
	for i, p := range ps {
		if p.Quality < ps[lo].Quality {
			lo = i
		}
		if p.Quality > ps[hi].Quality {
			hi = i
		}
	}
	kept := ps[:1:1]
	prev := 0
	for _, i := range []int{min(lo, hi), max(lo, hi), last} {
		if i > prev {
			kept, prev = append(kept, ps[i]), i
		}
	}
	return kept
}
