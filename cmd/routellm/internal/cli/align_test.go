package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
)

// oneBench is a lineup of one router on the samples with the given ids. A sample's quality
// and score follow from its id, so that any order of them can be checked.
func oneBench(name, digest string, ids ...string) *lineup {
	b := &contest{name: "mine", input: result.Input{SHA256: digest}, ids: ids, tasks: ids, clusters: ids, scores: make([][]float64, 1)}
	for _, id := range ids {
		v := float64(id[0])
		b.outcomes.Strong, b.outcomes.Weak = append(b.outcomes.Strong, v), append(b.outcomes.Weak, 0)
		b.scores[0] = append(b.scores[0], -v)
	}
	return &lineup{name: name, routers: []string{"r"}, benches: []*contest{b}}
}

func TestAlign(t *testing.T) {
	for _, c := range []struct {
		name   string
		all    []*lineup
		common bool
		want   string // ids, or the error
		notes  int
	}{
		{"another order", []*lineup{oneBench("x", "1", "a", "b", "c"), oneBench("y", "2", "c", "a", "b")}, false, "a b c", 0},
		{"same data", []*lineup{oneBench("x", "1", "a", "b", "c"), oneBench("y", "1", "c", "d", "a")}, false, "a c", 1},
		{"other data", []*lineup{oneBench("x", "1", "a", "b"), oneBench("y", "2", "a")}, false, `mine: 1 samples of "x" are not in "y": "b"`, 0},
		{"common", []*lineup{oneBench("x", "1", "a", "b"), oneBench("y", "2", "b", "c"), oneBench("z", "3", "d", "b")}, true, "b", 1},
		{"nothing common", []*lineup{oneBench("x", "1", "a"), oneBench("y", "2", "b")}, true, "mine: no sample is in all results", 0},
		{"repeated", []*lineup{oneBench("x", "1", "a", "a"), oneBench("y", "1", "a")}, false, `"x": sample "a" of mine occurs twice`, 0},
	} {
		notes, err := alignLineups(c.all, c.common)
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
			b := l.benches[0]
			if got := strings.Join(b.ids, " "); got != c.want {
				t.Errorf("%s: %q has %q, want %q", c.name, l.name, got, c.want)
			}
			want := oneBench("", "", b.ids...).benches[0]
			if !slices.Equal(b.outcomes.Strong, want.outcomes.Strong) || !slices.Equal(b.scores[0], want.scores[0]) || !slices.Equal(b.tasks, want.tasks) {
				t.Errorf("%s: %q has other values than its samples: %+v", c.name, l.name, b)
			}
		}
	}
	x, y := oneBench("x", "1", "a", "b"), oneBench("y", "1", "a", "b")
	y.benches[0].outcomes = eval.Outcomes{Strong: []float64{97, 1}, Weak: []float64{0, 0}}
	if _, err := alignLineups([]*lineup{x, y}, true); err == nil || !strings.Contains(err.Error(), `on 1 samples is not the same in "x" and "y": "b"`) {
		t.Errorf("other outcomes: %v", err)
	}
}
