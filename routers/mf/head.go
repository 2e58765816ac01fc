package mf

import (
	"fmt"

	"gonum.org/v1/gonum/stat"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// head scores how much the strong model is needed, from the labels of one source, in
// standard deviations over the source's own prompts. The labels of sources differ in
// level and scale; a head keeps only the order of the prompts.
type head struct {
	name   string
	inputs inputs.Scaler
	score  inputs.Linear // score is a sum of the scaled inputs
}

// at returns the score of a prompt with inputs x.
func (h head) at(x []float64) float64 { return h.inputs.Sum(h.score, x) }

// trained is a head with its out-of-fold scores: each prompt's score from models that
// have not seen the prompt.
type trained struct {
	head
	heldOut  []float64
	levelled []float64 // heldOut at one level for all folds, see training.Folded.Level
	report   training.Report
}

// fitHead fits the head of one source. length is how far its labels are expected to rise with the
// prompts' lengths, see lengthOf.
func fitHead(shape inputs.Shape, s *training.Source, length float64, tick func()) trained {
	x := shape.Of(s)
	scale := inputs.NewScaler(shape, x)
	fit := fitRidge(scale.Apply(x), s.Label, s.Norm, shape.Groups(), length, tick)
	mean, sd := winrate.Moments(fit.heldOut)
	levelled := training.Folded{Score: fit.heldOut, Fold: fit.fold}.Level(s.Label)
	for i, v := range fit.heldOut {
		fit.heldOut[i], levelled[i] = (v-mean)/sd, (levelled[i]-mean)/sd
	}
	chosen := fmt.Sprintf("weights %.1f", fit.effective)
	report := winrate.Report(s, fit.heldOut, []training.Folded{{Score: fit.heldOut, Fold: fit.fold}}, chosen, fit.path)
	return trained{head{s.Name, scale, fit.direction.Times(1/sd, -mean/sd)}, fit.heldOut, levelled, report}
}

// lengthOf returns the mean over sources of the correlation of labels with the logarithm of the
// prompts' number of characters. Each head starts from it: where a source has too few labels to
// show what its labels follow, its head follows length as those of the other sources do. A single
// source starts from 0.
func lengthOf(shape inputs.Shape, sources []*training.Source) float64 {
	if len(sources) < 2 {
		return 0
	}
	sum := 0.0
	for _, s := range sources {
		var chars []float64
		for _, x := range shape.Of(s) {
			chars = append(chars, x[shape.Vector])
		}
		if r := stat.Correlation(chars, s.Label, nil); num.Finite(r) {
			sum += r
		}
	}
	return sum / float64(len(sources))
}
