package harness

import (
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
)

// memory is a router with held-out scores of the prompts that it was trained on.
type memory struct {
	routers.Router
	seen map[string]float64
}

func (m memory) HeldOut(norm string) (float64, bool) {
	score, ok := m.seen[norm]
	return score, ok
}

// TestRandomTestHeldOut calls upside-down scores worse than random, but not if a router has
// predicted its own training prompts from one another. Good scores are good in any case.
func TestRandomTestHeldOut(t *testing.T) {
	up, down := part{}, part{}
	for i := range 100 {
		gain := float64(i % 2)
		up.outcomes.Strong, up.outcomes.Weak = append(up.outcomes.Strong, gain), append(up.outcomes.Weak, 0)
		up.clusters, up.scores = append(up.clusters, i), append(up.scores, gain)
		down.scores = append(down.scores, -gain)
	}
	down.outcomes, down.clusters = up.outcomes, up.clusters
	for _, c := range []struct {
		part    part
		trained bool
		want    eval.Verdict
	}{{up, false, eval.Better}, {up, true, eval.Better}, {down, false, eval.Worse}, {down, true, eval.Inconclusive}} {
		got, err := testRandom(c.part.outcomes, c.part.clusters, c.part.scores, c.trained, 0.95)
		if err != nil || got.Verdict != string(c.want) {
			t.Errorf("first score %v, trained %v: %+v, %v, want %s", c.part.scores[1], c.trained, got, err, c.want)
		}
	}
	m := memory{seen: map[string]float64{"b": 1}}
	if holdsOutAny(m, []string{"a", "c"}) || holdsOutAny(m, nil) || !holdsOutAny(m, []string{"a", "b"}) {
		t.Error("held-out scores are not told from others")
	}
}
