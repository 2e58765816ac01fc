// Package cachecmd is the command cache, which shows and removes what commands keep for later.
package cachecmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// kind describes one sub-folder of the cache folder.
type kind struct{ name, holds string }

var kinds = []kind{
	{"answers", "paid answers of models (answer, judge)"},
	{"embeddings", "vectors from servers, scores of causal_llm"},
	{"text", "prompts of benchmarks (datasets pull)"},
}

func names() []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = k.name
	}
	return out
}

type options struct{ Remove []string }

// New returns the command cache.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "cache",
		Short: "Show or remove what was kept for later",
		Long: `Show how much the commands keep in the user's cache folder, so that they pay for
nothing twice: answers of models, vectors and downloaded prompts. Answers and
prompts are private: only the user can read the files.

--remove removes one kind. Answers that are removed cost money again. A folder
that was chosen with --cache or --encoder-cache is not shown here.`,
		Example: `  routellm cache
  routellm cache --remove answers`,
		Args: cmdutil.NoArgs,
		RunE: func(*cobra.Command, []string) error { return run(s, o) },
	}
	c.Flags().StringArrayVar(&o.Remove, "remove", nil, "remove what is kept of a `KIND`: answers, embeddings or text; repeatable")
	_ = c.RegisterFlagCompletionFunc("remove", cmdutil.Words(names()...)) // fails if the flag does not exist
	return c
}

func run(s cmdutil.Streams, o options) error {
	for _, name := range o.Remove {
		if !slices.Contains(names(), name) {
			return hint.DidYouMean(fmt.Errorf("--remove %q: want answers, embeddings or text", name), name, names())
		}
	}
	dir, err := datasets.CacheDir()
	if err != nil {
		return fault.Wrap(err)
	}
	if len(o.Remove) > 0 {
		return remove(s, dir, o.Remove)
	}
	return show(s, dir)
}

// show writes a table of what is kept.
func show(s cmdutil.Streams, dir string) error {
	t := table.Table{Header: []string{"kind", "holds", "files", "size"}, Left: []int{1}}
	for _, k := range kinds {
		u, err := usageOf(filepath.Join(dir, k.name))
		if err != nil {
			return fault.Wrap(err)
		}
		t.Add(k.name, k.holds, text.Thousands(u.files), u.size())
	}
	if err := t.Text(s.Out); err != nil {
		return err
	}
	fmt.Fprintf(s.Err, "folder: %s\n", dir)
	return nil
}

// remove removes some kinds, and says how much there was of each.
func remove(s cmdutil.Streams, dir string, names []string) error {
	for _, name := range names {
		path := filepath.Join(dir, name)
		u, err := usageOf(path)
		if err == nil {
			err = os.RemoveAll(path)
		}
		if err != nil {
			return fault.Wrap(err)
		}
		fmt.Fprintf(s.Err, "removed %s: %s, %s\n", name, text.Plural(u.files, "file"), u.size())
	}
	return nil
}

// usage is the room that files take.
type usage struct {
	files int
	bytes int64
}

// usageOf counts the files below a folder, which need not exist.
func usageOf(dir string) (u usage, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Size() == 0 { // an empty file is a lock
			return err
		}
		u.files++
		u.bytes += info.Size()
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return u, err
}

// size returns the bytes with a unit of a thousand bytes or more.
func (u usage) size() string {
	if u.bytes == 0 {
		return "0"
	}
	n, units := float64(u.bytes)/1e3, []string{"kB", "MB", "GB", "TB"}
	for n >= 999.5 && len(units) > 1 {
		n, units = n/1e3, units[1:]
	}
	if n < 10 {
		return fmt.Sprintf("%.1f %s", max(n, 0.1), units[0])
	}
	return fmt.Sprintf("%.0f %s", n, units[0])
}
