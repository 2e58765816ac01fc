// Package fit finds the router for a data set: it divides the samples, trains routers of every kind,
// chooses one by cross-validation, tests it on samples that nothing else saw, and calibrates it on
// others. Call [Run].
package fit

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/training"
)

// Options says what is fitted. Start from [Default].
type Options struct {
	harness.Feedback
	harness.Reading
	// Encoder makes the vectors that the data lacks.
	Encoder harness.Encoder
	// Data is a built-in name or a file.
	Data string
	// Models names the models, or is "all" alone; nil stands for the data's pair or, if it names
	// none, for all.
	Models []string
	// Pair names the strong and the weak model; the zero value stands for Models.
	Pair results.Pair
	// Pricing says where costs come from. Two models need none.
	Pricing harness.Pricing
	// Quality is the share of the best model's quality to keep, in (0,1]; NaN if Budget is given.
	Quality float64
	// Budget is the most USD per 1,000 prompts; NaN if Quality is given.
	Budget float64
	// Confidence is the confidence of intervals, of the guarantee and of the test.
	Confidence float64
	// Shares holds the shares of the training, the calibration and the test part; they sum to 1.
	Shares [3]float64
	// Seed is the seed of the division and of resamples.
	Seed uint64
	// Resamples is the number of bootstrap resamples of intervals.
	Resamples int
	// Candidates names the kinds of routers to try; nil stands for all: see [Kinds].
	Candidates []string
	// Curve asks for the learning curve.
	Curve bool
	// Strict refuses outcomes that look wrong, instead of warning of them.
	Strict bool
	// ModelPath is the path under which the caller will write the router, for its artifact.
	ModelPath string
	// Recipe is the command that fits the router again, stored in the router's file.
	Recipe string
}

// Default returns the options that routellm fit has without flags.
func Default() Options {
	return Options{
		Quality: 0.95, Budget: math.NaN(), Confidence: 0.95, Shares: [3]float64{0.6, 0.2, 0.2}, Seed: 1,
		Resamples: harness.DefaultIntervals().Resamples, Curve: true, ModelPath: "router.safetensors",
	}
}

// check refuses options that Run cannot follow.
func (o Options) check() error {
	switch {
	case o.Data == "":
		return errors.New("no data: expected a file with the outcomes of models")
	case math.IsNaN(o.Quality) == math.IsNaN(o.Budget):
		return errors.New("expected one target: a share of the best model's quality, or a budget")
	case !math.IsNaN(o.Quality) && !(o.Quality > 0 && o.Quality <= 1):
		return fmt.Errorf("quality %v: expected a share in (0,1]", o.Quality)
	case !math.IsNaN(o.Budget) && !(o.Budget > 0):
		return fmt.Errorf("budget of %v USD: expected a positive number", o.Budget)
	case !(o.Confidence >= 0.5 && o.Confidence <= 0.9999):
		return fmt.Errorf("confidence %v: expected 0.5 to 0.9999", o.Confidence)
	}
	return checkKinds(o.Candidates)
}

// target returns what the router is calibrated for.
func (o Options) target() harness.Target {
	if math.IsNaN(o.Budget) {
		return harness.KeepQuality(o.Quality)
	}
	return harness.StayBelow(o.Budget)
}

// described returns the target for the document.
func (o Options) described() results.FitTarget {
	if math.IsNaN(o.Budget) {
		return results.FitTarget{Target: "quality", Value: results.Value(o.Quality)}
	}
	return results.FitTarget{Target: "budget_usd", Value: results.Value(o.Budget)}
}

// Result is a fitted router with everything that was found on the way.
type Result struct {
	Document *results.Fit
	// Model is the content of the router's file; nil if no router is to be written, or if the
	// chosen one needs no file.
	Model []byte
	// Artifact holds the operating point; nil if no router is to be written.
	Artifact *results.Artifact
	// Set holds the scores on the test part, for a report; nil if nothing was tested. Among several
	// models it has nothing but its document.
	Set *harness.ScoreSet
}

// Run fits a router. A data set with too few prompts is an error. That no router is better than
// chance is none: see [results.FitOutcome].
func Run(ctx context.Context, o Options) (*Result, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	reading, done := o.share()
	defer done()
	o.Reading = reading
	f := &fitting{options: o, doc: &results.Fit{
		SchemaVersion: results.SchemaVersion, Tool: results.Tool{Name: results.ToolName, Version: version.String()}, Seed: o.Seed,
		Confidence: results.Value(o.Confidence), Target: o.described(), Candidates: []results.FitCandidate{}, Warnings: []string{},
	}}
	if err := f.read(ctx); err != nil {
		return nil, err
	}
	if err := f.scale(); err != nil {
		return nil, err
	}
	if f.nothing() {
		f.doc.Outcome = results.FitNothing
		return &Result{Document: f.doc}, nil
	}
	if err := f.choose(ctx); err != nil {
		return nil, err
	}
	return f.finish(ctx)
}

// share returns the options' reading with a place to keep what is read.
func (o Options) share() (harness.Reading, func()) {
	if o.Files != nil {
		return o.Reading, func() {}
	}
	files := harness.NewFiles()
	r := o.Reading
	r.Files = files
	return r, files.Close
}

// division returns how the data is divided.
func (o Options) division() harness.Division {
	return harness.Division{Shares: o.Shares, Seed: o.Seed}
}

// fitting is one search under way.
type fitting struct {
	options Options
	doc     *results.Fit
	data    *harness.TrainingData
	unitOf  float64 // what an area over random is divided by for the document's metric
	strong  int     // number of the strong model; -1 among several
	weak    int
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
