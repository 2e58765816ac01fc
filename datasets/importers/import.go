package importers

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/datasets"
)

// Import reads files of a tool: files, folders with all below them, and globs, each file plain or
// compressed with gzip or Zstandard. An error names the file, the row or the place in the
// document, what was found and what was expected. The error of ctx, and of o.Progress, ends the
// import within a moment.
func Import(ctx context.Context, t Tool, paths []string, o Options) (*Output, Summary, error) {
	o.Notef = once(o.Notef)
	if o.Collect.Repeat == datasets.RepeatError {
		o.Collect.Repeat = t.repeat
	}
	in := &input{ctx: ctx, Options: o, tool: t, detect: Detect}
	defer in.close()
	if err := in.find(paths); err != nil {
		return nil, Summary{}, err
	}
	out := &Output{Answers: datasets.NewCollector(o.Collect)}
	if err := t.read(in, out); err != nil {
		return nil, Summary{}, err
	}
	if err := in.checkChoices(); err != nil {
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
