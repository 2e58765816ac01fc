package datasetscmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
)

// overlapOptions holds the flags of overlap.
type overlapOptions struct {
	cmdutil.ColumnFlags
	Cosine float64
	Pairs  int
	Format string
}

// maxPairs bounds --pairs, whose pairs are held in memory.
const maxPairs = 1_000_000

func newCmdOverlap(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, string, string, overlapOptions) error) *cobra.Command {
	var o overlapOptions
	c := &cobra.Command{
		Use:   "overlap A B",
		Short: "Count the prompts of one data set that are also in another (leaks)",
		Long: `Count the rows of A whose prompt, or a near-duplicate of it, is in B. A and B
are built-in names or files. If they are the same, count the repeats within
it.

Two prompts are the same if they differ only in case and white space. They are
near-duplicates if the cosine similarity of their vectors, by the built-in
encoder, is at least --cosine: from 0.95, RouteLLM calls a prompt
contaminated. The vectors reflect the words but not their order, and are less
reliable for short prompts. A prompt without tokens is no near-duplicate of
any other.

The output ends with the closest pairs, near-duplicates or not. CSV has only
these pairs.`,
		Example: `  routellm datasets overlap judge mt-bench
  routellm datasets overlap gsm8k gsm8k --cosine 0.98 --pairs 1000 --format csv`,
		Args: cmdutil.ExactArgs("A", "B"),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], args[1], o) },
	}
	f := c.Flags()
	f.Float64Var(&o.Cosine, "cosine", 0.95, "cosine similarity from which prompts count as near-duplicates")
	f.IntVar(&o.Pairs, "pairs", 10, "number of closest pairs to show")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT`: table, csv, markdown or json")
	o.ColumnFlags.Add(c)
	c.ValidArgsFunction = cmdutil.CompleteData(benchmarks.AllNames()...)
	return c
}

func runOverlap(ctx context.Context, s cmdutil.Streams, a, b string, o overlapOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	defer o.Close()
	doc, err := harness.Overlap(ctx, a, b, harness.OverlapOptions{Feedback: s.Feedback(), Reading: reading, Cosine: o.Cosine, Pairs: o.Pairs})
	if err != nil {
		return err
	}
	return writeOverlap(s, doc, o.Format)
}

// check returns an error for flags that are out of range.
func (o overlapOptions) check() error {
	if err := cmdutil.CheckFormat(o.Format, "table", "csv", "markdown", "json"); err != nil {
		return err
	}
	if !(o.Cosine > 0 && o.Cosine <= 1) {
		return fmt.Errorf("--cosine %v: want a number above 0 and at most 1", o.Cosine)
	}
	if o.Pairs < 0 || o.Pairs > maxPairs {
		return fmt.Errorf("--pairs %d: want a number from 0 to %s", o.Pairs, text.Thousands(maxPairs))
	}
	return nil
}
