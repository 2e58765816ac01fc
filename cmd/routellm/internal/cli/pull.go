package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
)

// pullOptions are the flags of pull.
type pullOptions struct{ From string }

func newCmdPull(s streams, run func(context.Context, streams, string, pullOptions) error) *cobra.Command {
	var o pullOptions
	c := &cobra.Command{
		Use:   "pull NAME",
		Short: "Get a benchmark's prompts, for routers that need the text",
		Long: `Get a benchmark's prompts into the cache folder. They are other people's text
and not part of this program; every one is checked against its built-in digest.

Without --from they are fetched from the public RouteLLM repository; --from is
a folder that already has them, as for 'datasets import routellm'.`,
		Example: "  routellm datasets pull gsm8k --from ../shared/data",
		Args:    exactArgs("NAME"),
		RunE:    func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], o) },
	}
	c.Flags().StringVar(&o.From, "from", "", "`DIR` with the originals instead of the network")
	c.ValidArgsFunction = words(benchmarks.Names()...)
	return c
}

func runPull(ctx context.Context, s streams, name string, o pullOptions) error {
	data, _ := benchmarks.Data(name)
	if !slices.Contains(benchmarks.Names(), name) {
		return hint.With(fmt.Errorf("no built-in benchmark is called %q", name), "benchmarks: "+strings.Join(benchmarks.Names(), ", "))
	}
	f, err := datasets.OpenBytes(name, data)
	if err != nil {
		return failure{err}
	}
	want, err := f.Read(datasets.Select{Digests: true})
	if err != nil {
		return failure{err}
	}
	path, err := textPath(name)
	if err != nil {
		return failure{err}
	}
	text, err := datasets.PullText(ctx, name, o.From, newProgress(s.err, "pulling "+name))
	if err != nil {
		return err
	}
	if err := text.MatchText(want); err != nil {
		return err
	}
	return writeDataset(s.out, path, text)
}

// textPath is where a benchmark's pulled prompts are kept.
func textPath(name string) (string, error) {
	dir, err := datasets.CacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "text", name+".parquet"), nil
}

// hasText reports whether a built-in benchmark's prompts were pulled.
func hasText(name string) bool {
	path, err := textPath(name)
	if err != nil {
		return false
	}
	_, err = os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}

// attachText gives a table the prompts that were pulled for it.
func attachText(name string, t *datasets.Table) error {
	if _, builtin := benchmarks.Data(name); !builtin {
		return hint.With(fmt.Errorf("%q: column %q: missing, a router needs the text", name, "prompt"),
			"routellm datasets import table keeps it")
	}
	if !slices.Contains(benchmarks.Names(), name) {
		return hint.With(fmt.Errorf("a router needs prompts, and those of %q cannot be pulled", name), "give a file with prompts: --data FILE")
	}
	pull := "routellm datasets pull " + name
	path, err := textPath(name)
	if err != nil {
		return err
	}
	f, err := datasets.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return hint.With(fmt.Errorf("a router needs the prompts of %q, which are not here", name), pull)
	}
	if err != nil {
		return hint.With(err, "pull it again: "+pull)
	}
	defer f.Close()
	text, err := f.Read(datasets.Select{Digests: true, Prompts: true})
	if err == nil {
		err = text.MatchText(t)
	}
	if err != nil {
		return hint.With(err, "pull it again: "+pull)
	}
	t.Prompt, t.HasPrompt = text.Prompt, true
	return nil
}
