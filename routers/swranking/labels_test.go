package swranking_test

import (
	"math"
	"os"
	"testing"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/swranking"
	"github.com/routellm/routellm/routers/training"
)

// heldOut measures labels of the judge's prompts in some divisions into folds, at most
// training.Folds.
func heldOut(t *testing.T, s *training.Source, folds, divisions int) (apgr, se, shortfall float64) {
	t.Helper()
	m, _, err := swranking.Train([]*training.Source{s}, training.Options{Strong: "gpt-4-1106-preview", Weak: "mistralai/Mixtral-8x7B-Instruct-v0.1", Encoder: "e"}, encoder.Scale)
	if err != nil {
		t.Fatal(err)
	}
	var all []training.Folded
	for r := range divisions {
		fold := training.FoldsOf(s.Norm, r)
		for i := range fold {
			fold[i] %= folds
		}
		score, err := m.OutOfFold(fold)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, training.Folded{Score: score, Fold: fold})
		shortfall += correlation(score, s.Label, fold, folds) / float64(divisions)
	}
	apgr, se = training.WithinFolds(s.Gain, s.Norm, all)
	return apgr, se, shortfall
}

// correlation returns the correlation inside folds.
func correlation(x, y []float64, fold []int, folds int) float64 {
	sx, sy, n := make([]float64, folds), make([]float64, folds), make([]float64, folds)
	for i, f := range fold {
		sx[f], sy[f], n[f] = sx[f]+x[i], sy[f]+y[i], n[f]+1
	}
	var xx, yy, xy float64
	for i, f := range fold {
		a, b := x[i]-sx[f]/n[f], y[i]-sy[f]/n[f]
		xx, yy, xy = xx+a*a, yy+b*b, xy+a*b
	}
	return xy / math.Sqrt(xx*yy)
}

func judged(t *testing.T) *training.Source {
	t.Helper()
	sources, err := harness.TrainingSources(t.Context(), harness.TrainOptions{Data: []string{"judge"}})
	if err != nil {
		t.Fatal(err)
	}
	return sources[0]
}

// TestSharesOrderPrompts shows on held-out prompts of the judge that shares of wins order prompts
// as the shortfall of grades does, and that whole wins order them backwards.
func TestSharesOrderPrompts(t *testing.T) {
	s := judged(t)
	_, _, shares := heldOut(t, s, training.Folds, 1)
	_, _, wins := heldOut(t, swranking.Signs(s), training.Folds, 1)
	if !(shares > 0.2 && wins < 0) {
		t.Errorf("correlation with the shortfall %.3f with shares and %.3f with whole wins, want above 0.2 and below 0", shares, wins)
	}
}

// TestLabelTable prints the numbers of docs/results.md on shares and whole wins.
func TestLabelTable(t *testing.T) {
	if os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
	}
	s := judged(t)
	for _, folds := range []int{2, 5, 10} {
		for name, labels := range map[string]*training.Source{"shares": s, "whole wins": swranking.Signs(s)} {
			apgr, se, shortfall := heldOut(t, labels, folds, 20)
			t.Logf("%s, %d folds: APGR %.3f +- %.3f, correlation with the shortfall %.3f", name, folds, apgr, se, shortfall)
		}
	}
}
