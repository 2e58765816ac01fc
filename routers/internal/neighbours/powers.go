package neighbours

import "math"

// lanes is the number of values that one instruction of tile's kind takes.
const lanes = 4

// project writes the products over the vectors' lengths to values.
func (b *block) project(_ int, dots []float32) { b.largest = project(dots, b.m.inverse, b.values) }

// projectGo writes dots times inverse to out and returns the largest product, at least 0. It is the
// plain version of projectAVX2.
func projectGo(dots []float32, inverse, out []float64) (largest float64) {
	for j, dot := range dots {
		v := float64(dot) * inverse[j]
		out[j] = v
		if v > largest {
			largest = v
		}
	}
	return largest
}

// Powers replaces each x by factor * 2^(scale x), where scale x is at most 1000. What is below -1000,
// and NaN, counts as -1000. The power's relative error is at most 2^-52, plus 2^-53 |scale x| from
// rounding the exponent. All machines compute the same bits.
func Powers(x []float64, scale, factor float64) { powers(x, scale, factor) }

// leastPower is the smallest exponent.
const leastPower = -1000

// taylor holds the coefficients of 2^r = exp(r ln 2), the highest power first. For |r| <= 1/2 the
// next one adds less than 2^-52.
var taylor = func() (c [13]float64) {
	c[12] = 1
	for i := 11; i >= 0; i-- {
		c[i] = c[i+1] * math.Ln2 / float64(12-i)
	}
	return c
}()

// powersGo does what Powers does: it replaces powersAVX2 where that cannot run.
func powersGo(x []float64, scale, factor float64) {
	for i, v := range x {
		t := scale * v
		if !(t > leastPower) {
			t = leastPower
		}
		whole := math.RoundToEven(t)
		r := t - whole
		p := taylor[0]
		for _, c := range taylor[1:] {
			p = math.FMA(p, r, c)
		}
		x[i] = math.Float64frombits(math.Float64bits(p)+uint64(int64(whole))<<52) * factor
	}
}
