package fit

import (
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
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
	// Cascades also tries cascades, which look at the weak model's answer, and compares all routers
	// by cost. Two models with known costs are needed, and the answers of the weak one.
	Cascades bool
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

// quiet returns the feedback without notes: every note on the data was given when it was read.
func (o Options) quiet() harness.Feedback { return harness.Feedback{Progress: o.Progress} }
