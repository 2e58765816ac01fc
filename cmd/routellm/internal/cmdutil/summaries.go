package cmdutil

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// SummaryFlags are the flags of commands that take summaries of samples in place of the samples.
// Commands embed them.
type SummaryFlags struct {
	Summaries []string // each [LABEL=]FILE
	Refined   []string // likewise

	// ScoresOnly takes histograms of scores too, which have no qualities. It is no flag.
	ScoresOnly bool
}

// Add adds the flags.
func (o *SummaryFlags) Add(c *cobra.Command) {
	AddFlagGroup(c, "Flags for summaries", func(f *pflag.FlagSet) {
		f.StringArrayVar(&o.Summaries, "summary", nil, "take a router's samples summed up in bins from `[LABEL=]FILE`, as the query of routellm sql summary makes it; a folder and files of the same label are added up; repeatable")
		f.StringArrayVar(&o.Refined, "refined", nil, "replace bins by rows of single scores from `[LABEL=]FILE`, as the query of routellm sql refine makes it; repeatable")
	})
}

// HasSummaries reports whether --summary was given.
func (o *SummaryFlags) HasSummaries() bool { return len(o.Summaries) > 0 }

// rowFlags lists the flags of [ColumnFlags] that say how any table is read.
var rowFlags = []string{"delimiter", "decimal", "sheet", "rows-at"}

// CheckSummaries refuses flags that do not go together: beside those that say how files are read, only
// the listed ones have a meaning with --summary.
func (o *SummaryFlags) CheckSummaries(flags *pflag.FlagSet, with ...string) (err error) {
	with = slices.Concat(with, rowFlags, []string{"summary", "refined", "config", "help"})
	flags.Visit(func(f *pflag.Flag) {
		switch {
		case err != nil:
		case o.HasSummaries() && !slices.Contains(with, f.Name):
			err = fmt.Errorf("--%s does not go with --summary, which has sums of samples and not the samples", f.Name)
		case !o.HasSummaries() && f.Name == "refined":
			err = hint.With(fmt.Errorf("--refined goes with --summary: it replaces bins of a summary"), "--summary FILE --refined FILE")
		}
	})
	return err
}

// OpenSummaries reads the summaries. Standard input is read from for the file "-".
func (o *SummaryFlags) OpenSummaries(ctx context.Context, r rows.Options) (*harness.Summaries, error) {
	r.Stdin = Stdin("a summary")
	return harness.OpenSummaries(ctx, harness.SummaryFiles{Paths: o.Summaries, Refined: o.Refined, Rows: r, ScoresOnly: o.ScoresOnly})
}

// ReadSummaries reads the summaries as the flags of columns say, and the pair of models of --pair.
func (o *SummaryFlags) ReadSummaries(ctx context.Context, columns *ColumnFlags, pair string) (*harness.Summaries, results.Pair, error) {
	models, err := ParsePair(pair)
	if err != nil {
		return nil, models, err
	}
	reading, err := columns.Reading()
	if err != nil {
		return nil, models, err
	}
	all, err := o.OpenSummaries(ctx, reading.Columns.Rows)
	return all, models, err
}
