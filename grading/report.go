package grading

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// maxUnreadable is the share of unreadable answers from which a model's quality measures its format,
// too.
const maxUnreadable = 0.05

// Report returns what came out so far, with warnings.
func (r *Run) Report() *results.Grading {
	out := r.doc
	out.Rows = r.rows
	for _, t := range r.tallies {
		out.Models = append(out.Models, t.model())
	}
	out.Warnings = r.warnings(out)
	return &out
}

// CheckGraded returns an error if no answer of any model has a grade: the labels would say nothing.
func (r *Run) CheckGraded() error {
	doc := r.Report()
	for _, m := range doc.Models {
		if m.Graded > 0 {
			return nil
		}
	}
	return hint.With(fmt.Errorf("%q: no answer could be graded by %s", doc.Input.Path, doc.Kind),
		append(doc.Warnings, "check that the kind and the column of references are the right ones")...)
}

// Disagreements returns the first answers on which models, or old and new labels, disagree.
func (r *Run) Disagreements() []Disagreement { return r.shown }

func (r *Run) warnings(doc results.Grading) []string {
	out := []string{}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if doc.BadReference > 0 {
		add("%s of %s cannot be read in column %q, so these rows have no quality: %s", text.Plural(doc.BadReference, "reference"),
			text.Thousands(doc.Rows), doc.Gold, strings.Join(r.badRows, "; "))
	}
	if doc.NoReference > 0 {
		add("%s without a reference: no answer to them is measured", text.Plural(doc.NoReference, "row"))
	}
	right, n := 0.0, 0
	for _, m := range doc.Models {
		right, n = right+float64(m.Quality.Value), n+m.Graded
		if share := float64(m.Unreadable) / float64(max(1, m.Graded)); share > maxUnreadable {
			add("%s: %.1f %% of the answers cannot be read and count as wrong, so that the quality measures the format, too: see them with --show, and say in the prompt how to answer",
				m.Model, 100*share)
		}
		if m.Missing > 0 {
			add("%s: %s missing, %s", m.Model, text.Plural(m.Missing, "answer"), r.fate())
		}
		if m.Failed > 0 {
			add("%s: %s could not be graded, %s", m.Model, text.Plural(m.Failed, "answer"), r.fate())
		}
		if m.CutShort > 0 {
			add("%s: %s cut short by the limit of tokens: raise it, unless short answers are what you measure", m.Model, text.Plural(m.CutShort, "answer"))
		}
	}
	if r.firstError != nil {
		add("the first error: %v", r.firstError)
	}
	if n >= hopeless && right == 0 {
		add("every answer is graded 0: check that the kind and the column of references are the right ones")
	}
	return out
}

// fate says what becomes of answers without a grade.
func (r *Run) fate() string {
	if r.options.ErrorsWrong {
		return "counted as wrong"
	}
	return "not measured"
}
