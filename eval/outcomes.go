package eval

import (
	"fmt"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
)

// Outcomes holds what both models scored on the same n samples: Strong[i] and
// Weak[i] are the quality of the strong and the weak model on sample i, in any
// one unit (0/1 for MMLU and GSM8K, grades 1-10 for MT Bench).
type Outcomes struct {
	Strong, Weak []float64
}

// Validate reports the first defect: lengths that differ, no samples, or a
// quality that is not finite.
func (o Outcomes) Validate() error {
	if len(o.Strong) != len(o.Weak) {
		return fmt.Errorf("strong has %d samples, weak %d", len(o.Strong), len(o.Weak))
	}
	if len(o.Strong) == 0 {
		return fmt.Errorf("no samples")
	}
	for i := range o.Strong {
		if !num.Finite(o.Strong[i]) || !num.Finite(o.Weak[i]) {
			return fmt.Errorf("sample %d: quality is not finite (strong %v, weak %v)", i, o.Strong[i], o.Weak[i])
		}
	}
	return nil
}

// N returns the number of samples.
func (o Outcomes) N() int { return len(o.Strong) }

// Gains returns g_i = strong_i - weak_i, in units of quality.
func (o Outcomes) Gains() []float64 {
	g := make([]float64, o.N())
	for i := range g {
		g[i] = o.Strong[i] - o.Weak[i]
	}
	return g
}

// Means returns the mean quality of always calling the strong and always
// calling the weak model.
func (o Outcomes) Means() (strong, weak float64) {
	n := float64(o.N())
	return sum(o.Strong) / n, sum(o.Weak) / n
}

// ConstantGain reports whether every sample has the same gain: then every router has the same
// curve.
func (o Outcomes) ConstantGain() bool {
	for i := range o.Strong {
		if o.Strong[i]-o.Weak[i] != o.Strong[0]-o.Weak[0] {
			return false
		}
	}
	return true
}

// Select returns the outcomes of the samples with the given indices.
func (o Outcomes) Select(index []int) Outcomes {
	return Outcomes{Strong: slicesx.Pick(o.Strong, index), Weak: slicesx.Pick(o.Weak, index)}
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}
