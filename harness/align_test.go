package harness

import (
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// oneBench returns a set of one router on the samples with the given ids. A sample's quality
// and score follow from its id, so that any order of them can be checked.
func oneBench(name, digest string, ids ...string) *ScoreSet {
	b := &ScoredBenchmark{Name: "mine", Input: results.Input{SHA256: digest}, IDs: ids, Tasks: ids, Clusters: ids, Scores: make([][]float64, 1)}
	for _, id := range ids {
		v := float64(id[0])
		b.Outcomes.Strong, b.Outcomes.Weak = append(b.Outcomes.Strong, v), append(b.Outcomes.Weak, 0)
		b.Scores[0] = append(b.Scores[0], -v)
	}
	return &ScoreSet{Name: name, Routers: []string{"r"}, Benchmarks: []*ScoredBenchmark{b}}
}

func TestAlign(t *testing.T) {
	for _, c := range []struct {
		name   string
		all    []*ScoreSet
		common bool
		want   string // ids, or the error
		notes  int
	}{
		{"another order", []*ScoreSet{oneBench("x", "1", "a", "b", "c"), oneBench("y", "2", "c", "a", "b")}, false, "a b c", 0},
		{"same data", []*ScoreSet{oneBench("x", "1", "a", "b", "c"), oneBench("y", "1", "c", "d", "a")}, false, "a c", 1},
		{"other data", []*ScoreSet{oneBench("x", "1", "a", "b"), oneBench("y", "2", "a")}, false, `mine: 1 sample of "x" is not in "y": "b"`, 0},
		{"common", []*ScoreSet{oneBench("x", "1", "a", "b"), oneBench("y", "2", "b", "c"), oneBench("z", "3", "d", "b")}, true, "b", 1},
		{"nothing common", []*ScoreSet{oneBench("x", "1", "a"), oneBench("y", "2", "b")}, true, "mine: no sample is in all results", 0},
		{"repeated", []*ScoreSet{oneBench("x", "1", "a", "a"), oneBench("y", "1", "a")}, false, `"x": sample "a" of mine occurs twice`, 0},
	} {
		notes, err := Align(c.all, c.common)
		if err != nil {
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: error %v, want %q", c.name, err, c.want)
			}
			continue
		}
		if len(notes) != c.notes {
			t.Errorf("%s: notes %q", c.name, notes)
		}
		for _, l := range c.all {
			b := l.Benchmarks[0]
			if got := strings.Join(b.IDs, " "); got != c.want {
				t.Errorf("%s: %q has %q, want %q", c.name, l.Name, got, c.want)
			}
			want := oneBench("", "", b.IDs...).Benchmarks[0]
			if !slices.Equal(b.Outcomes.Strong, want.Outcomes.Strong) || !slices.Equal(b.Scores[0], want.Scores[0]) || !slices.Equal(b.Tasks, want.Tasks) {
				t.Errorf("%s: %q has other values than its samples: %+v", c.name, l.Name, b)
			}
		}
	}
	x, y := oneBench("x", "1", "a", "b"), oneBench("y", "1", "a", "b")
	y.Benchmarks[0].Outcomes = eval.Outcomes{Strong: []float64{97, 1}, Weak: []float64{0, 0}}
	if _, err := Align([]*ScoreSet{x, y}, true); err == nil || !strings.Contains(err.Error(), `on 1 sample is not the same in "x" and "y": "b"`) {
		t.Errorf("other outcomes: %v", err)
	}
}
