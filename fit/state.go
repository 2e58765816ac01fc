package fit

import (
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/training"
)

// fitting is one search under way.
type fitting struct {
	options Options
	doc     *results.Fit
	data    *harness.TrainingData
	unitOf  float64 // what an area over random is divided by for the document's metric
	strong  int     // number of the strong model; -1 among several
	weak    int
	byCost  bool              // two models are compared by cost, as several are
	train   []int             // rows of the training part
	parts   training.Division // parts of the cross-validation
	trials  []*trial
	chosen  *trial
	testSE  float64 // standard error of the chosen router's value on the test part
}

// pairwise reports whether there are two models.
func (f *fitting) pairwise() bool { return f.strong >= 0 }

// pair returns the names of the two models.
func (f *fitting) pair() results.Pair {
	if !f.pairwise() {
		return results.Pair{}
	}
	return results.Pair{Strong: f.data.Models[f.strong], Weak: f.data.Models[f.weak]}
}

// trial is a kind of router in the cross-validation.
type trial struct {
	kind
	failed error // why it was not trained
	// scores (between two models) or predictions (among several) of each training row by routers
	// that have not seen its part.
	scores      []float64
	predictions pool.Predictions
	model       harness.TrainedModel // trained on the whole training part; nil for an untrained router
	value       float64              // the area over random, or the lift
	influence   []float64            // the influence of each row on the value; nil among several models
	replicates  []float64            // the value on each resample; nil between two models
}

// progress reports how far a step is.
func (f *fitting) progress(task string, done, total int) {
	if f.options.Progress != nil {
		f.options.Progress(task, done, total)
	}
}

// usable returns the rows of a part on which everything is known that an evaluation needs: the
// quality of every model and, among several models, the cost.
func (f *fitting) usable(part harness.Part) []int {
	complete := func(m pool.Matrix, i int) bool {
		return !slices.ContainsFunc(m.Row(i), func(v float64) bool { return !num.Finite(v) })
	}
	return slices.DeleteFunc(f.data.In(part), func(i int) bool {
		return !complete(f.data.Quality, i) || (!f.pairwise() || f.byCost) && !complete(f.data.Cost, i)
	})
}

// outcomes returns the outcomes of the two models on those of the training rows, given by their
// indices in f.train, on which both were measured, and the indices of these.
func (f *fitting) outcomes(index []int) (o eval.Outcomes, measured []int) {
	for _, i := range index {
		a, b := f.data.Quality.At(f.train[i], f.strong), f.data.Quality.At(f.train[i], f.weak)
		if num.Finite(a) && num.Finite(b) {
			o.Strong, o.Weak, measured = append(o.Strong, a), append(o.Weak, b), append(measured, i)
		}
	}
	o.Weight = f.data.Weights(slicesx.Pick(f.train, measured))
	return o, measured
}

// shown returns an area over random in the metric of the document.
func (f *fitting) shown(area float64) float64 { return results.Chance(f.doc.Metric) + area/f.unitOf }
