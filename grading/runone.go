package grading

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/answers"
)

// one grades the answer of model k in row i.
func (r *Run) one(ctx context.Context, f *answers.File, k, i int) (outcome, error) {
	o := outcome{Grade: Grade{Value: math.NaN()}}
	t, state := r.task(f, k, i)
	if o.state = state; state == graded {
		g, err := r.grader.Grade(ctx, t)
		if err := r.ended(ctx, (r.rows+i)*len(f.Models)+k, f.Name, t, err); err != nil {
			return o, err
		}
		o.Grade = g
		switch {
		case err != nil:
			o.Grade, o.state = Grade{Value: math.NaN(), Why: err.Error()}, failed
		case math.IsNaN(g.Value):
			o.state = badReference
		case g.Why != "":
			o.state = unreadable
		}
	}
	if r.options.ErrorsWrong && (o.state == missing || o.state == failed) && r.referenced(f, i) {
		o.Value = 0
	}
	return o, r.told()
}

// task returns what there is to grade; another state than graded says that there is nothing.
func (r *Run) task(f *answers.File, k, i int) (Task, state) {
	m := f.Models[k]
	t := Task{SampleID: f.SampleID[i], Model: m.Name, Columns: map[string]string{}}
	for _, c := range f.Passed {
		if c.Values[i] != nil {
			t.Columns[c.Name] = *c.Values[i]
		}
	}
	if f.Prompt != nil {
		t.Prompt = f.Prompt[i]
	}
	if m.Text == nil || m.Text[i] == nil {
		return t, missing
	}
	t.Answer = *m.Text[i]
	if r.options.Gold != "" {
		if !r.referenced(f, i) {
			return t, noReference
		}
		t.Reference = *f.PassedColumn(r.options.Gold)[i]
	}
	return t, graded
}

// referenced reports whether row i has a reference, or needs none.
func (r *Run) referenced(f *answers.File, i int) bool {
	return r.options.Gold == "" || f.PassedColumn(r.options.Gold)[i] != nil
}

// hopeless is the number of errors without a grade after which a run stops.
const hopeless = 20

// ended counts how a grading ended. It returns an error that ends the run.
func (r *Run) ended(ctx context.Context, n int, path string, t Task, err error) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err == nil {
		r.graded++
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var reference *ReferenceError
	row := n/max(1, len(r.tallies)) + 1
	switch {
	case errors.As(err, &reference):
		return fmt.Errorf("%q: row %d (%s), column %q: %w", path, row, t.SampleID, r.options.Gold, err)
	case isFatal(err):
		return err
	}
	r.failed++
	if r.firstError == nil || n < r.firstFailed {
		r.firstError, r.firstFailed = fmt.Errorf("row %d (%s), answer of %s: %w", row, t.SampleID, t.Model, err), n
	}
	if r.failed >= hopeless && r.graded == 0 {
		return fmt.Errorf("the first %d answers could not be graded: %w", r.failed, r.firstError)
	}
	return nil
}

// told reports the progress.
func (r *Run) told() error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.done++
	if r.options.Progress == nil {
		return nil
	}
	return r.options.Progress(r.done)
}
