package cmdutil

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/num"
)

// AddIntervalFlags defines the flags that say how intervals are computed, and sets i to
// their defaults.
func AddIntervalFlags(c *cobra.Command, i *harness.Intervals) {
	*i = harness.DefaultIntervals()
	AddFlagGroup(c, "Interval flags", func(f *pflag.FlagSet) {
		f.StringVar(&i.Method, "interval", i.Method, "`METHOD` of the intervals: bootstrap or influence")
		f.IntVar(&i.Resamples, "resamples", i.Resamples, "number of bootstrap resamples; 0 for no intervals")
		f.Var((*num.Fraction)(&i.Confidence), "confidence", "confidence of the intervals")
		f.Uint64Var(&i.Seed, "seed", 0, "seed of the bootstrap resamples")
	})
}
