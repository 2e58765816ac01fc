// Package figurescmd implements the figures command, which reproduces the figures and tables
// of the RouteLLM paper.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package figurescmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/figures"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/plots"
)

// options holds figures' flags.
type options struct {
	cmdutil.PictureFlags
	Formats   cmdutil.Formats
	Out       string
	Resamples int
	Seed      uint64
}

// figuresConfidence is the confidence of all intervals, the same as of the bands in plots.
const figuresConfidence = 0.95

// New returns the figures command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "figures --out DIR",
		Short: "Reproduce the RouteLLM paper's figures and tables",
		Long: `Reproduce every figure and table of the RouteLLM paper (arXiv 2406.18665) from
built-in data, with the published numbers beside ours. The output folder gets
figures.md, which shows all of them, the figures as SVG, PNG and PDF, all
numbers as CSV and JSON, and the tables as text. A router looks the same in
every figure.

Our number counts as better or worse than a published one only if its whole
bootstrap interval lies on one side of it. The paper's claims are printed with
our results.`,
		Example: "  routellm figures -o figures --resamples 100",
		Args:    cmdutil.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Context(), s, o) },
	}
	f := c.Flags()
	f.StringVarP(&o.Out, "out", "o", "", "`DIR` to write the files to (required)")
	f.IntVar(&o.Resamples, "resamples", 2000, "number of bootstrap resamples")
	f.Uint64Var(&o.Seed, "seed", 1, "seed for drawing the resamples")
	o.Formats.Add(c, render.UsualFormats, render.UsualFormats)
	o.PictureFlags.Add(c)
	return c
}

// check returns an error for flags that are missing or out of range.
func (o options) check() error {
	if o.Out == "" {
		return hint.With(errors.New("--out is required"), "for example -o figures")
	}
	if info, err := os.Stat(o.Out); err == nil && !info.IsDir() {
		return fmt.Errorf("--out %q: want a folder, found a file", o.Out)
	}
	if err := o.Formats.Check(); err != nil {
		return err
	}
	if _, err := render.StyleOf(o.PictureFlags); err != nil {
		return err
	}
	if least := eval.MinResamples(figuresConfidence); o.Resamples < least {
		return fmt.Errorf("--resamples %d: want at least %d for intervals of %g %%", o.Resamples, least, 100*figuresConfidence)
	}
	return nil
}

// pictures returns the formats of pictures that are wanted.
func (o options) pictures() []plots.Format {
	return slices.DeleteFunc(plots.Formats(), func(f plots.Format) bool { return !o.Formats.Has(string(f)) })
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	data, err := figuresData(ctx, s)
	if err != nil {
		return fault.Wrap(err) // all inputs are built in, so it is not the user's fault
	}
	boot := eval.Bootstrap{Resamples: o.Resamples, Confidence: figuresConfidence, Seed: o.Seed}
	style, err := render.StyleOf(o.PictureFlags)
	if err != nil {
		return err
	}
	made, err := figures.Make(ctx, data, boot, figures.Drawing{Style: style, Formats: o.pictures(), Has: o.Formats.Has}, cmdutil.Progress(s.Err, "resampling"))
	if err != nil {
		return fault.Wrap(err)
	}
	files := make([]cmdutil.File, len(made.Files))
	for i, f := range made.Files {
		files[i] = cmdutil.File{Name: f.Name, Data: f.Data}
	}
	if err := cmdutil.WriteFiles(o.Out, files); err != nil {
		return fault.Wrap(err)
	}
	fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
	return made.Claims.Text(s.Out)
}
