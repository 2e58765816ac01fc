package grading

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/results"
)

func textOf(s string) *string { return &s }

// file returns answers of two models to six prompts: right, wrong, unreadable, empty, missing, and one
// without a reference.
func file() *answers.File {
	gold := []*string{textOf("1"), textOf("2"), textOf("3"), textOf("4"), textOf("5"), nil}
	return &answers.File{
		Name: "answers.parquet", SampleID: []string{"a", "b", "c", "d", "e", "f"},
		Passed: []answers.TextColumn{{Name: "gold", Values: gold}, {Name: "note", Values: make([]*string, 6)}},
		Models: []answers.Model{
			{Name: "big", Text: []*string{textOf("1"), textOf("2"), textOf("none"), textOf(""), nil, textOf("6")}, Finish: []string{"stop", "length", "", "", "", ""}},
			{Name: "small", Text: []*string{textOf("1"), textOf("3"), textOf("3"), textOf("4"), textOf("5"), textOf("6")}},
		},
	}
}

func add(t *testing.T, r *Run, f *answers.File) *results.Grading {
	t.Helper()
	if err := r.Add(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	return r.Report()
}

func values(t *testing.T, f *answers.File, labels string) string {
	t.Helper()
	l, ok := f.LabelsOf(labels)
	if !ok {
		t.Fatalf("no labels %q", labels)
	}
	return fmt.Sprint(l.Values)
}

func TestRun(t *testing.T) {
	g := open(t, "number", Options{})
	f := file()
	r := NewRun(g, RunOptions{Gold: "gold", Kind: "number", Show: 20, Concurrency: 3})
	doc := add(t, r, f)
	if got, want := values(t, f, "quality"), "[[1 1 0 0 NaN NaN] [1 0 1 1 1 NaN]]"; got != want {
		t.Errorf("labels %s, want %s", got, want)
	}
	big := doc.Models[0]
	if big.Graded != 4 || big.Unreadable != 2 || big.Missing != 1 || big.CutShort != 1 || big.Quality.Value != 0.5 || big.Agreement != nil {
		t.Errorf("%+v", big)
	}
	if doc.NoReference != 1 || doc.Rows != 6 || !(big.Quality.Lo > 0 && big.Quality.Lo < 0.5 && big.Quality.Hi > 0.5 && big.Quality.Hi < 1) {
		t.Errorf("%+v", doc)
	}
	all := strings.Join(doc.Warnings, "\n")
	for _, want := range []string{"big: 50.0 % of the answers cannot be read", "big: 1 answer missing", "big: 1 answer cut short", "1 row without a reference"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning %q in %q", want, all)
		}
	}
	shown := r.Disagreements()
	if len(shown) != 3 || shown[0].SampleID != "b" || shown[0].Reference != "2" || shown[1].Answers[0].Why == "" {
		t.Errorf("disagreements %+v", shown)
	}
	if err := r.Add(t.Context(), f); err == nil || !strings.Contains(err.Error(), `has labels "quality" already`) {
		t.Errorf("graded again: %v", err)
	}
}

// TestRunInBatches expects the same document from one batch as from several.
func TestRunInBatches(t *testing.T) {
	g := open(t, "number", Options{})
	whole, parts := NewRun(g, RunOptions{Gold: "gold"}), NewRun(g, RunOptions{Gold: "gold", ErrorsWrong: false})
	want := add(t, whole, file())
	f := file()
	for i := range f.Rows() {
		one := *f
		one.SampleID = f.SampleID[i : i+1]
		one.Passed = []answers.TextColumn{{Name: "gold", Values: f.Passed[0].Values[i : i+1]}}
		one.Models, one.Labels = nil, nil
		for _, m := range f.Models {
			x := answers.Model{Name: m.Name, Text: m.Text[i : i+1]}
			if m.Finish != nil {
				x.Finish = m.Finish[i : i+1]
			}
			one.Models = append(one.Models, x)
		}
		add(t, parts, &one)
	}
	if got := parts.Report(); fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", *want) {
		t.Errorf("in batches: %+v, at once: %+v", *got, *want)
	}
}

func TestErrorsWrong(t *testing.T) {
	f := file()
	doc := add(t, NewRun(open(t, "number", Options{}), RunOptions{Gold: "gold", As: "gold2", ErrorsWrong: true}), f)
	if got, want := values(t, f, "gold2"), "[[1 1 0 0 0 NaN] [1 0 1 1 1 NaN]]"; got != want {
		t.Errorf("labels %s, want %s", got, want)
	}
	if doc.Models[0].Graded != 5 || doc.Models[0].Missing != 1 {
		t.Errorf("%+v", doc.Models[0])
	}
}

// TestOldLabels compares new labels with those of the file.
func TestOldLabels(t *testing.T) {
	f := file()
	nan := math.NaN()
	f.Labels = []answers.Labels{{Name: "quality", Values: [][]float64{{0, 1, 1, nan, 1, 1}, {1, 0, 1, 1, 1, 1}}}}
	r := NewRun(open(t, "number", Options{}), RunOptions{Gold: "gold", As: "again", Show: 20})
	doc := add(t, r, f)
	if a := doc.Models[0].Agreement; a == nil || *a != (results.LabelAgreement{Labels: "quality", Both: 3, Equal: 1, Higher: 1, Lower: 1}) {
		t.Errorf("agreement %+v", a)
	}
	if shown := r.Disagreements(); len(shown) != 2 || len(shown[0].Answers) != 1 || shown[0].Answers[0].Old != 0 {
		t.Errorf("disagreements %+v", shown)
	}
}

