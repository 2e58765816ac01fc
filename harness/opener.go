package harness

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// opener opens data sets as the options of one call say.
type opener struct {
	reading  Reading
	feedback Feedback
	names    []string                // built-in names to suggest
	only     string                  // the only model of the files that are read; "" if they may have several
	chosen   map[string]results.Pair // pairs that were chosen for data sets without one
	own      bool                    // qualities are those of the columns "quality:MODEL" alone, not found by convention
	models   []string                // models of the data sets that were opened
}

func newOpener(r Reading, f Feedback) *opener {
	return &opener{reading: r, feedback: f, names: benchmarks.AllNames(), chosen: map[string]results.Pair{}}
}

// checkNames returns an error if prices are of a model that none of the data sets has: it is likely
// misspelt, and its costs would be others than the user thinks.
func (o *opener) checkNames(p Pricing) error {
	for _, name := range p.names() {
		if !slices.Contains(o.models, name) {
			err := fmt.Errorf("a price, an alias or --free is for the model %q, which the data does not have", name)
			return hint.DidYouMean(hint.With(err, modelsHint(o.models)...), name, o.models)
		}
	}
	return nil
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
