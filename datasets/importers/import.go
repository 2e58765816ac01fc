package importers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
)

// Summary says what an import read and left out.
type Summary struct {
	Files   []string  // paths of the files, sorted
	LeftOut []LeftOut // counts by reason, in the order in which the reasons were met
}

// LeftOut counts what was left out for one reason.
type LeftOut struct {
	N    int
	What string // a noun in the singular, such as "perturbed instance"
}

// Find returns the tool of a name. For an unknown name it returns an error that lists all.
func Find(name string) (Tool, error) {
	var names []string
	for _, t := range Tools() {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return Tool{}, hint.DidYouMean(fmt.Errorf("unknown tool %q: want one of %s", name, strings.Join(names, ", ")), name, names)
}

// Import reads files of a tool: files, folders with all below them, and globs, each file plain or
// compressed with gzip or Zstandard. An error names the file, the row or the place in the
// document, what was found and what was expected. The error of ctx, and of o.Progress, ends the
// import within a moment.
func Import(ctx context.Context, t Tool, paths []string, o Options) (*Output, Summary, error) {
	o.Notef = once(o.Notef)
	if o.Collect.Repeat == datasets.RepeatError {
		o.Collect.Repeat = t.repeat
	}
	in := &input{ctx: ctx, Options: o, tool: t}
	defer in.close()
	if err := in.find(paths); err != nil {
		return nil, Summary{}, err
	}
	out := &Output{Answers: datasets.NewCollector(o.Collect)}
	if err := t.read(in, out); err != nil {
		return nil, Summary{}, err
	}
	return out, in.summary(), nil
}

// once passes on every note that differs from those before it.
func once(notef func(format string, args ...any)) func(format string, args ...any) {
	seen := map[string]bool{}
	return func(format string, args ...any) {
		if line := fmt.Sprintf(format, args...); notef != nil && !seen[line] {
			seen[line] = true
			notef("%s", line)
		}
	}
}

// input is what a tool reads from.
type input struct {
	Options
	ctx     context.Context
	tool    Tool
	files   []*file // sorted by path
	temps   []func()
	done    int64 // bytes read of those of all files
	used    map[*file]bool
	leftOut []LeftOut
	bad     int // bad rows that were left out
}

// file is a file of the tool.
type file struct {
	path string // path that the user knows
	at   string // where its bytes are: path, but for pipes
	size int64
	kind string
}

// of lists the files of a kind.
func (in *input) of(kind string) (out []*file) {
	for _, f := range in.files {
		if f.kind == kind {
			out = append(out, f)
		}
	}
	return out
}

// leave counts n things that are left out, under a noun in the singular.
func (in *input) leave(n int, what string) {
	if n == 0 {
		return
	}
	i := slices.IndexFunc(in.leftOut, func(l LeftOut) bool { return l.What == what })
	if i < 0 {
		in.leftOut, i = append(in.leftOut, LeftOut{What: what}), len(in.leftOut)
	}
	in.leftOut[i].N += n
}

// unused notes that a file was looked into, but not imported.
func (in *input) unused(path string) {
	for _, f := range in.files {
		if f.path == path {
			delete(in.used, f)
		}
	}
}

func (in *input) summary() Summary {
	s := Summary{LeftOut: in.leftOut}
	for _, f := range in.files {
		if in.used[f] {
			s.Files = append(s.Files, f.path)
		}
	}
	return s
}

// needs returns an error if there is no file of a kind.
func (in *input) needs(kind string) error {
	if len(in.of(kind)) > 0 {
		return nil
	}
	return fmt.Errorf("found no %s files of %s, expected %s", kind, in.tool.Name, in.tool.Files)
}
