package harness

import (
	"math"
	"testing"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// TestStoredWithoutSignal compares the stored scores of all prompts, as calibration does, of routers
// that were trained on labels without signal. They must order prompts no better and no worse than
// chance: scores of folds at their own levels would give mf an APGR of 0.46.
func TestStoredWithoutSignal(t *testing.T) {
	const runs = 60
	for _, name := range []string{"mf", "knn", "sw_ranking"} {
		var all []float64
		for seed := range uint64(runs) {
			source, _ := noSignal(120, seed).Pair(0, 1)
			source.Kind = training.Judge // mf keeps the scores of chat alone
			m, _, err := trainers[name]([]*training.Source{source}, training.Options{Strong: "big", Weak: "small"}, 0)
			if err != nil {
				t.Fatal(name, err)
			}
			d := training.Folded{Fold: make([]int, len(source.Norm))}
			for _, norm := range source.Norm {
				score, ok := m.(routers.HeldOut).HeldOut(norm)
				if !ok {
					t.Fatalf("%s: no stored score of %s", name, norm)
				}
				d.Score = append(d.Score, score)
			}
			apgr, _ := training.WithinFolds(source.Gain, source.Norm, []training.Folded{d})
			all = append(all, apgr)
		}
		if mean := training.Mean(all); math.Abs(mean-0.5) > 0.02 {
			t.Errorf("%s: stored scores have an APGR of %.4f on average, want 0.5", name, mean)
		}
	}
}
