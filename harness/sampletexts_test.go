package harness_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

const answeredTable = "sample_id,task,prompt,quality:big,quality:small,answer:big\na,t,First?,1,0,one\nb,t,Second?,0,1,\nc,u,Third?,1,1,three\n"

// scoredOn returns a set of two samples of a file, as results would name it.
func scoredOn(t *testing.T, path string) *harness.ScoreSet {
	t.Helper()
	f, input, err := harness.OpenData(context.Background(), path, harness.Reading{}, harness.Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return &harness.ScoreSet{Name: "results.json", Benchmarks: []*harness.ScoredBenchmark{{
		Name: "own", Input: input, Pair: results.Pair{Strong: "big", Weak: "small"}, IDs: []string{"c", "a"},
	}}}
}

func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestReadTexts expects the prompts and answers of the samples, in their order, from a CSV file, and the
// prompts from a file in the program's own schema.
func TestReadTexts(t *testing.T) {
	table := written(t, "own.csv", answeredTable)
	own := filepath.Join(t.TempDir(), "own.parquet")
	file, err := os.Create(own)
	if err != nil {
		t.Fatal(err)
	}
	w := datasets.NewWriter(file)
	err = w.Write(&datasets.Table{
		Meta:     datasets.Meta{Max: 1, EmbeddingScale: math.NaN()},
		SampleID: []string{"a", "b", "c"}, Cluster: []string{"a", "b", "c"}, Task: []string{"t", "t", "u"}, Prompt: []string{"First?", "Second?", "Third?"}, HasPrompt: true,
		Quality: []datasets.Column{{Name: "big", Values: []float64{1, 0, 1}}, {Name: "small", Values: []float64{0, 1, 1}}},
	})
	if err := errors.Join(err, w.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	for path, answers := range map[string][]string{table: {"three", "one"}, own: nil} {
		s := scoredOn(t, path)
		notes, err := s.ReadTexts(context.Background(), 10, nil)
		if err != nil || len(notes) > 0 {
			t.Fatalf("%s: %q, %v", path, notes, err)
		}
		got := s.Benchmarks[0].Texts
		if got == nil || !slices.Equal(got.Prompts, []string{"Third?", "First?"}) || !slices.Equal(got.Strong, answers) || got.Weak != nil {
			t.Errorf("%s: texts %+v", path, got)
		}
	}
}

// TestReadTextsSaysWhy expects a note, and no texts, where the file has changed or is gone; and neither for
// more samples than are wanted.
func TestReadTextsSaysWhy(t *testing.T) {
	path := written(t, "own.csv", answeredTable)
	s := scoredOn(t, path)
	if notes, err := s.ReadTexts(context.Background(), 1, nil); err != nil || len(notes) > 0 || s.Benchmarks[0].Texts != nil {
		t.Errorf("too many: %q, %v", notes, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(answeredTable, "Third", "Last", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	says := func(want string) {
		t.Helper()
		notes, err := s.ReadTexts(context.Background(), 10, nil)
		if err != nil || len(notes) != 1 || !strings.Contains(notes[0], want) || s.Benchmarks[0].Texts != nil {
			t.Errorf("notes %q (%v), want %q", notes, err, want)
		}
	}
	says("the file is not the one that was evaluated")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	says("no such file")
}

func TestRunnable(t *testing.T) {
	for name, want := range map[string]bool{"mf": true, "mf@judge": true, "oracle": true, "mine": false, "scores:a.csv": false, "x=mf": false, "": false} {
		if got := harness.Runnable(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
