// Package reportcmd is the command report, which turns results into a page.
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

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// options are the flags of report.
type options struct {
	Out     []string
	Summary bool
	Title   string
	Price   []float64 // of a prompt: strong, weak
}

// summaryVariable names the file that GitHub shows on a workflow's page.
const summaryVariable = "GITHUB_STEP_SUMMARY"

// New returns the command report.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, []string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "report [LABEL=]RESULTS...",
		Short: "Turn results into one page: HTML to explore, Markdown for a pull request",
		Long: `Turn the results.json that 'eval -o' wrote, with samples.parquet beside it, into one
page.

-o FILE.html is one file that needs no network and no server: sentences, curves with
their bands, tables that sort, a slider for the operating point (share of strong calls,
threshold, quality, cost), tasks, samples on which two routers differ, and where all of
it comes from. Without JavaScript it is the text and the tables.

-o FILE.md, or --github-summary, is the same in short.

Several results files make one page; routers of different files are compared on the
samples that their files share. LABEL= names a file; the folder does otherwise.`,
		Example: `  routellm eval --router mf,length --bench mt-bench -o out
  routellm report out/results.json -o report.html
  routellm report out/results.json -o report.md --title "Routers on MT Bench"
  routellm report out/results.json -o report.html --price 24.7,0.24`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args, o) },
	}
	f := c.Flags()
	f.StringArrayVarP(&o.Out, "out", "o", nil, "write the page to `FILE`, .html or .md; repeatable")
	f.BoolVar(&o.Summary, "github-summary", false, "append the Markdown page to the file named by "+summaryVariable)
	f.StringVar(&o.Title, "title", "", "title of the page (default the benchmarks)")
	o.Price = []float64{1, 0}
	f.Var((*cmdutil.Numbers)(&o.Price), "price", "what a prompt costs with the strong and the weak model, in any unit")
	c.ValidArgsFunction = cmdutil.FilesOf("json")
	return c
}

func (o options) check(paths []string) error {
	see := "see 'routellm report --help'"
	if len(paths) == 0 {
		return hint.With(errors.New("no results to report"), "write them with routellm eval -o DIR")
	}
	if len(o.Out) == 0 && !o.Summary {
		return hint.With(errors.New("nowhere to write: want -o FILE or --github-summary"), see)
	}
	for _, out := range o.Out {
		if pageFormat(out) == nil {
			return hint.With(fmt.Errorf("--out %q: want a name that ends in .html or .md", out), see)
		}
	}
	if o.Summary && os.Getenv(summaryVariable) == "" {
		return hint.With(fmt.Errorf("--github-summary: %s is not set", summaryVariable), "it is, in a step of a GitHub workflow")
	}
	if len(o.Price) != 2 || !(o.Price[0] >= 0 && o.Price[1] >= 0) || math.IsInf(o.Price[0]+o.Price[1], 0) {
		return fmt.Errorf("--price %s: want two numbers from 0, STRONG,WEAK", (*cmdutil.Numbers)(&o.Price))
	}
	return nil
}

// pageFormat is how a page is written to a file of that name; nil for no known one.
func pageFormat(name string) func(report.Page, io.Writer) error {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm":
		return report.Page.HTML
	case ".md", ".markdown":
		return report.Page.Markdown
	}
	return nil
}

func run(_ context.Context, s cmdutil.Streams, paths []string, o options) error {
	if err := o.check(paths); err != nil {
		return err
	}
	page, err := o.page(paths)
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
	for _, f := range files {
		if err := cmdutil.WriteFile(f.Name, f.Data); err != nil {
			return fault.Wrap(err)
		}
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

// appendSummary adds the page to what other steps have written.
func appendSummary(page report.Page) error {
	var b bytes.Buffer
	if err := page.Markdown(&b); err != nil {
		return err
	}
	f, err := os.OpenFile(os.Getenv(summaryVariable), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b.Bytes())
	return errors.Join(err, f.Close())
}
