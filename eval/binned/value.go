package binned

import (
	"math"
	"sort"

	"github.com/routellm/routellm/eval"
)

var nan = math.NaN()

// Value is a number of a summary and the range that the exact number, of the samples themselves,
// certainly lies in. In an exact number both ends are the value. All are NaN if it does not exist.
type Value struct{ Value, Lo, Hi float64 }

// Exact reports whether the value is exact, up to rounding, or does not exist.
func (v Value) Exact() bool { return v.Lo == v.Hi || math.IsNaN(v.Lo) }

// exactly returns an exact value.
func exactly(x float64) Value { return Value{x, x, x} }

// Curve returns the curve through the edges of the bins, where it is exact. See [eval.NewBlockCurve].
func (s *Summary) Curve() *eval.Curve { return s.curve }

// total returns the sizes of all bins and G, the sum of all gains.
func (s *Summary) total() (n, gain float64) {
	for _, b := range s.Bins {
		n += b.N
		gain += b.gain()
	}
	return n, gain
}

// areaOff returns how much larger than the curve's the exact area under the summed gain is, over N:
// what the areas of bins say, and the bound where there are none.
func (s *Summary) areaOff() (off, bound float64) {
	n, _ := s.total()
	for _, b := range s.Bins {
		switch {
		case b.straight():
		case !math.IsNaN(b.Area):
			off += b.Area - b.chordArea()
		default:
			bound += b.areaBound()
		}
	}
	return off / n, bound / n
}

// around returns the value of a curve's area plus what the bins tell of the exact one, in units of
// scale.
func (s *Summary) around(x, scale float64) Value {
	off, bound := s.areaOff()
	x, bound = x+off/scale, math.Abs(bound/scale)
	return Value{x, x - bound, x + bound}
}

// APGR returns the average performance gap recovered; NaN if the gap is 0. See [eval.Curve.APGR].
func (s *Summary) APGR() Value {
	_, gain := s.total()
	return s.around(s.curve.APGR(), gain)
}

// AUC returns the area under quality over the strong fraction. See [eval.Curve.AUC].
func (s *Summary) AUC() Value {
	n, _ := s.total()
	return s.around(s.curve.AUC(), n)
}

// AreaOverRandom returns the AUC minus that of the random line. See [eval.Curve.AreaOverRandom].
func (s *Summary) AreaOverRandom() Value {
	n, _ := s.total()
	return s.around(s.curve.AreaOverRandom(), n)
}

// CPT returns the smallest strong fraction that recovers percent per cent of the gap; NaN if the
// strong model is not better. See [eval.Curve.CPT].
func (s *Summary) CPT(percent float64) Value {
	_, gain := s.total()
	if !(gain > 0) {
		return exactly(nan)
	}
	return s.reached(s.curve.CPT(percent).Value, percent*gain/100)
}

// FractionFor returns the smallest strong fraction at which the quality is reached. Hi is +Inf if the
// exact curve may never reach it, and all are NaN if it cannot. See [eval.Curve.FractionFor].
func (s *Summary) FractionFor(quality float64) Value {
	n, _ := s.total()
	return s.reached(s.curve.FractionFor(quality), (quality-s.curve.Weak)*n)
}

// reached returns the strong fraction at which the curve first reaches a summed gain, given the value
// on the chords. The range has the first and the last place at which the exact curve can reach it.
func (s *Summary) reached(value, target float64) Value {
	if target <= 0 {
		return exactly(0)
	}
	n, _ := s.total()
	lo, hi, at, height := nan, math.Inf(1), 0.0, 0.0
	for i, b := range s.Bins {
		end := s.curve.GainAt(i + 1)
		if first, last, ok := b.crossings(target - height); ok {
			if math.IsNaN(lo) {
				lo = (at + first*b.N) / n
			}
			if end >= target {
				hi = (at + last*b.N) / n
				break
			}
		}
		at, height = at+b.N, end
	}
	switch {
	case math.IsNaN(lo) || !(lo < hi): // never reached, or on a straight line
		return exactly(value)
	case math.IsNaN(value):
		return Value{value, lo, hi}
	case math.IsInf(hi, 1): // the target is the end of the curve, but for rounding
		hi = value
	}
	return Value{value, min(lo, value), max(hi, value)}
}

// QualityAt returns the quality at a strong fraction; NaN outside [0,1]. See [eval.Curve.QualityAt].
func (s *Summary) QualityAt(fraction float64) Value {
	value := s.curve.QualityAt(fraction)
	if math.IsNaN(value) {
		return exactly(value)
	}
	n, _ := s.total()
	i, share := s.at(fraction * n)
	off := s.Bins[i].off(share) / n
	return Value{value, value - off, value + off}
}

// at returns the bin that holds a place along the curve, and the share of the bin before it.
func (s *Summary) at(place float64) (bin int, share float64) {
	n, _ := s.total()
	end := func(i int) float64 { return s.curve.Vertices[i+1].StrongFraction * n }
	bin = min(sort.Search(len(s.Bins), func(i int) bool { return end(i) >= place }), len(s.Bins)-1)
	return bin, min(1, max(0, 1-(end(bin)-place)/s.Bins[bin].N))
}
