package eval

import (
	"fmt"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
)

// Outcomes holds the quality of both models on the same n samples: Strong[i] and Weak[i] are
// the quality of the strong and the weak model's answers to sample i, in the same unit (0 or 1
// for MMLU and GSM8K, grades from 1 to 10 for MT Bench).
type Outcomes struct {
	Strong, Weak []float64
	// Weight holds the weight of each sample, above 0; nil stands for 1. A sample of weight 2
	// counts as two equal samples of the same cluster.
	Weight []float64
	// Summed says that a sample stands for several of a summary (package binned), with their mean
	// qualities and the sum of their weights.
	Summed bool
	// Observed holds the observed gain of each sample where Strong and Weak hold estimates, such as the
	// pseudo-outcomes of package ppi, and NaN for a sample without one; nil if Strong and Weak were
	// observed. These gains say how heavy the tails are, and how many clusters tell something.
	Observed []float64
	// ObservedStrong holds the strong model's observed quality of the samples with an observed gain. It
	// is nil if Observed is.
	ObservedStrong []float64
}

// Validate returns an error if the lengths differ, if there are no samples or if a quality is
// not finite.
func (o Outcomes) Validate() error {
	if len(o.Strong) != len(o.Weak) {
		return fmt.Errorf("the strong model has %s and the weak model %d: want the same number", text.Plural(len(o.Strong), "sample"), len(o.Weak))
	}
	if len(o.Strong) == 0 {
		return fmt.Errorf("no samples: want at least one")
	}
	for i := range o.Strong {
		if !num.Finite(o.Strong[i]) || !num.Finite(o.Weak[i]) {
			return fmt.Errorf("sample %d: quality is not finite (strong %v, weak %v): want finite numbers", i, o.Strong[i], o.Weak[i])
		}
	}
	if o.Weight != nil && len(o.Weight) != o.N() {
		return fmt.Errorf("%s for %s: want one weight per sample", text.Plural(len(o.Weight), "weight"), text.Plural(o.N(), "sample"))
	}
	if o.Observed != nil && len(o.Observed) != o.N() {
		return fmt.Errorf("%s for %s: want one per sample, NaN for none", text.Plural(len(o.Observed), "observed gain"), text.Plural(o.N(), "sample"))
	}
	if len(o.ObservedStrong) != len(o.Observed) {
		return fmt.Errorf("%s and %d of the strong model: want the same number", text.Plural(len(o.Observed), "observed gain"), len(o.ObservedStrong))
	}
	for i, w := range o.Weight {
		if !num.Finite(w) || w <= 0 {
			return fmt.Errorf("sample %d: weight is %v: want a finite number above 0", i, w)
		}
	}
	return nil
}

// N returns the number of samples.
func (o Outcomes) N() int { return len(o.Strong) }

// Gains returns the gain of each sample: the strong model's quality minus the weak model's.
func (o Outcomes) Gains() []float64 {
	g := make([]float64, o.N())
	for i := range g {
		g[i] = o.Strong[i] - o.Weak[i]
	}
	return g
}

// Means returns the mean quality of always calling the strong model and of always calling
// the weak one.
func (o Outcomes) Means() (strong, weak float64) {
	n := o.total()
	return o.sum(o.Strong) / n, o.sum(o.Weak) / n
}

// ConstantGain reports whether all samples have the same gain. If so, all routers have the
// same curve.
func (o Outcomes) ConstantGain() bool {
	for i := range o.Strong {
		if o.Strong[i]-o.Weak[i] != o.Strong[0]-o.Weak[0] {
			return false
		}
	}
	return true
}

// Select returns the outcomes of the samples at the given indices, in their order.
func (o Outcomes) Select(index []int) Outcomes {
	out := Outcomes{Strong: slicesx.Pick(o.Strong, index), Weak: slicesx.Pick(o.Weak, index), Summed: o.Summed}
	if o.Weight != nil {
		out.Weight = slicesx.Pick(o.Weight, index)
	}
	if o.Observed != nil {
		out.Observed, out.ObservedStrong = slicesx.Pick(o.Observed, index), slicesx.Pick(o.ObservedStrong, index)
	}
	return out
}
