// Package fit finds the router for a data set: it divides the samples, trains routers of every kind,
// chooses one by cross-validation, tests it on samples that nothing else saw, and calibrates it on
// others. Call [Run].
package fit

import (
	"context"
	"errors"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// Options says what is fitted.
type Options struct {
	harness.Feedback
	harness.Reading
	Data    string
	Models  []string // Models names the models; nil stands for all
	Pricing harness.Pricing
	Quality float64 // Quality is the share of the best model's quality to keep, in (0,1]; NaN if a budget is given
	Budget  float64 // Budget is the most USD per prompt; NaN if a quality is given
	Seed    uint64
}

// Result is a fitted router with everything that was found on the way.
type Result struct {
	Model    harness.TrainedModel
	Artifact *results.Artifact
}

// Run fits a router.
func Run(ctx context.Context, o Options) (*Result, error) { return nil, errors.New("not built yet") }
