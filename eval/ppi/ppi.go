// Package ppi corrects what cheap labels say by a few expensive ones: prediction-powered inference
// (Angelopoulos et al. 2023, arXiv 2301.09633; power tuning: 2311.01453; cross-fitting: Zrnic and
// Candès 2024, arXiv 2309.16598). Call [Correct].
package ppi

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// MinGold is the smallest number of clusters with gold labels. The simulations in docs/metrics.md set
// it.
const MinGold = 20

// Labels are two labels of each sample.
type Labels struct {
	Cheap   []float64 // Cheap is known of every sample
	Gold    []float64 // Gold is NaN for samples outside the gold part
	Weight  []float64 // Weight holds the samples' weights; nil if they are equal
	Cluster []int     // Cluster holds the samples' clusters; nil if all are independent
	// GoldWeight holds 1 over the probability with which a sample came into the gold part, in any unit.
	// It is read for gold samples alone. nil if all samples had the same probability.
	GoldWeight []float64
}

// Corrected holds what takes the place of the gold labels.
type Corrected struct {
	// Outcomes holds one pseudo-outcome per sample. Over the draws of the gold part, each has the
	// sample's gold label as its mean. So everything that is linear in the outcomes estimates without
	// bias what it would be if all samples had gold labels.
	Outcomes []float64
	Lambda   float64 // Lambda is the weight of the cheap label: by how much gold rises with it, at least 0
	Offset   float64 // Offset is what gold is above Lambda times the cheap label, on average
	// Correlation is that of both labels in the gold part; NaN if one of them is constant there.
	Correlation float64
	// Effective is the number of gold samples that would tell as much about the mean alone.
	Effective float64
	Gold      int // Gold is the number of gold samples

	least, most float64 // range of m
	inverse     float64 // largest 1/p
}

// Range returns the range of the pseudo-outcomes that gold labels from least to most can have. It
// is that of the outcomes times about 1/p. Unknown bounds, NaN, give NaN.
func (c Corrected) Range(least, most float64) (lo, hi float64) {
	lo = math.Min(c.least, c.most+float64(c.inverse*(least-c.most)))
	return lo, math.Max(c.most, c.least+float64(c.inverse*(most-c.least)))
}

// Correct corrects the cheap labels of all samples by the gold labels of a part that was drawn at
// random, whole clusters or samples. With f the cheap label, y the gold label and p the probability of
// having one, the pseudo-outcome is
//
//	m(f) + (y - m(f)) / p for a gold sample      m(f) for any other,
//
// where m(f) = Offset + Lambda f is fitted by least squares to the gold samples of other clusters. It
// returns an error if fewer than [MinGold] clusters have a gold label, lengths differ, or a label is
// not finite.
func Correct(l Labels) (Corrected, error) {
	if err := l.check(); err != nil {
		return Corrected{}, err
	}
	gold := l.goldRows()
	if n := l.clusters(gold); n < MinGold {
		return Corrected{}, fewGold(len(gold), n)
	}
	inverse := l.inverse(gold)
	all, byCluster := l.fits(gold, inverse)
	out := Corrected{Outcomes: make([]float64, len(l.Cheap)), Gold: len(gold)}
	out.Lambda, out.Offset = all.line()
	for i, f := range l.Cheap {
		out.Outcomes[i] = out.Offset + float64(out.Lambda*f)
	}
	out.least, out.most, out.inverse = slices.Min(out.Outcomes), slices.Max(out.Outcomes), slices.Max(inverse)
	for k, i := range gold {
		lambda, offset := all.without(byCluster[l.cluster(i)]).line()
		m := offset + float64(lambda*l.Cheap[i])
		out.least, out.most = min(out.least, m), max(out.most, m)
		out.Outcomes[i] = m + float64(inverse[k]*(l.Gold[i]-m))
	}
	out.Correlation = all.correlation()
	out.Effective = l.Worth(out.Outcomes)
	return out, nil
}

