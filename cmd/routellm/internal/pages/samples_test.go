package pages

import (
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// TestCountsReachThresholds expects as many samples at each position as reach the threshold that the table
// shows there, ties together.
func TestCountsReachThresholds(t *testing.T) {
	column := slices.Repeat([]string{"3"}, report.Positions)
	column[0], column[report.Half], column[1000] = "never", "2", "1"
	points := report.Points{Routers: []report.RouterPoints{{Name: "random"}, {Name: "r", Threshold: column}}}
	scores := []float64{2, 1, 2, 4}
	got := countsAt(points, 1, scores)
	if got[0] != 0 || got[1] != 1 || got[report.Half] != 3 || got[1000] != 4 || scores[0] != 2 {
		t.Errorf("counts %d, %d, %d, %d", got[0], got[1], got[report.Half], got[1000])
	}
	for _, none := range []int{-1, 0} {
		if got := countsAt(points, none, scores); len(got) != report.Positions || slices.Max(got) != 0 {
			t.Errorf("router %d has counts", none)
		}
	}
}

// TestSmallCharts expects the curve of each task above its random line, 0 at both ends, the largest task
// first, and a note on tasks that are left out.
func TestSmallCharts(t *testing.T) {
	c := &harness.ScoredBenchmark{
		Outcomes: eval.Outcomes{Strong: []float64{1, 1, 1, 0}, Weak: []float64{0, 0, 1, 0}},
		Scores:   [][]float64{{1, 4, 1, 0}, {9, 9, 9, 9}}, Tasks: []string{"a", "b", "b", "b"},
	}
	s, err := smallCharts(results.Benchmark{Unit: "accuracy 0-1"}, c, []string{"mf", oracle})
	if err != nil || len(s.Charts) != 2 || s.Note != "One chart for each of the 2 tasks." {
		t.Fatalf("%+v, %v", s, err)
	}
	b := s.Charts[0]
	points := b.Chart.Lines[0].Points
	// Of three samples the first one alone gains: all of the gain, 1/3, is there at a third of the calls.
	if b.Task != "b" || len(b.Chart.Lines) != 1 || points[0].Quality != 0 || points[smallSteps].Quality != 0 {
		t.Errorf("chart %+v", b)
	}
	if got, want := points[8].Quality, 1.0/3*(1-0.4); got < want-1e-9 || got > want+1e-9 {
		t.Errorf("at 40 %%: %v above random, want %v", got, want)
	}
	c.Tasks = nil
	for i := range mostTasks + 2 {
		c.Tasks = append(c.Tasks, strings.Repeat("x", i))
		c.Outcomes.Strong, c.Outcomes.Weak = append(c.Outcomes.Strong, 1), append(c.Outcomes.Weak, 0)
		c.Scores[0], c.Scores[1] = append(c.Scores[0], 1), append(c.Scores[1], 1)
	}
	if s, err = smallCharts(results.Benchmark{}, c, []string{"mf", oracle}); err != nil || len(s.Charts) != mostTasks || !strings.Contains(s.Note, "the 24 tasks with the most samples, of 26") {
		t.Errorf("%d charts, %q, %v", len(s.Charts), s.Note, err)
	}
}

// TestCommandsRun expects commands only for what their words alone can run again.
func TestCommandsRun(t *testing.T) {
	set := &harness.ScoreSet{Name: "out/results.json", Inputs: []results.Input{{}}}
	b := results.Benchmark{Pair: results.Pair{Strong: "s", Weak: "w"}, Routers: []results.Router{{Name: "mf", Scores: results.Live}, {Name: "always weak", Scores: results.NoScores}}}
	lines := func(b results.Benchmark, in results.Input) string {
		var out []string
		for _, c := range commandsOf(b, set, in) {
			out = append(out, strings.Join(c.Words, " "))
		}
		return strings.Join(out, "\n")
	}
	const page = "routellm report out/results.json -o report.html"
	builtin := lines(b, results.Input{Builtin: "mmlu"})
	if !strings.HasPrefix(builtin, "routellm eval --bench mmlu --router mf\n"+page) || !strings.HasSuffix(builtin, "routellm route --router mf --threshold {threshold} PROMPT") && !strings.HasSuffix(builtin, "--router {router} --threshold {threshold} PROMPT") {
		t.Errorf("built-in data: %s", builtin)
	}
	if got := lines(b, results.Input{Path: "my data.csv"}); !strings.HasPrefix(got, "routellm eval --bench my data.csv --router mf --pair s,w\n") {
		t.Errorf("a file: %s", got)
	}
	for name, in := range map[string]results.Input{"standard input": {Path: "-"}, "labels": {Path: "a.csv", Labels: "judge"}} {
		if got := lines(b, in); got != page {
			t.Errorf("%s: %s", name, got)
		}
	}
	b.Routers[0] = results.Router{Name: "mine", Scores: "file"}
	if got := lines(b, results.Input{Builtin: "mmlu"}); got != page {
		t.Errorf("a router of a file: %s", got)
	}
}
