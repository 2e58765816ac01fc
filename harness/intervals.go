package harness

import (
	"context"
	"fmt"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// MaxResamples is the largest number of bootstrap resamples. It keeps the replicates of
// many routers within memory.
const MaxResamples = 100_000

// The methods of [Intervals].
const (
	Bootstrap = "bootstrap"
	Influence = "influence"
)

// Intervals says how intervals are made. The zero value makes none.
type Intervals struct {
	// Method is [Bootstrap], which takes percentiles of resamples of whole clusters, or
	// [Influence], a formula that gives only APGR an interval.
	Method string
	// Resamples is the number of bootstrap resamples; 0 makes no bootstrap intervals.
	Resamples int
	// Confidence is the confidence of the intervals, in (0,1).
	Confidence float64
	// Seed is the seed of the resamples.
	Seed uint64
}

// DefaultIntervals returns the intervals that routellm eval makes without flags.
func DefaultIntervals() Intervals {
	return Intervals{Method: Bootstrap, Resamples: 2000, Confidence: 0.95}
}

// Check refuses intervals that cannot be made.
func (i Intervals) Check() error {
	if i == (Intervals{}) {
		return nil
	}
	if i.Method != Bootstrap && i.Method != Influence {
		return fmt.Errorf("interval method %q: expected bootstrap or influence", i.Method)
	}
	if !(i.Confidence > 0 && i.Confidence < 1) {
		return hint.With(fmt.Errorf("confidence %v: expected a number above 0 and below 1", i.Confidence), hint.Fraction(i.Confidence)...)
	}
	least := eval.MinResamples(i.Confidence)
	if i.Resamples != 0 && (i.Resamples < least || i.Resamples > MaxResamples) {
		return fmt.Errorf("%d resamples: expected 0 for no intervals, or %s to %s at confidence %v",
			i.Resamples, text.Thousands(least), text.Thousands(MaxResamples), i.Confidence)
	}
	return nil
}

// bootstraps reports whether resamples are drawn.
func (i Intervals) bootstraps() bool { return i.Method == Bootstrap && i.Resamples > 0 }

// bootstrap returns a bootstrap that reports its progress and stops with an error when ctx
// is done.
func (i Intervals) bootstrap(ctx context.Context, f Feedback) eval.Bootstrap {
	progress := f.progress("resampling")
	return eval.Bootstrap{Resamples: i.Resamples, Confidence: i.Confidence, Seed: i.Seed, Progress: func(done, total int) error {
		progress(done, total)
		return ctx.Err()
	}}
}

// Document returns the description of the intervals for a results document.
func (i Intervals) Document() results.Intervals {
	switch {
	case i.bootstraps():
		return results.Intervals{Method: Bootstrap, Resamples: i.Resamples, Confidence: results.Value(i.Confidence)}
	case i.Method == Influence:
		return results.Intervals{Method: Influence, Confidence: results.Value(i.Confidence)}
	}
	return results.Intervals{Method: "none", Confidence: results.Value(math.NaN())}
}
