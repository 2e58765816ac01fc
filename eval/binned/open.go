package binned

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
)

// Open returns the indices, in ascending order, of the bins in which the exact values of points of the
// curve can lie and are not known: those that [Summary.Refine] must replace for them to be exact.
// Areas need all bins, or [Bin.Area].
func (s *Summary) Open(p eval.Points) []int {
	open := map[int]bool{}
	add := func(v Value) {
		if v.Exact() {
			return
		}
		first, _ := s.at(v.Lo * s.curve.Size())
		last, _ := s.at(min(v.Hi, 1) * s.curve.Size())
		for i := first; i <= last; i++ {
			open[i] = open[i] || !s.Bins[i].straight()
		}
	}
	for _, x := range p.CPT {
		add(s.CPT(x))
	}
	for _, q := range p.Qualities {
		add(s.FractionFor(q * s.curve.Strong))
	}
	for _, f := range p.Fractions {
		if v := s.QualityAt(f); !v.Exact() {
			i, _ := s.at(f * s.curve.Size())
			open[i] = true
		}
	}
	return indices(open)
}

// OpenThresholds returns the indices of the bins that hold the thresholds for strong fractions in [0,1]
// and more than one score, in ascending order.
func (s *Summary) OpenThresholds(fractions []float64) []int {
	open := map[int]bool{}
	for _, f := range fractions {
		if i, ok := s.holds(f); ok && !s.Bins[i].single() {
			if t, _ := s.Threshold(f); t.AtOrAbove != t.K {
				open[i] = true
			}
		}
	}
	return indices(open)
}

// indices returns the keys of a set in ascending order.
func indices(set map[int]bool) []int {
	var out []int
	for i, in := range set {
		if in {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}

// Threshold returns the threshold for a strong fraction in [0,1], as [eval.Calibrate] does, and the
// range of scores that the exact one lies in: the k-th largest score, k = round(f n). The threshold is
// the smallest score of the bin that holds it, so that its number of strong calls is exact, and at
// least k. With weights, shares are weighted, and counts are shares of the number of rows, rounded.
// It returns an error for a fraction outside [0,1].
func (s *Summary) Threshold(fraction float64) (eval.Threshold, error) {
	if !(fraction >= 0 && fraction <= 1) {
		return eval.Threshold{}, fmt.Errorf("strong fraction is %v: want a number in [0,1]", fraction)
	}
	rows := float64(s.Rows())
	t := eval.Threshold{Fraction: fraction, Threshold: math.Inf(1), N: s.Rows(), K: int64(math.Round(fraction * rows))}
	if i, ok := s.holds(fraction); ok {
		t.Threshold = s.Bins[i].Min
		t.AtOrAbove = int64(math.Round(s.curve.Vertices[i+1].StrongFraction * rows))
	}
	return t, nil
}

// ThresholdRange returns the smallest and the largest score that the exact threshold for a strong
// fraction may be; equal where it is known, and +Inf for no strong calls.
func (s *Summary) ThresholdRange(fraction float64) (lo, hi float64) {
	i, ok := s.holds(fraction)
	if !ok {
		return math.Inf(1), math.Inf(1)
	}
	b := s.Bins[i]
	if t, err := s.Threshold(fraction); err == nil && t.AtOrAbove == t.K {
		return b.Min, b.Min // the last sample of the bin
	}
	return b.Min, b.Max
}

// holds returns the bin that holds the k-th largest score, k = round(fraction n) with n samples. ok is
// false for k = 0.
func (s *Summary) holds(fraction float64) (bin int, ok bool) {
	rows := float64(s.Rows())
	k := math.Round(fraction * rows)
	if !(k > 0) {
		return 0, false
	}
	i, _ := s.at(k / rows * s.curve.Size())
	for i > 0 && math.Round(s.curve.Vertices[i].StrongFraction*rows) >= k { // rounding went one too far
		i--
	}
	return i, true
}
