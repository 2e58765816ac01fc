package harness

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// TestOtherWeights checks that results with other weights of the same samples are not compared.
func TestOtherWeights(t *testing.T) {
	set := func(name string, weights ...float64) *ScoreSet {
		return &ScoreSet{Name: name, Routers: []string{"r"}, Benchmarks: []*ScoredBenchmark{{
			Name: "b", IDs: []string{"x", "y"}, Scores: [][]float64{{1, 2}},
			Outcomes: eval.Outcomes{Strong: []float64{1, 1}, Weak: []float64{0, 1}, Weight: weights},
		}}}
	}
	for _, c := range []struct {
		a, b *ScoreSet
		want string
	}{
		{set("one", 1, 2), set("two", 1, 2), ""},
		{set("one", 1, 2), set("two", 2, 1), `weights are not the same in "one" and "two"`},
		{set("one", 1, 2), set("two"), "weights are not the same"},
	} {
		err := sameQuality([]*ScoreSet{c.a, c.b}, 0)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
		_, err = newDifference(c.a, c.b, "b", "r")
		if (err == nil) != (c.want == "") {
			t.Errorf("difference: error %v, want one: %v", err, c.want != "")
		}
	}
}

// TestWeightedDecisions checks that McNemar's test, which takes samples for equal, is left out.
func TestWeightedDecisions(t *testing.T) {
	s := &ScoredBenchmark{Outcomes: eval.Outcomes{Strong: []float64{1, 1, 1}, Weak: []float64{0, 0, 1}}}
	a, b := []bool{true, true, false}, []bool{false, false, true}
	if d := decisionsOf(s, a, b, false); !d.McNemar.Exists() || d.Rescues != 2 {
		t.Errorf("without weights: %+v", d)
	}
	s.Outcomes.Weight = []float64{1, 2, 3}
	if d := decisionsOf(s, a, b, false); d.McNemar != results.Missing && d.McNemar.Exists() || d.Rescues != 2 {
		t.Errorf("with weights: %+v", d)
	}
}
