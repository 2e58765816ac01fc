package wholeway

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/quiz"
)

// writeQuestions writes a file of prompts.
func (d *desk) writeQuestions(t *testing.T, name string, all []quiz.Question) {
	t.Helper()
	var b bytes.Buffer
	if err := quiz.Write(&b, all); err != nil {
		t.Fatal(err)
	}
	d.write(t, name, b.Bytes())
}

// read reads a file of answers.
func (d *desk) read(t *testing.T, name string) *answers.File {
	t.Helper()
	f, err := answers.Read(context.Background(), d.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// model returns what a model answered in a file.
func modelOf(t *testing.T, f *answers.File, name string) answers.Model {
	t.Helper()
	for _, m := range f.Models {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("%s: no answers of %q", f.Name, name)
	return answers.Model{}
}

// total adds up numbers, all of which have to be known.
func total(t *testing.T, what string, values []float64) float64 {
	t.Helper()
	sum := 0.0
	for i, x := range values {
		if math.IsNaN(x) {
			t.Fatalf("%s: row %d is not known", what, i+1)
		}
		sum += x
	}
	return sum
}

// near reports whether two sums of dollars are the same but for rounding.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b), 1e-6) }

// checkSums compares what a file says of a model with the server's own count: each answer was paid
// once.
func checkSums(t *testing.T, f *answers.File, name string, c chattest.Count) {
	t.Helper()
	m := modelOf(t, f, name)
	if n := len(m.Text); n != c.Answers {
		t.Errorf("%s: %d answers in the file, %d of the server", name, n, c.Answers)
	}
	for what, x := range map[string][2]float64{
		"input tokens": {total(t, name, m.Input), float64(c.InputTokens)}, "output tokens": {total(t, name, m.Output), float64(c.OutputTokens)},
		"USD": {total(t, name, m.Cost), c.USD},
	} {
		if !near(x[0], x[1]) {
			t.Errorf("%s: %v %s in the file, %v of the server", name, x[0], what, x[1])
		}
	}
}

// checkAnswers compares the answers in a file with what the models say to the questions, which
// faults must not change.
func checkAnswers(t *testing.T, f *answers.File, all []quiz.Question, models ...quiz.Model) {
	t.Helper()
	if f.Rows() != len(all) {
		t.Fatalf("%s: %d rows, expected %d", f.Name, f.Rows(), len(all))
	}
	for _, m := range models {
		have := modelOf(t, f, m.Name)
		for i, q := range all {
			want, _ := m.Answer(q, 0)
			if have.Text[i] == nil || *have.Text[i] != want {
				t.Fatalf("%s: question %d is answered otherwise, or not: %s", m.Name, i+1, have.Err[i])
			}
		}
	}
}

// checkGrades compares the qualities in a file with what the models got right.
func checkGrades(t *testing.T, f *answers.File, all []quiz.Question, models ...quiz.Model) {
	t.Helper()
	labels := labelsOf(t, f, answers.Quality)
	for _, m := range models {
		for k, name := range f.ModelNames() {
			if name != m.Name {
				continue
			}
			for i, q := range all {
				if _, right := m.Answer(q, 0); labels.Values[k][i] != number(right) {
					t.Errorf("%s, question %d: graded %v, expected right to be %v", name, i+1, labels.Values[k][i], right)
				}
			}
		}
	}
}

// labelsOf returns the labels of a name.
func labelsOf(t *testing.T, f *answers.File, name string) answers.Labels {
	t.Helper()
	labels, ok := f.LabelsOf(name)
	if !ok {
		t.Fatalf("%s: no labels %q", f.Name, name)
	}
	return labels
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
