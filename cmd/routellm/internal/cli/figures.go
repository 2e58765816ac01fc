package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/figures"
	"github.com/routellm/routellm/eval"
)

// figuresOptions are the flags of figures.
type figuresOptions struct {
	Out       string
	Resamples int
	Seed      uint64
}

// figuresConfidence is that of all intervals; plots' bands have the same.
const figuresConfidence = 0.95

// newOfFigures returns the command figures.
func newOfFigures(s streams) *cobra.Command { return newCmdFigures(s, runFigures) }

func newCmdFigures(s streams, run func(context.Context, streams, figuresOptions) error) *cobra.Command {
	var o figuresOptions
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

func (o figuresOptions) check() error {
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

func runFigures(ctx context.Context, s streams, o figuresOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	data, err := figuresData(ctx, s)
	if err != nil {
		return fault.Wrap(err) // nothing in it is the user's
	}
	boot := eval.Bootstrap{Resamples: o.Resamples, Confidence: figuresConfidence, Seed: o.Seed}
	made, err := figures.Make(ctx, data, boot, newProgress(s.err, "resampling"))
	if err != nil {
		return fault.Wrap(err)
	}
	files := make([]file, len(made.Files))
	for i, f := range made.Files {
		files[i] = file{f.Name, f.Data}
	}
	if err := writeFiles(o.Out, files); err != nil {
		return fault.Wrap(err)
	}
	fmt.Fprintf(s.err, "wrote %s\n", o.Out)
	return made.Claims.Text(s.out)
}
