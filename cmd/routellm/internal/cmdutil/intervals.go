package cmdutil

import (
	"github.com/spf13/cobra"

	"github.com/routellm/routellm/harness"
)

// AddIntervalFlags adds the flags that say how intervals are made.
func AddIntervalFlags(c *cobra.Command, i *harness.Intervals) {
	*i = harness.DefaultIntervals()
	f := c.Flags()
	f.IntVar(&i.Resamples, "resamples", i.Resamples, "bootstrap resamples; 0 for no intervals")
	f.Float64Var(&i.Confidence, "confidence", i.Confidence, "confidence of the intervals")
	f.Uint64Var(&i.Seed, "seed", 0, "seed of the resamples")
	f.StringVar(&i.Method, "interval", i.Method, "how intervals are made: bootstrap or influence")
}
