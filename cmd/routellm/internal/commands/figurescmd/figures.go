// Package figurescmd is the command figures, which makes the publication's figures.
package figurescmd

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/figures"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// options are the flags of figures.
type options struct {
	Out       string
	Resamples int
	Seed      uint64
}

// figuresConfidence is that of all intervals; plots' bands have the same.
const figuresConfidence = 0.95

// New returns the command figures.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "figures --out DIR",
		Short: "Make the RouteLLM publication's figures and tables from built-in data",
		Long: `Make every figure and table of the RouteLLM publication (arXiv 2406.18665) from
built-in data, with the published numbers beside ours: figures.md shows all of them,
with SVG, PNG and CSV files beside it.

Whether ours is better or worse than a published number is told by its bootstrap
interval: the whole of it has to be on one side. The publication's claims are printed
with our answers.`,
		Example: "  routellm figures -o figures --resamples 100",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Context(), s, o) },
	}
	f := c.Flags()
	f.StringVarP(&o.Out, "out", "o", "", "`DIR` to write to (required)")
	f.IntVar(&o.Resamples, "resamples", 2000, "resamples of the bootstrap")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of the resamples")
	return c
}

func (o options) check() error {
	if o.Out == "" {
		return hint.With(errors.New("--out is required"), "for example -o figures")
	}
	if info, err := os.Stat(o.Out); err == nil && !info.IsDir() {
		return fmt.Errorf("--out %q: a file, want a folder", o.Out)
	}
	if least := eval.MinResamples(figuresConfidence); o.Resamples < least {
		return fmt.Errorf("--resamples %d: want at least %d for intervals of %g %%", o.Resamples, least, 100*figuresConfidence)
	}
	return nil
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	data, err := figuresData(ctx, s)
	if err != nil {
		return fault.Wrap(err) // nothing in it is the user's
	}
	boot := eval.Bootstrap{Resamples: o.Resamples, Confidence: figuresConfidence, Seed: o.Seed}
	made, err := figures.Make(ctx, data, boot, cmdutil.Progress(s.Err, "resampling"))
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
