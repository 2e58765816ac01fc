// Package summaries reads summaries: tables with one row per bin of scores, which SQL engines make
// from tables of any size. [Read] reads one or more files, checks them and adds them up. Package
// binned computes with them.
//
// The columns of a summary:
//
//   - bin: names the bin. Rows of the same bin, bucket, task and router are added up.
//   - score_min, score_max: smallest and largest score of the bin's samples.
//   - n: number of samples or, with weights, the sum of them; then rows counts the samples.
//   - strong, weak, gain2: sums of the qualities and of the squared gains, each times its weight.
//   - area, if there is one: see [binned.Bin].
//   - router, task, bucket, if there are such columns: what the row is about.
//
// Bin and scores are null in a row that counts the samples that cannot be used.
package summaries

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Options says how summaries are read.
type Options struct {
	rows.Options
	// ScoresOnly takes summaries without qualities too: plain histograms of scores. Their sums are 0.
	ScoresOnly bool
}

// Set holds what was read.
type Set struct {
	Routers []Router // summaries in ascending order of the routers' names
	Files   []File   // files that were read, one per path
}

// File describes a path that was read.
type File struct {
	Path   string
	SHA256 string   // see [rows.Table.Digest]
	Format string   // such as "CSV"
	Parts  []string // files of a folder or pattern; nil for one file
}

// Router is the summary of one router.
type Router struct {
	Name    string // value of the column router; "" without one
	Summary *binned.Summary
}

// Read reads files that are parts of one summary, each as [rows.Open] does, and adds them up. An
// error names file, row and column, and what was
// expected.
func Read(ctx context.Context, paths []string, o Options) (*Set, error) {
	if len(paths) == 0 {
		return nil, errors.New("no summary is named: want at least one file")
	}
	r, out := &reader{options: o, routers: map[string]*sums{}, tasks: map[string]int32{}}, &Set{}
	for _, path := range paths {
		f, err := r.file(ctx, path)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(out.Files, func(x File) bool { return x.SHA256 == f.SHA256 }); i >= 0 {
			return nil, hint.With(fmt.Errorf("%q and %q have the same bytes: expected parts of one summary", out.Files[i].Path, path), "name each part once: its rows would count twice")
		}
		out.Files = append(out.Files, f)
	}
	if len(r.routers) == 0 {
		return nil, hint.With(fmt.Errorf("%s: no row of the table can be used (%s)", text.Quoted(paths, 3), text.Plural(int(r.unused[""]), "row")),
			"are the score and both qualities in the columns that the query names?")
	}
	for _, name := range slices.Sorted(maps.Keys(r.unused)) {
		if r.routers[name] == nil && name != "" {
			return nil, fmt.Errorf("%s: no row of the router %q can be used (%s)", text.Quoted(paths, 3), name, text.Plural(int(r.unused[name]), "row"))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.routers)) {
		s, err := r.summary(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", text.Quoted(paths, 3), err)
		}
		out.Routers = append(out.Routers, Router{name, s})
	}
	return out, nil
}
