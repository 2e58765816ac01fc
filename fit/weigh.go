package fit

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// weigh describes the samples' weights. The choice, the learning curve, the test and the operating
// point count them: they are then about the prompts that the samples were drawn from.
func (f *fitting) weigh() {
	w := f.data.Weight
	if w == nil {
		return
	}
	o := eval.Outcomes{Strong: make([]float64, len(w)), Weight: w}
	all := make([]int, len(w))
	for i := range all {
		all[i] = i
	}
	f.doc.Weights = &results.Weights{Sum: results.Value(weightOf(o)), Effective: results.Value(o.EffectiveClusters(f.data.Clusters(all)))}
	if f.options.Note != nil {
		f.options.Note(fmt.Sprintf("%s: the samples have weights: the choice, the test and the guarantee count them; training counts every sample once", f.data.Name))
	}
}

// worth returns the effective number of independent prompts in a part.
func (f *fitting) worth(part harness.Part) float64 {
	rows := f.usable(part)
	if len(rows) == 0 {
		return 0
	}
	o := eval.Outcomes{Strong: make([]float64, len(rows)), Weight: f.data.Weights(rows)}
	return o.EffectiveClusters(f.data.Clusters(rows))
}

// rows returns the indices in f.train of all training rows.
func (f *fitting) rows() []int {
	all := make([]int, len(f.train))
	for i := range all {
		all[i] = i
	}
	return all
}

// weightOf returns the summed weight of samples: their number if they have no weights.
func weightOf(o eval.Outcomes) float64 {
	sum := 0.0
	for _, w := range o.Weights() {
		sum += w
	}
	return sum
}

// mean returns the mean of the values that are not NaN, each of which counts with its weight; nil
// stands for weights of 1.
func mean(x, weight []float64) float64 {
	sum, total := 0.0, 0.0
	for i, v := range x {
		if math.IsNaN(v) {
			continue
		}
		w := 1.0
		if weight != nil {
			w = weight[i]
		}
		sum, total = sum+float64(w*v), total+w
	}
	return sum / total
}
