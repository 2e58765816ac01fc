package agreement

import (
	"math"

	"github.com/routellm/routellm/eval"
)

// Kappa returns Cohen's kappa (1960) of two labels with categories from 0 to categories - 1:
//
//	kappa = (p_o - p_e) / (1 - p_e)
//
// where p_o is the share of items with equal labels, and p_e the share that labels of the same
// frequencies would have by chance. 1 is perfect agreement and 0 is chance. It does not exist
// without items, and if both labels put all items into one category. cluster holds each item's
// cluster, from [eval.ClusterIDs].
//
// If all labels agree, no resample disagrees either. The lower end is then 1 - u, where u is the
// largest share of items that [eval.Proportion] allows to differ, as far as unrelated labels do.
func Kappa(a, b []int, categories int, cluster []int, boot eval.Bootstrap) (Estimate, error) {
	s := newSums(cluster, categories*categories)
	same := make([]bool, len(a))
	for i := range a {
		s.row(cluster[i])[a[i]*categories+b[i]]++
		same[i] = a[i] == b[i]
	}
	out, err := s.kappa(func(total []float64) float64 { return kappaOf(total, categories) }, boot)
	if err != nil || len(a) == 0 {
		return none(), err
	}
	return widened(out, same, cluster, boot.Confidence), nil
}

// kappaOf computes kappa from a table of counts.
func kappaOf(table []float64, categories int) float64 {
	n, equal, chance := 0.0, 0.0, 0.0
	for _, v := range table {
		n += v
	}
	for k := range categories {
		row, column := 0.0, 0.0
		for j := range categories {
			row += table[k*categories+j]
			column += table[j*categories+k]
		}
		equal += table[k*categories+k]
		chance += float64(row * column)
	}
	expected := float64(n*n) - chance
	if !(expected > 0) {
		return math.NaN()
	}
	return 1 - float64((n-equal)*n)/expected
}

// widened gives perfect agreement a lower end below 1.
func widened(e Estimate, same []bool, cluster []int, confidence float64) Estimate {
	for _, s := range same {
		if !s {
			return e
		}
	}
	if !math.IsNaN(e.Value) {
		_, share := eval.Proportion(same, cluster, confidence)
		e.Interval = eval.Interval{Lo: share.Lo, Hi: 1}
	}
	return e
}

// Quadratic returns the quadratically weighted kappa (Cohen 1968) of two numbers per item:
//
//	kappa = 1 - mean_i (x_i - y_i)^2 / mean_ij (x_i - y_j)^2
//
// For whole numbers that is the usual kappa with quadratic weights; it needs no categories, so it
// takes expected grades as well. It does not exist without items, and if all numbers are equal.
// The interval is as that of [Kappa].
func Quadratic(x, y []float64, cluster []int, boot eval.Bootstrap) (Estimate, error) {
	s, same := moments(x, y, cluster), make([]bool, len(x))
	for i := range x {
		same[i] = x[i] == y[i]
	}
	out, err := s.kappa(quadraticOf, boot)
	if err != nil || len(x) == 0 {
		return none(), err
	}
	return widened(out, same, cluster, boot.Confidence), nil
}

// Correlation returns Pearson's correlation of two numbers per item. It does not exist if all
// numbers of one kind are equal. The interval is that of Fisher's z, from a cluster jackknife.
func Correlation(x, y []float64, cluster []int, confidence float64) Estimate {
	return moments(x, y, cluster).jackknife(1, func(total, out []float64) { out[0] = math.Atanh(correlationOf(total)) }, confidence)[0].tanh()
}

// moments sums 1, x, y, x^2, y^2 and xy per cluster. x and y are counted from the mean of both,
// which changes neither statistic and keeps digits.
func moments(x, y []float64, cluster []int) sums {
	s, centre := newSums(cluster, 6), 0.0
	for i := range x {
		centre += (x[i] + y[i]) / 2 / float64(len(x))
	}
	for i := range x {
		u, v, row := x[i]-centre, y[i]-centre, s.row(cluster[i])
		for k, m := range [6]float64{1, u, v, float64(u * u), float64(v * v), float64(u * v)} {
			row[k] += m
		}
	}
	return s
}

// tiny is the share of a sum of squares below which a difference is rounding.
const tiny = 1e-12

func quadraticOf(m []float64) float64 {
	n := m[0]
	observed := n * (m[3] + m[4] - float64(2*m[5]))
	chance := n*(m[3]+m[4]) - float64(2*m[1]*m[2])
	if !(chance > tiny*n*(m[3]+m[4])) {
		return math.NaN()
	}
	return 1 - observed/chance
}

func correlationOf(m []float64) float64 {
	n := m[0]
	xx, yy := n*m[3]-float64(m[1]*m[1]), n*m[4]-float64(m[2]*m[2])
	if !(xx > tiny*n*m[3] && yy > tiny*n*m[4]) {
		return math.NaN()
	}
	return (n*m[5] - float64(m[1]*m[2])) / math.Sqrt(xx*yy)
}
