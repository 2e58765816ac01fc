package agreement

import (
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/num"
)

// jackknife returns n statistics of the sums, which f writes into out, with intervals of Student's
// distribution. With C clusters and the statistic t_c without cluster c,
//
//	SE^2 = (C - 1)/C sum_c (t_c - mean t)^2
//
// (Tukey 1958). An interval does not exist if a statistic does not exist without one of the
// clusters, and with fewer clusters than [eval.MinClusters].
func (s sums) jackknife(n int, f func(total, out []float64), confidence float64) []Estimate {
	total, values := s.total(), make([]float64, n)
	f(total, values)
	left := make([][]float64, n)
	rest, without := make([]float64, s.width), make([]float64, n)
	for c := range s.clusters() {
		for k, v := range s.row(c) {
			rest[k] = total[k] - v
		}
		f(rest, without)
		for k, v := range without {
			left[k] = append(left[k], v)
		}
	}
	out := make([]Estimate, n)
	for k := range out {
		out[k] = none()
		out[k].Value = values[k]
		if s.clusters() >= eval.MinClusters(confidence) {
			arm := eval.StudentQuantile(confidence, s.clusters()) * jackknifeSE(left[k])
			out[k].Interval = eval.Interval{Lo: values[k] - arm, Hi: values[k] + arm}
		}
	}
	return out
}

// jackknifeSE returns the standard error of a statistic from its values without each cluster.
func jackknifeSE(left []float64) float64 {
	c, mean, squares := float64(len(left)), 0.0, 0.0
	for _, v := range left {
		mean += v / c
	}
	for _, v := range left {
		squares += float64((v - mean) * (v - mean))
	}
	return math.Sqrt(squares * (c - 1) / c)
}

// tanh returns the estimate of a correlation from that of its Fisher z. A perfect correlation, whose
// z is infinite, has no interval.
func (e Estimate) tanh() Estimate {
	out := Estimate{math.Tanh(e.Value), eval.Interval{Lo: math.Tanh(e.Lo), Hi: math.Tanh(e.Hi)}}
	if !num.Finite(e.Lo) || !num.Finite(e.Hi) {
		out.Interval = none().Interval
	}
	return out
}
