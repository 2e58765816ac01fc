package swranking_test

import (
	"math"
	"testing"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/swranking"
	"github.com/routellm/routellm/routers/training"
)

func TestMargins(t *testing.T) {
	sources, err := harness.TrainingSources(t.Context(), harness.TrainOptions{Data: []string{"judge"}})
	if err != nil {
		t.Fatal(err)
	}
	s := sources[0]
	for name, src := range map[string]*training.Source{"margins": s, "signs": swranking.Signs(s)} {
		m, _, err := swranking.Train([]*training.Source{src}, training.Options{Strong: "gpt-4-1106-preview", Weak: "mistralai/Mixtral-8x7B-Instruct-v0.1", Encoder: "e"}, encoder.Scale)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range []int{2, 5, 10, 299} {
			var ds []training.Folded
			cor := 0.0
			reps := 5
			if k == 299 {
				reps = 1
			}
			for r := range reps {
				fold := training.FoldsOf(s.Norm, r)
				for i := range fold {
					fold[i] %= k
					if k == 299 {
						fold[i] = i
					}
				}
				score, err := m.OutOfFold(fold)
				if err != nil {
					t.Fatal(err)
				}
				if k == 299 {
					fold = make([]int, len(fold))
				}
				ds = append(ds, training.Folded{Score: score, Fold: fold})
				cor += corr(score, s.Label, fold) / float64(reps)
			}
			a, se := training.WithinFolds(s.Gain, s.Norm, ds)
			t.Logf("%s %d folds: APGR %.3f +- %.3f, r with shortfall %.3f", name, k, a, se, cor)
		}
	}
}

func corr(x, y []float64, fold []int) float64 {
	var sx, sy, n [400]float64
	for i := range x {
		sx[fold[i]] += x[i]
		sy[fold[i]] += y[i]
		n[fold[i]]++
	}
	var xx, yy, xy float64
	for i := range x {
		a, b := x[i]-sx[fold[i]]/n[fold[i]], y[i]-sy[fold[i]]/n[fold[i]]
		xx += a * a
		yy += b * b
		xy += a * b
	}
	return xy / math.Sqrt(xx*yy)
}