// scripted is a grader that fails on some answers.
type scripted func(t Task) (Grade, error)

func (s scripted) Grade(_ context.Context, t Task) (Grade, error) { return s(t) }

func TestFailures(t *testing.T) {
	f := file()
	doc := add(t, NewRun(scripted(func(t Task) (Grade, error) {
		if t.Answer == "1" {
			return Grade{}, errors.New("crashed")
		}
		return Grade{Value: 1}, nil
	}), RunOptions{}), f)
	if got, want := values(t, f, "quality"), "[[NaN 1 1 1 NaN 1] [NaN 1 1 1 1 1]]"; got != want {
		t.Errorf("labels %s, want %s", got, want)
	}
	if all := strings.Join(doc.Warnings, "\n"); doc.Models[0].Failed != 1 || !strings.Contains(all, "row 1 (a), answer of big: crashed") {
		t.Errorf("%+v", doc)
	}
	wrong := func(Task) (Grade, error) { return Grade{}, &ReferenceError{errors.New("bad pattern")} }
	err := NewRun(scripted(wrong), RunOptions{Gold: "gold"}).Add(t.Context(), file())
	if err == nil || !strings.Contains(err.Error(), `"answers.parquet": row `) || !strings.Contains(err.Error(), `column "gold": bad pattern`) {
		t.Errorf("error %v", err)
	}
	many := file()
	many.SampleID, many.Passed, many.Models = make([]string, 100), nil, []answers.Model{{Name: "m", Text: make([]*string, 100)}}
	for i := range many.SampleID {
		many.SampleID[i], many.Models[0].Text[i] = fmt.Sprint(i), textOf("x")
	}
	calls, mutex := 0, sync.Mutex{}
	err = NewRun(scripted(func(Task) (Grade, error) {
		mutex.Lock()
		defer mutex.Unlock()
		calls++
		return Grade{}, errors.New("no module named check")
	}), RunOptions{Concurrency: 4}).Add(t.Context(), many)
	if err == nil || calls > 30 || !strings.Contains(err.Error(), "no module named check") {
		t.Errorf("after %d calls: %v", calls, err)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	slow := scripted(func(Task) (Grade, error) { return Grade{}, ctx.Err() })
	if err := NewRun(slow, RunOptions{}).Add(ctx, file()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	stopped := errors.New("stopped")
	r := NewRun(open(t, "number", Options{}), RunOptions{Gold: "gold", Progress: func(done int) error {
		if done == 3 {
			return stopped
		}
		return nil
	}})
	if err := r.Add(t.Context(), file()); !errors.Is(err, stopped) {
		t.Errorf("error %v", err)
	}
}

func TestColumns(t *testing.T) {
	err := NewRun(open(t, "number", Options{}), RunOptions{Gold: "glod"}).Check(file())
	if err == nil || !strings.Contains(err.Error(), `no column "glod" of correct answers`) {
		t.Errorf("error %v", err)
	}
}

// TestGSM8K grades the stored responses and expects the known errors of the published labels, and no
// other disagreement.
func TestGSM8K(t *testing.T) {
	from := filepath.Join("..", "..", "shared", "data")
	_, gsm8k, _, err := datasets.ImportRouteLLM(from, nil)
	if err != nil {
		t.Skipf("skipped: no ../shared: %v", err)
	}
	dir := filepath.Join(from, "routellm", "gsm8k")
	stored, err := datasets.ReadAnswers([]string{filepath.Join(dir, "gsm8k_responses.csv"), filepath.Join(dir, "test.jsonl")}, gsm8k)
	if err != nil {
		t.Fatal(err)
	}
	f := &answers.File{SampleID: gsm8k.SampleID, Passed: []answers.TextColumn{{Name: "gold", Values: stored.Reference}}}
	labels := answers.Labels{Name: "quality"}
	for _, m := range stored.Models {
		f.Models = append(f.Models, answers.Model{Name: m.Model, Text: m.Texts})
		quality, _ := gsm8k.QualityOf(m.Model)
		labels.Values = append(labels.Values, quality)
	}
	f.Labels = []answers.Labels{labels}
	doc := add(t, NewRun(open(t, "number", Options{Tolerance: 1e-9}), RunOptions{Gold: "gold", As: "gold", Concurrency: 2}), f)
	for _, m := range doc.Models {
		want := results.LabelAgreement{Labels: "quality", Both: 1319, Equal: 1308, Higher: 6, Lower: 5}
		if m.Model == "gpt-4-1106-preview" {
			want = results.LabelAgreement{Labels: "quality", Both: 1319, Equal: 1277, Higher: 42}
		}
		if m.Agreement == nil || *m.Agreement != want || m.Unreadable > 3 || m.Missing > 0 {
			t.Errorf("%s: %+v, %+v, want %+v", m.Model, m, m.Agreement, want)
		}
	}
}
