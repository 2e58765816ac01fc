package mf

import (
	"fmt"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// head scores how much the strong model is needed, from the labels of one source, in
// standard deviations over the source's own prompts. The labels of sources differ in
// level and scale; a head keeps only the order of the prompts.
type head struct {
	name  string
	score inputs.Linear
}

// trained is a head with its out-of-fold scores: each prompt's score from models that
// have not seen the prompt.
type trained struct {
	head
	heldOut []float64
	report  training.Report
}

// fitHead fits the head of one source. once is from [training.Options].
func fitHead(s *training.Source, once bool, tick func()) trained {
	x := inputs.Of(s)
	scale := inputs.NewScaler(x)
	scale.ScaleRows(x)
	fit := fitRidge(x, s.Label, s.Norm, repeatsOf(len(x), len(x[0]), once), tick)
	mean, sd := winrate.Moments(fit.heldOut)
	for i, v := range fit.heldOut {
		fit.heldOut[i] = (v - mean) / sd
	}
	direction := scale.Fold(fit.direction.Weights, fit.direction.Intercept).Times(1/sd, -mean/sd)
	report := winrate.Report(s, fit.heldOut, fit.divisions, fmt.Sprintf("ridge %.3g", fit.Lambda), fit.path)
	return trained{head{s.Name, direction}, fit.heldOut, report}
}
