// Package embedcmd is the command embed, which writes prompt vectors.
package embedcmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
)

// options are the flags of embed.
type options struct {
	cmdutil.EncoderFlags
	Data, Out string
	DropText  bool
}

// New returns the command embed.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "embed --data NAME|FILE --out FILE",
		Short: "Write a data set with a vector of each prompt",
		Long: `Write a data set with a column embedding, the vector of each prompt by an encoder,
so that nobody has to make it twice.

--encoder static is built in. --encoder openai asks any OpenAI-compatible server for
embeddings: OPENAI_API_KEY is its key, --encoder-url its address. Vectors are kept in
a cache as they arrive: after an error, or if the program is stopped, the same
command goes on where it was.

A built-in benchmark needs its text: routellm datasets pull.`,
		Example: "  routellm embed --data mine.parquet --out vectors.parquet",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Context(), s, o) },
	}
	c.Flags().StringVar(&o.Data, "data", "", "a benchmark or Parquet `FILE` with prompts (required)")
	c.Flags().StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write (required)")
	c.Flags().BoolVar(&o.DropText, "drop-text", false, "leave the prompts' text out; their vectors and counts stay")
	o.Add(c)
	return c
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if o.Data == "" || o.Out == "" {
		return hint.With(errors.New("--data and --out are required"), "for example --data mmlu --out vectors.parquet")
	}
	if err := o.Check(); err != nil {
		return err
	}
	f, _, err := harness.OpenData(o.Data)
	if err != nil {
		return err
	}
	defer f.Close()
	t, err := f.Read(datasets.Select{AllModels: true, Digests: true, Features: true, Prompts: true, Battles: true, Extras: true})
	if err != nil {
		return err
	}
	if !t.HasPrompt {
		if err := harness.AttachText(o.Data, t); err != nil {
			return err
		}
	}
	encoders := harness.NewEncoders(o.Options(), s.Feedback())
	if err := encoders.Open(); err != nil {
		return err
	}
	vectors, name, digest, err := encoders.Encode(ctx, t.Prompt)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name(), err)
	}
	t.SetVectors(name, digest, vectors)
	if o.DropText {
		t.DropPrompts()
	}
	return cmdutil.WriteDataset(s.Out, o.Out, t)
}
