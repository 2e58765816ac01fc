package agreement

import "math"

// Dependence says how a label moves with a number while others are held fixed.
type Dependence struct {
	Correlation Estimate // Correlation is the partial correlation, in [-1,1]
	Slope       Estimate // Slope is the change of the label per unit of the number
}

// Partial returns how y depends on x given controls: the correlation and the regression slope of
// what is left of y and x after a linear regression of each on the controls. Every control has one
// number per item; one that the others determine adds nothing. There is no constant among them
// unless the caller gives one, such as a column of ones, or one column of 0 and 1 per group.
//
// Nothing exists if the controls determine x or y. cluster holds each item's cluster, from
// [eval.ClusterIDs]. The intervals come from a cluster jackknife, that of the correlation on the
// scale of Fisher's z.
func Partial(y, x []float64, controls [][]float64, cluster []int, confidence float64) Dependence {
	columns := append(append([][]float64{}, controls...), x, y)
	s := products(columns, cluster)
	scratch := make([]float64, s.width)
	out := s.jackknife(2, func(total, out []float64) {
		copy(scratch, total)
		r, slope := partialOf(scratch, len(columns))
		out[0], out[1] = math.Atanh(r), slope
	}, confidence)
	return Dependence{out[0].tanh(), out[1]}
}

// products sums the products of every two columns per cluster.
func products(columns [][]float64, cluster []int) sums {
	k := len(columns)
	s := newSums(cluster, k*k)
	for i, c := range cluster {
		row := s.row(c)
		for a := range columns {
			for b := range columns {
				row[a*k+b] += float64(columns[a][i] * columns[b][i])
			}
		}
	}
	return s
}

// partialOf returns the correlation and the slope of the last column on the one before it, given
// the others. m holds the k by k products of the columns; partialOf overwrites it.
func partialOf(m []float64, k int) (correlation, slope float64) {
	whole := make([]float64, k)
	for a := range whole {
		whole[a] = m[a*k+a]
	}
	for pivot := range k - 2 {
		eliminate(m, k, pivot, whole[pivot])
	}
	x, y := k-2, k-1
	xx, yy, xy := m[x*k+x], m[y*k+y], m[x*k+y]
	const least = 1e-9 // what is left of a column that the controls determine
	if !(xx > least*whole[x] && yy > least*whole[y]) {
		return math.NaN(), math.NaN()
	}
	return xy / math.Sqrt(xx*yy), xy / xx
}

// eliminate takes the pivot column out of the columns after it, unless the columns before it
// determine it.
func eliminate(m []float64, k, pivot int, whole float64) {
	d := m[pivot*k+pivot]
	if !(d > 1e-9*whole) {
		return
	}
	for a := pivot + 1; a < k; a++ {
		f := m[a*k+pivot] / d
		for b := pivot + 1; b < k; b++ {
			m[a*k+b] -= float64(f * m[pivot*k+b])
		}
	}
}
