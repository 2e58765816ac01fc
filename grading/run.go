package grading

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// RunOptions says which answers are graded, and how the grades are kept.
type RunOptions struct {
	Kind        string // Kind is the grader's kind, for messages
	Gold        string // Gold names the column of references; "" if the grader needs none
	As          string // As is the name of the new labels; "" stands for quality
	ErrorsWrong bool   // ErrorsWrong gives 0 to answers that are missing or failed
	Concurrency int    // Concurrency is the number of answers to grade at a time; 0 stands for 1
	Show        int    // Show is the number of disagreements to keep
	// Progress, if non-nil, is called after each answer, never concurrently. If it returns an error,
	// the run stops and returns it.
	Progress func(done int) error
}

// Run grades the answers of a file, batch by batch. Get one from [NewRun].
type Run struct {
	grader  Grader
	options RunOptions
	rows    int // rows of the batches before
	tallies []*tally
	shown   []Disagreement
	doc     results.Grading

	mutex          sync.Mutex
	done           int
	failed, graded int
	firstError     error
	firstFailed    int // number of the answer whose error is firstError
	badRows        []string
}

// NewRun returns a run that has graded nothing.
func NewRun(g Grader, o RunOptions) *Run {
	if o.As == "" {
		o.As = answers.Quality
	}
	r := &Run{grader: g, options: o}
	r.doc = results.Grading{SchemaVersion: results.SchemaVersion, Tool: results.Tool{Name: results.ToolName}, Kind: o.Kind, Gold: o.Gold, Labels: o.As,
		Models: []results.GradedModel{}, Warnings: []string{}}
	return r
}

// state says what became of an answer.
type state int

const (
	graded       state = iota
	unreadable         // graded 0
	missing            // there is no answer
	failed             // the grader failed
	noReference        // there is no reference
	badReference       // the reference cannot be read
)

// outcome describes what became of one answer.
type outcome struct {
	Grade
	state state
}

// Check returns an error if a file's columns do not allow the run: it has labels of the same name, or
// no column of references.
func (r *Run) Check(f *answers.File) error {
	if err := f.CheckLabels(r.options.As); err != nil {
		return err
	}
	if r.options.Gold == "" || f.PassedColumn(r.options.Gold) != nil {
		return nil
	}
	var names []string
	for _, c := range f.Passed {
		names = append(names, c.Name)
	}
	err := fmt.Errorf("%q: no column %q of correct answers", f.Name, r.options.Gold)
	return hint.With(hint.DidYouMean(err, r.options.Gold, names), "columns that the prompts file had: "+text.Quoted(names, 20))
}

// Add grades a batch of rows and adds the labels to it. All batches have the same columns.
func (r *Run) Add(ctx context.Context, f *answers.File) error {
	if err := r.Check(f); err != nil {
		return err
	}
	r.begin(f)
	all, err := r.grade(ctx, f)
	if err != nil {
		return err
	}
	labels := answers.Labels{Name: r.options.As, Values: make([][]float64, len(f.Models))}
	for k := range f.Models {
		labels.Values[k] = make([]float64, f.Rows())
		for i, o := range all[k] {
			labels.Values[k][i] = o.Value
			r.tallies[k].add(f, k, i, o)
		}
	}
	r.addShown(f, all)
	r.countReferences(f, all)
	r.rows += f.Rows()
	return f.SetLabels(labels)
}

// begin prepares the tallies for the models of the first batch.
func (r *Run) begin(f *answers.File) {
	if r.tallies != nil {
		return
	}
	r.doc.Input = results.Input{Path: f.Name, SHA256: f.SHA256}
	other := ""
	for _, l := range f.Labels {
		if other == "" || l.Name == answers.Quality {
			other = l.Name
		}
	}
	for _, m := range f.Models {
		r.tallies = append(r.tallies, newTally(m.Name, other))
	}
}

// grade grades all answers of a batch, several at a time. It returns one outcome per model and row.
func (r *Run) grade(ctx context.Context, f *answers.File) ([][]outcome, error) {
	all := make([][]outcome, len(f.Models))
	for k := range all {
		all[k] = make([]outcome, f.Rows())
	}
	group, ctx := errgroup.WithContext(ctx)
	workers := max(1, min(r.options.Concurrency, f.Rows()*len(f.Models)))
	for w := range workers {
		group.Go(func() error {
			for n := w; n < f.Rows()*len(f.Models); n += workers {
				i, k := n/len(f.Models), n%len(f.Models)
				o, err := r.one(ctx, f, k, i)
				if err != nil {
					return err
				}
				all[k][i] = o
			}
			return nil
		})
	}
	return all, group.Wait()
}

// countReferences counts the rows whose reference is missing or cannot be read.
func (r *Run) countReferences(f *answers.File, all [][]outcome) {
	for i := range f.Rows() {
		bad := ""
		for k := range all {
			if all[k][i].state == badReference {
				bad = all[k][i].Why
			}
		}
		if !r.referenced(f, i) {
			r.doc.NoReference++
		}
		if bad != "" {
			r.doc.BadReference++
			if len(r.badRows) < 3 {
				r.badRows = append(r.badRows, fmt.Sprintf("row %d (%s): %s", r.rows+i+1, f.SampleID[i], bad))
			}
		}
	}
}
