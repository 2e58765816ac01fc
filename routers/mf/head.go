package mf

import (
	"fmt"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// head is the collapsed pair of one source of labels: how much the strong model is
// needed, in standard deviations among the source's own prompts. Sources differ in
// level and in scale of their labels; what a head keeps is the order of prompts.
type head struct {
	name  string
	score inputs.Linear
}

// trained is a head with the scores of its prompts by models that have not seen
// them.
type trained struct {
	head
	heldOut []float64
	report  training.Report
}

// fitHead trains one source's head.
func fitHead(s *training.Source, tick func()) trained {
	x := inputs.Of(s)
	scale := inputs.NewScaler(x)
	fit := fitRidge(scale.Apply(x), s.Label, s.Norm, tick)
	mean, sd := winrate.Moments(fit.heldOut)
	for i, v := range fit.heldOut {
		fit.heldOut[i] = (v - mean) / sd
	}
	direction := scale.Fold(fit.direction.Weights, fit.direction.Intercept).Times(1/sd, -mean/sd)
	report := winrate.Report(s, fit.heldOut, fmt.Sprintf("ridge %.3g", fit.Lambda), fit.path)
	return trained{head{s.Name, direction}, fit.heldOut, report}
}
