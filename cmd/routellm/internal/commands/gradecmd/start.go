package gradecmd

import (
	"context"
	"runtime"
	"strings"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/grading"
	"github.com/routellm/routellm/internal/text"
)

// start checks the columns of the file, and returns a run that shows its progress. other is nil if the
// correct answers are in the file.
func (o options) start(ctx context.Context, s cmdutil.Streams, g grading.Grader, in *answers.Source, other *answers.References) (*grading.Run, error) {
	head := in.Head()
	if other != nil {
		other.AddTo(head)
		o.Gold = other.Column
	}
	ro := grading.RunOptions{Kind: o.Kind, Gold: o.Gold, As: o.As, ErrorsWrong: o.Errors == "wrong", Concurrency: o.workers(), Show: o.Show}
	r := grading.NewRun(g, ro)
	if err := r.Check(head); err != nil {
		return nil, err
	}
	total := len(in.Head().Models)
	rows, err := rowsOf(ctx, in)
	if err != nil {
		return nil, err
	}
	show := s.Watch(ctx, "grading")
	ro.Progress = func(done int) error {
		if done%o.workers() != 0 && done != total*rows { // drawing takes longer than reading a number
			return nil
		}
		return show(done, total*rows)
	}
	return grading.NewRun(g, ro), nil
}

// rowsOf counts the rows, for the progress.
func rowsOf(ctx context.Context, in *answers.Source) (int, error) {
	n := 0
	err := in.Scan(ctx, batch, func(f *answers.File) error { n += f.Rows(); return nil })
	return n, err
}

// workers returns the number of answers to grade at a time.
func (o options) workers() int {
	switch {
	case o.Concurrency > 0:
		return o.Concurrency
	case strings.HasPrefix(o.Kind, "http"):
		return 8
	}
	return runtime.GOMAXPROCS(0)
}

func note(message string) string { return text.Wrap("note: " + message) }
