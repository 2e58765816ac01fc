package grading

import (
	"math"

	"github.com/routellm/routellm/answers"
)

// Disagreement is a row on which models disagree or, if the file had labels, on which the old and the
// new labels of a model do.
type Disagreement struct {
	SampleID  string
	Reference string
	Answers   []Shown
}

// Shown is one answer in a disagreement.
type Shown struct {
	Model  string
	Value  float64 // Value is the new label, NaN if there is none
	Old    float64 // Old is the label that the file had, NaN if there is none
	Read   string  // Read is what the grader read; "" if it could read nothing
	Why    string  // Why says what could not be read
	Answer string
}

// addShown keeps disagreements until there are enough.
func (r *Run) addShown(f *answers.File, all [][]outcome) {
	for i := 0; i < f.Rows() && len(r.shown) < r.options.Show; i++ {
		if d, ok := r.disagreement(f, all, i); ok {
			r.shown = append(r.shown, d)
		}
	}
}

// disagreement returns the disagreement in row i, if there is one.
func (r *Run) disagreement(f *answers.File, all [][]outcome, i int) (Disagreement, bool) {
	d := Disagreement{SampleID: f.SampleID[i]}
	if c := f.PassedColumn(r.options.Gold); c != nil && c[i] != nil {
		d.Reference = *c[i]
	}
	labelled, differs := false, false
	for k, m := range f.Models {
		o := all[k][i]
		s := Shown{Model: m.Name, Value: o.Value, Old: math.NaN(), Read: o.Read, Why: o.Why}
		if m.Text != nil && m.Text[i] != nil {
			s.Answer = *m.Text[i]
		}
		if l, ok := f.LabelsOf(r.tallies[k].labels); ok {
			s.Old, labelled = l.Values[k][i], true
		}
		if labelled && !math.IsNaN(s.Old) && !math.IsNaN(s.Value) && !same(s.Old, s.Value) {
			d.Answers, differs = append(d.Answers, s), true
		}
		if !labelled {
			d.Answers = append(d.Answers, s)
		}
	}
	return d, differs || !labelled && apart(d.Answers)
}

// apart reports whether the models' values differ.
func apart(all []Shown) bool {
	least, most := math.Inf(1), math.Inf(-1)
	for _, s := range all {
		if !math.IsNaN(s.Value) {
			least, most = min(least, s.Value), max(most, s.Value)
		}
	}
	return least < most && !same(least, most)
}
