package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/results"
)

// opener opens data sets as the options of one call say.
type opener struct {
	reading  Reading
	feedback Feedback
	names    []string                // built-in names to suggest
	only     string                  // the only model of the files that are read; "" if they may have several
	chosen   map[string]results.Pair // pairs that were chosen for data sets without one
}

func newOpener(r Reading, f Feedback) *opener {
	return &opener{reading: r, feedback: f, names: benchmarks.AllNames(), chosen: map[string]results.Pair{}}
}

// watch returns the function that shows a task's progress, and ends the task with the context.
func (o *opener) watch(ctx context.Context, task string) func(done, total int) error {
	show := o.feedback.progress(task)
	return func(done, total int) error {
		show(done, total)
		return ctx.Err()
	}
}

// named returns an error about a file without the path and operation that the system's error
// repeats.
func named(path string, err error) error {
	return fmt.Errorf("%q: %w", path, fault.Cause(err))
}
