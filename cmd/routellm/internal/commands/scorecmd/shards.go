package scorecmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets/filter"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// shard is a file and what is made of it.
type shard struct{ in, out string }

// shards lists the files of --in and what becomes of them. Two of the same name, and one that would
// replace itself, are errors.
func (o options) shards() ([]shard, error) {
	var all []shard
	from := map[string]string{}
	for _, pattern := range o.In {
		if pattern == "-" {
			return nil, hint.With(errors.New("--in -: Parquet cannot be read from standard input"), "--stream arrow and --stream ndjson read standard input")
		}
		parts, err := rows.Parts(pattern)
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			out := filepath.Join(o.Out, p.Name)
			if len(parts) == 1 && len(o.In) == 1 && p.Path == pattern && filepath.Ext(o.Out) == ".parquet" {
				out = o.Out
			}
			if first := from[out]; first != "" {
				return nil, hint.With(fmt.Errorf("--in: %q and %q would both become %q", first, p.Path, out), "name the folder above both, whose folders are kept, or use two --out")
			}
			if sameFile(p.Path, out) {
				return nil, hint.With(fmt.Errorf("--out %q: %q would replace itself", o.Out, p.Path), "name another folder")
			}
			from[out] = p.Path
			all = append(all, shard{p.Path, out})
		}
	}
	return all, nil
}

func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

// ofShare returns the files of --share, every N-th. There may be none.
func (o options) ofShare(all []shard) ([]shard, error) {
	if o.Share == "" {
		return all, nil
	}
	var i, n int
	if k, err := fmt.Sscanf(o.Share, "%d/%d", &i, &n); k != 2 || err != nil || i < 0 || i >= n || o.Share != fmt.Sprintf("%d/%d", i, n) {
		return nil, fmt.Errorf("--share %q: want I/N with I from 0 to N-1, such as 0/8", o.Share)
	}
	var out []shard
	for ; i < len(all); i += n {
		out = append(out, all[i])
	}
	return out, nil
}

// filterFiles scores files.
func filterFiles(ctx context.Context, s cmdutil.Streams, o options, f filter.Options, how string) error {
	shards, err := o.shards()
	if err == nil {
		shards, err = o.ofShare(shards)
	}
	if err != nil {
		return err
	}
	progress := s.Feedback().Progress
	f.Progress = func(done, total int) { progress("scoring", done, total) }
	var all filter.Count
	skipped := 0
	for _, x := range shards {
		if o.Resume {
			done, err := filter.Complete(x.in, how, x.out)
			if err != nil {
				return err
			}
			if done {
				skipped++
				continue
			}
		}
		count, err := x.filter(ctx, how, f)
		if err != nil {
			return err
		}
		all.Add(count)
	}
	noteNull(s, all)
	kept := ""
	if skipped > 0 {
		kept = fmt.Sprintf("; %s complete before", text.Plural(skipped, "file"))
	}
	_, err = fmt.Fprintf(s.Out, "%s: %s, %s%s\n", o.Out, text.Plural(len(shards)-skipped, "file"), text.Plural(all.Rows-all.Null, "score"), kept)
	return err
}

// filter scores one file.
func (x shard) filter(ctx context.Context, how string, f filter.Options) (filter.Count, error) {
	out, err := cmdutil.CreateFile(x.out)
	if err != nil {
		return filter.Count{}, err
	}
	defer out.Abort()
	count, err := filter.Parquet(ctx, x.in, how, out, f)
	if err != nil {
		return count, err
	}
	return count, fault.Wrap(out.Commit())
}
