package datasetscmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
)

// pullOptions holds the flags of pull.
type pullOptions struct{ From string }

func newCmdPull(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, string, pullOptions) error) *cobra.Command {
	var o pullOptions
	c := &cobra.Command{
		Use:   "pull NAME",
		Short: "Fetch a benchmark's prompts, for routers that need the text",
		Long: `Fetch a benchmark's prompts into the cache folder, for routers that need the
text. The prompts are other people's text and not part of this program. Each
one is checked against its built-in digest.

Without --from, the prompts are downloaded from the public RouteLLM
repository. --from names a folder that already has them, as for 'datasets
import routellm'.`,
		Example: `  routellm datasets pull gsm8k
  routellm datasets pull gsm8k --from originals`,
		Args: cmdutil.ExactArgs("NAME"),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], o) },
	}
	c.Flags().StringVar(&o.From, "from", "", "`DIR` with RouteLLM's files, to read instead of downloading")
	c.ValidArgsFunction = cmdutil.Words(benchmarks.Names()...)
	return c
}

func runPull(ctx context.Context, s cmdutil.Streams, name string, o pullOptions) error {
	data, _ := benchmarks.Data(name)
	if err := harness.CheckBenchmark(name); err != nil {
		return err
	}
	f, err := datasets.OpenBytes(name, data)
	if err != nil {
		return fault.Wrap(err)
	}
	want, err := f.Read(datasets.Select{Digests: true})
	if err != nil {
		return fault.Wrap(err)
	}
	path, err := harness.TextPath(name)
	if err != nil {
		return fault.Wrap(err)
	}
	text, err := datasets.PullText(ctx, name, o.From, cmdutil.Progress(s.Err, "pulling "+name))
	if err != nil {
		return err
	}
	if err := text.MatchText(want); err != nil {
		return err
	}
	return cmdutil.WriteDataset(s.Out, path, text)
}
