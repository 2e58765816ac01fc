package cli

import (
	"context"
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
)

// maxResamples keeps the replicates of many routers within memory.
const maxResamples = 100_000

// intervalOptions are the flags that say how intervals are made. The zero value makes none.
type intervalOptions struct {
	Resamples  int
	Confidence float64
	Seed       uint64
	Interval   string
}

func (o *intervalOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.IntVar(&o.Resamples, "resamples", 2000, "bootstrap resamples; 0 for no intervals")
	f.Float64Var(&o.Confidence, "confidence", 0.95, "of the intervals")
	f.Uint64Var(&o.Seed, "seed", 0, "of the resamples")
	f.StringVar(&o.Interval, "interval", "bootstrap", "how intervals are made: bootstrap or influence")
}

func (o intervalOptions) check() error {
	if o.Interval != "bootstrap" && o.Interval != "influence" {
		return fmt.Errorf("--interval %q: want bootstrap or influence", o.Interval)
	}
	if !(o.Confidence > 0 && o.Confidence < 1) {
		return fmt.Errorf("--confidence %v: want it between 0 and 1", o.Confidence)
	}
	least := eval.MinResamples(o.Confidence)
	if o.Resamples != 0 && (o.Resamples < least || o.Resamples > maxResamples) {
		return fmt.Errorf("--resamples %d: want 0 for no intervals, or %s to %s at confidence %v",
			o.Resamples, thousands(least), thousands(maxResamples), o.Confidence)
	}
	return nil
}

// bootstraps reports whether resamples are drawn.
func (o intervalOptions) bootstraps() bool { return o.Interval == "bootstrap" && o.Resamples > 0 }

// bootstrap shows its progress on w and ends with ctx.
func (o intervalOptions) bootstrap(ctx context.Context, w io.Writer) eval.Bootstrap {
	progress := newProgress(w, "resampling")
	return eval.Bootstrap{Resamples: o.Resamples, Confidence: o.Confidence, Seed: o.Seed, Progress: func(done, total int) error {
		progress(done, total)
		return ctx.Err()
	}}
}

// conventions says in the document how intervals were made.
func (o intervalOptions) conventions() result.Intervals {
	switch {
	case o.bootstraps():
		return result.Intervals{Method: "bootstrap", Resamples: o.Resamples, Confidence: result.Value(o.Confidence)}
	case o.Interval == "influence":
		return result.Intervals{Method: "influence", Confidence: result.Value(o.Confidence)}
	}
	return result.Intervals{Method: "none", Confidence: result.Value(math.NaN())}
}