// fewGold returns the error about too few gold labels.
func fewGold(rows, clusters int) error {
	err := fmt.Errorf("%s, expected at least %d", text.Plural(rows, "gold label"), MinGold)
	if rows > clusters {
		err = fmt.Errorf("%s in %s, expected at least %d independent ones", text.Plural(rows, "gold label"), text.Plural(clusters, "cluster"), MinGold)
	}
	return hint.With(err, "grade more samples, drawn at random")
}

// check returns an error if the lengths differ or a label is not finite.
func (l Labels) check() error {
	n := len(l.Cheap)
	for _, x := range []struct {
		what string
		n    int
		nil  bool
	}{
		{"gold label", len(l.Gold), false}, {"weight", len(l.Weight), l.Weight == nil}, {"cluster", len(l.Cluster), l.Cluster == nil},
		{"gold weight", len(l.GoldWeight), l.GoldWeight == nil},
	} {
		if !x.nil && x.n != n {
			return fmt.Errorf("%s for %s: want one per sample, NaN without a gold label", text.Plural(x.n, x.what), text.Plural(n, "sample"))
		}
	}
	for i, f := range l.Cheap {
		if !num.Finite(f) || math.IsInf(l.Gold[i], 0) {
			return fmt.Errorf("sample %d: label is not finite (cheap %v, gold %v)", i, f, l.Gold[i])
		}
		if l.GoldWeight != nil && !math.IsNaN(l.Gold[i]) && (!num.Finite(l.GoldWeight[i]) || l.GoldWeight[i] <= 0) {
			return fmt.Errorf("sample %d: gold weight is %v: want a finite number above 0", i, l.GoldWeight[i])
		}
	}
	return nil
}

// goldRows returns the indices of the gold samples.
func (l Labels) goldRows() []int {
	var rows []int
	for i, y := range l.Gold {
		if !math.IsNaN(y) {
			rows = append(rows, i)
		}
	}
	return rows
}

// cluster returns the cluster of a sample.
func (l Labels) cluster(i int) int {
	if l.Cluster == nil {
		return i
	}
	return l.Cluster[i]
}

// weight returns the weight of a sample.
func (l Labels) weight(i int) float64 {
	if l.Weight == nil {
		return 1
	}
	return l.Weight[i]
}

// clusters returns the number of clusters of some samples.
func (l Labels) clusters(rows []int) int {
	seen := map[int]bool{}
	for _, i := range rows {
		seen[l.cluster(i)] = true
	}
	return len(seen)
}

// inverse returns 1 over the probability of each gold sample, scaled so that their sum is the number
// of samples.
func (l Labels) inverse(gold []int) []float64 {
	out, total := make([]float64, len(gold)), 0.0
	for k, i := range gold {
		out[k] = 1
		if l.GoldWeight != nil {
			out[k] = l.GoldWeight[i]
		}
		total += out[k]
	}
	for k := range out {
		out[k] *= float64(len(l.Cheap)) / total
	}
	return out
}

// Worth returns the number of gold samples of which the mean has the standard error of the mean of
// some outcomes, one per sample.
func (l Labels) Worth(outcomes []float64) float64 {
	gold := l.goldRows()
	y, weight, cluster := make([]float64, len(gold)), make([]float64, len(gold)), make([]int, len(gold))
	inverse := l.inverse(gold)
	for k, i := range gold {
		y[k], weight[k], cluster[k] = l.Gold[i], inverse[k]*l.weight(i), l.cluster(i)
	}
	alone, corrected := squaredError(y, weight, cluster), squaredError(outcomes, l.weights(), l.allClusters())
	return float64(len(gold)) * alone / corrected
}

// squaredError returns the squared cluster-robust standard error of a weighted mean.
func squaredError(x, weight []float64, cluster []int) float64 {
	m, apart, total := mean(x, weight), make([]float64, 1+slices.Max(cluster)), 0.0
	clusters := map[int]bool{}
	for i, v := range x {
		total += weight[i]
		apart[cluster[i]] += float64(weight[i] * (v - m))
		clusters[cluster[i]] = true
	}
	squares, n := 0.0, float64(len(clusters))
	for _, d := range apart {
		squares += float64(d * d)
	}
	return squares * n / (n - 1) / (total * total)
}
