package datasetscmd

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
)

// digestColumn is the column of normalised digests.
const digestColumn = "prompt_norm_sha256"

// digestsOptions holds the flags of digests.
type digestsOptions struct {
	Routers []string
	Out     string
}

func newCmdDigests(s cmdutil.Streams, run func(cmdutil.Streams, digestsOptions) error) *cobra.Command {
	var o digestsOptions
	c := &cobra.Command{
		Use:   "digests --router ROUTER --out FILE",
		Short: "Write the digests of the prompts that a router was trained on",
		Long: `Write the normalised digests of a trained router's training prompts, so that any
program finds them in its own tables: a file with the one column
` + digestColumn + `, one row per prompt, sorted.

The digest is the SHA-256 of the prompt after Unicode NFC, case folding and
collapsing white space, in hex. sql leaks prints the query that joins it. With
several routers, the file has the prompts of any of them.`,
		Example: `  routellm datasets digests --router mf --out digests.parquet
  routellm datasets digests --router mf --router knn --out digests.csv`,
		Args: cmdutil.NoArgs,
		RunE: func(*cobra.Command, []string) error { return run(s, o) },
	}
	f := c.Flags()
	f.StringArrayVarP(&o.Routers, "router", "r", nil, "trained `ROUTER` (required); may be repeated")
	f.StringVarP(&o.Out, "out", "o", "", "Parquet or CSV `FILE` to write (required)")
	return c
}

func runDigests(s cmdutil.Streams, o digestsOptions) error {
	if len(o.Routers) == 0 || o.Out == "" {
		return hint.With(errors.New("--router and --out are required"), "for example --router mf --out digests.parquet")
	}
	ext := filepath.Ext(o.Out)
	if ext != ".parquet" && ext != ".csv" {
		return fmt.Errorf("--out %q: want a name that ends in .parquet or .csv", o.Out)
	}
	digests, err := trainedOn(o.Routers)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if ext == ".csv" {
		b.WriteString(digestColumn + "\n" + strings.Join(digests, "\n") + "\n")
	} else if err := datasets.WriteColumns(&b, []datasets.AnyColumn{{Name: digestColumn, Strings: digests}}, nil); err != nil {
		return fault.Wrap(err)
	}
	if err := cmdutil.WriteFile(o.Out, b.Bytes()); err != nil {
		return fault.Wrap(err)
	}
	_, err = fmt.Fprintf(s.Out, "%s: %s\n", o.Out, text.Plural(len(digests), "digest"))
	return err
}

// trainedOn returns the digests of the prompts that any of the routers was trained on, sorted.
func trainedOn(names []string) ([]string, error) {
	var all []string
	for _, name := range names {
		r, err := harness.OpenOne(name, harness.RouterOptions{})
		if err != nil {
			return nil, err
		}
		t, ok := routers.As[routers.Trained](r.Router)
		if !ok || len(t.TrainingPrompts()) == 0 {
			return nil, hint.With(fmt.Errorf("router %q: it has no digests of training prompts", name), "only routers that routellm has trained have them")
		}
		all = append(all, t.TrainingPrompts()...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
