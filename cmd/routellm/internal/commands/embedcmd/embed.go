// Package embedcmd implements the embed command, which adds the vector of each prompt to a
// data set.
//
// [New] returns the command: newCmd parses the flags and run does the work.
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

// options holds embed's flags.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.ColumnFlags
	Data, Out string
	DropText  bool
}

// New returns the embed command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "embed --data NAME|FILE --out FILE",
		Short: "Add the embedding vector of each prompt to a data set",
		Long: `Write a copy of a data set with the column embedding, an encoder's vector of
each prompt, so that each vector is computed only once.

--encoder static is built in. --encoder openai asks any OpenAI-compatible
server for embeddings; --encoder-url is its address and OPENAI_API_KEY its
key. Vectors are cached as they arrive: after an error or an interruption, the
same command resumes where it stopped.

For a built-in benchmark, fetch its text first: routellm datasets pull NAME.`,
		Example: "  routellm embed --data mine.parquet --out vectors.parquet",
		Args:    cmdutil.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Context(), s, o) },
	}
	c.Flags().StringVar(&o.Data, "data", "", "data set to read: a benchmark's name or a `FILE` with prompts (required)")
	c.Flags().StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write (required)")
	c.Flags().BoolVar(&o.DropText, "drop-text", false, "leave out the text of the prompts; their vectors, cues, digests and text features stay")
	o.EncoderFlags.Add(c)
	o.ColumnFlags.Add(c)
	return c
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if o.Data == "" || o.Out == "" {
		return hint.With(errors.New("--data and --out are required"), "for example --data mmlu --out vectors.parquet")
	}
	if err := o.Check(); err != nil {
		return err
	}
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	defer o.Close()
	f, _, err := harness.OpenData(ctx, o.Data, reading, s.Feedback())
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
