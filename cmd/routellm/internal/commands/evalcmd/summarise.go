package evalcmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
)

// summariseFlags are the flags of an evaluation that sums up its samples first.
type summariseFlags struct {
	Summarise  bool
	Buckets    int
	Bins       int
	SummaryOut string
}

// add adds the flags.
func (o *summariseFlags) add(c *cobra.Command) {
	cmdutil.AddFlagGroup(c, "Flags for data larger than memory", func(f *pflag.FlagSet) {
		f.BoolVar(&o.Summarise, "summarise", false, "sum up the samples in bins of scores, in constant memory, and evaluate the sums; score files must have the order of the data")
		f.IntVar(&o.Buckets, "buckets", harness.DefaultBuckets, "with --summarise, the `NUMBER` of buckets of clusters, for intervals; 0 for none")
		f.IntVar(&o.Bins, "bins", 0, "with --summarise, the largest `NUMBER` of bins (default 4096, or 65536 without buckets)")
		f.StringVar(&o.SummaryOut, "summary-out", "", "with --summarise, also write the summary to `FILE`, for --summary of other commands")
	})
}

// onlySummarise lists the flags that have no meaning without --summarise.
var onlySummarise = []string{"buckets", "bins", "summary-out"}

// notSummarised lists the flags that ask for samples one by one.
var notSummarised = []string{"by", "artifact", "in-sample", "compat", "num-results", "gold-part", "exclude-near", "strict", "models", "summary", "refined", "prices", "price", "outcomes"}

// checkGiven refuses flags that do not go together.
func (o *summariseFlags) checkGiven(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		switch {
		case err != nil:
		case o.Summarise && slices.Contains(notSummarised, f.Name):
			err = fmt.Errorf("--%s does not go with --summarise, which keeps sums of samples and not the samples", f.Name)
		case !o.Summarise && slices.Contains(onlySummarise, f.Name):
			err = hint.With(fmt.Errorf("--%s goes with --summarise: it is about summing up samples", f.Name), "--summarise --bench FILE")
		}
	})
	return err
}

// summarise sums up the samples and evaluates routers by the sums.
func (o *options) summarise(ctx context.Context, s cmdutil.Streams) (*harness.Evaluation, error) {
	if len(o.Benches) != 1 || !o.benched {
		return nil, hint.With(fmt.Errorf("--summarise evaluates one data set: expected one --bench"), "--summarise --bench FILE --pair STRONG,WEAK")
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return nil, err
	}
	reading, err := o.Reading()
	if err != nil {
		return nil, err
	}
	registry, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return nil, err
	}
	names := o.Routers
	if !o.routed {
		names = nil
	}
	all, err := harness.Summarise(ctx, o.Benches[0], names, harness.SummariseOptions{
		Feedback: s.Feedback(), Reading: reading, Encoder: o.Options(), Routers: registry, Pair: pair, Clusters: o.Clusters,
		Buckets: o.Buckets, Bins: o.Bins,
	})
	if err != nil {
		return nil, err
	}
	if o.SummaryOut != "" {
		w, err := outfile.Create(o.SummaryOut)
		if err != nil {
			return nil, fault.Wrap(err)
		}
		defer w.Abort()
		err = all.Write(w)
		if err == nil {
			err = w.Commit()
		}
		if err != nil {
			return nil, fault.Wrap(err)
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.SummaryOut)
	}
	return o.evaluateSums(ctx, s, all, pair)
}
