// Package reportcmd implements the report command, which turns results into a page of HTML
// or Markdown.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package reportcmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
)

// options holds report's flags.
type options struct {
	cmdutil.ColumnFlags
	cmdutil.PriceFlags
	cmdutil.ProjectFlags
	cmdutil.SummaryFlags
	Out     []string // paths, .html or .md
	Summary bool
	Title   string
	Prompts bool      // put prompts and answers into the page
	Price   []float64 // USD per 1,000 prompts: strong, weak; nil if not given

	PriceFile string // prices by model, instead of Price

	// For data sets, which are evaluated first.
	Routers  []string
	Pair     string
	Clusters harness.Clustering
}

// summaryVariable is the environment variable with the path of the file that GitHub shows on
// a workflow run's page.
const summaryVariable = "GITHUB_STEP_SUMMARY"

// New returns the report command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, []string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:        "report [LABEL=]RESULTS|DATA...",
		SuggestFor: []string{"page", "html"},
		Short:      "Turn results, or outcomes, into a page of HTML or Markdown",
		Long: `Turn the results.json that 'eval -o' wrote, with samples.parquet beside it,
into one page. A folder stands for the results.json in it. A data set of
outcomes is evaluated first, as eval does: a CSV file, a folder of an
evaluation tool's logs or a built-in benchmark, with all built-in routers that
can score its prompts, or those of --router. So are summaries of samples
(--summary), with the routers that they are of.

-o FILE.html writes a single file that needs no network and no server. It has
a summary in words, curves with their bands, sortable tables, a slider for the
operating point (share of strong calls, budget, threshold, quality), results by
task, every sample with what each router decides, and the provenance of all
numbers. Without JavaScript it still shows the text, the curves and the
tables.

Results of several models ('eval --models') have a slider for the budget: what
each router does within it, what that saves against always calling the best
model, and the share of the prompts that each model answers.

Costs are in USD per 1,000 prompts where the results have them or --price gives
them. Otherwise the page counts calls to the strong model.

-o FILE.md and --github-summary write a short form of the page in Markdown.

Several results files make one page. Routers of different files are compared
on the samples that the files share. LABEL= names a file; without it, the
folder's name is used.`,
		Example: `  routellm report outcomes.csv -o report.html
  routellm eval --router mf,length --bench mt-bench -o out
  routellm report out -o report.html
  routellm report out -o report.md --title "Routers on MT Bench"
  routellm report out -o report.html --price 24.7,0.24`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			named := len(args) > 0 || o.HasOutcomes()
			if err := o.ApplyConfig(c, named, "summary"); err != nil {
				return err
			}
			if !named && !o.HasSummaries() {
				args = o.ConfigData()
			}
			o.NoteConfig(s)
			if len(args) == 0 {
				if err := o.CheckSummaries(c.Flags(), withSummary...); err != nil {
					return err
				}
			}
			return run(c.Context(), s, args, o)
		},
	}
	f := c.Flags()
	f.StringArrayVarP(&o.Out, "out", "o", nil, "write the page to `FILE` (.html or .md); repeatable")
	f.BoolVar(&o.Summary, "github-summary", false, "append the Markdown page to the file that "+summaryVariable+" names")
	f.StringVar(&o.Title, "title", "", "title of the page (default the names of the benchmarks)")
	f.BoolVar(&o.Prompts, "prompts", true, "put the prompts, and answers that are stored, into the HTML page where the data has them")
	f.StringArrayVarP(&o.Routers, "router", "r", []string{"all"}, "`ROUTERS` to evaluate on a data set")
	f.StringVar(&o.Pair, "pair", "", "models of a data set to evaluate, `STRONG,WEAK`, instead of its own pair")
	cmdutil.AddClusterFlag(c, &o.Clusters)
	f.Var(cmdutil.PricesFlag(&o.Price, &o.PriceFile, o.Prices()), "price", "cost of 1,000 prompts in USD, instead of measured costs: `STRONG,WEAK|FILE`, two numbers, or a file of prices that datasets import wrote; or MODEL=IN,OUT, USD per million tokens, for a data set")
	o.AddLabels(c)
	o.AddGoldPart(c)
	o.ColumnFlags.Add(c)
	o.PriceFlags.Add(c)
	o.SummaryFlags.Add(c)
	o.AddConfig(c)
	c.ValidArgsFunction = cmdutil.CompleteData(benchmarks.Names()...)
	return c
}

// check returns an error if there is nothing to read, nowhere to write, or a flag that is
// not valid.
func (o *options) check(paths []string) error {
	see := "see 'routellm report --help'"
	if len(paths) == 0 && !o.HasSummaries() {
		return hint.With(errors.New("nothing given: want results.json or a data set of outcomes"), "routellm eval -o DIR writes results", "for example: routellm report mmlu -o report.html")
	}
	if len(o.Out) == 0 && !o.Summary {
		return hint.With(errors.New("no output given: want -o FILE or --github-summary"), "for example -o report.html", see)
	}
	for _, out := range o.Out {
		if pageFormat(out) == nil {
			return hint.With(fmt.Errorf("--out %q: want a name that ends in .html or .md", out), see)
		}
	}
	if o.Summary && os.Getenv(summaryVariable) == "" {
		return hint.With(fmt.Errorf("--github-summary: %s is not set", summaryVariable), "GitHub sets it in every step of a workflow")
	}
	if o.PriceFile == "" && o.Price != nil && (len(o.Price) != 2 || !(o.Price[0] >= 0 && o.Price[1] >= 0) || math.IsInf(o.Price[0]+o.Price[1], 0)) {
		return fmt.Errorf("--price %s: want two finite numbers, STRONG,WEAK, neither negative", (*cmdutil.Numbers)(&o.Price))
	}
	return nil
}

// pageFormat returns the function that writes a page to a file of that name, nil for an
// unknown extension.
func pageFormat(name string) func(report.Page, io.Writer) error {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm":
		return report.Page.HTML
	case ".md", ".markdown":
		return report.Page.Markdown
	}
	return nil
}

func run(ctx context.Context, s cmdutil.Streams, paths []string, o options) error {
	if o.HasOutcomes() {
		paths = append(paths, harness.JoinedOutcomes)
	}
	if err := o.check(paths); err != nil {
		return err
	}
	page, err := o.page(ctx, s, paths)
	if err != nil {
		return err
	}
	var files []cmdutil.File
	for _, out := range o.Out {
		var b bytes.Buffer
		if err := pageFormat(out)(page, &b); err != nil {
			return fault.Wrap(err)
		}
		files = append(files, cmdutil.File{Name: out, Data: b.Bytes()})
	}
	if err := cmdutil.WriteFiles("", files); err != nil {
		return fault.Wrap(err)
	}
	for _, f := range files {
		fmt.Fprintf(s.Err, "wrote %s\n", f.Name)
	}
	if !o.Summary {
		return nil
	}
	if err := appendSummary(page); err != nil {
		return fault.Wrap(fmt.Errorf("--github-summary: %w", err))
	}
	return nil
}

// appendSummary appends the page to GitHub's summary file, which may hold other steps' text.
func appendSummary(page report.Page) error {
	var b bytes.Buffer
	if err := page.Markdown(&b); err != nil {
		return err
	}
	return outfile.Append(os.Getenv(summaryVariable), b.Bytes())
}
