package harness

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// noSignal returns outcomes of two models that have nothing to do with the prompts.
func noSignal(n int, seed uint64) *training.Outcomes {
	rng := rand.New(rand.NewPCG(seed, 3))
	o := &training.Outcomes{Sources: []training.SourceInfo{{Kind: string(training.Gold), Name: "made"}}, Models: []string{"big", "small"},
		Quality: pool.NewMatrix(n, 2), Cost: pool.NewMatrix(n, 2)}
	for i := range n {
		p := routers.Prompt{ID: fmt.Sprint(i), Vector: make([]float32, 6), Task: fmt.Sprint(rng.IntN(8))}
		for k := range p.Vector {
			p.Vector[k] = float32(rng.NormFloat64())
		}
		for _, f := range []routers.Feature{routers.Chars, routers.Words, routers.Lines, routers.Numbers} {
			p.Features = p.Features.With(f, float64(rng.IntN(100)))
		}
		norm := fmt.Sprintf("%064x", uint64(i)+seed<<32)
		o.Prompts, o.Norm, o.Cluster = append(o.Prompts, p), append(o.Norm, norm), append(o.Cluster, norm)
		for m, right := range []float64{0.9, 0.4} {
			if rng.Float64() < right {
				o.Quality.Row(i)[m] = 1
			}
		}
		copy(o.Cost.Row(i), []float64{1, 0.1})
	}
	return o
}

// figures returns, for every router that train knows, the held-out figures of its table, as APGR.
func figures(t *testing.T, n int, seed uint64) map[string]float64 {
	t.Helper()
	o, out := noSignal(n, seed), map[string]float64{}
	source, _ := o.Pair(0, 1)
	for name, train := range trainers {
		_, reports, err := train([]*training.Source{source}, training.Options{Strong: "big", Weak: "small"}, 0)
		if err != nil {
			t.Fatal(name, err)
		}
		out[name] = reports[0].APGR
	}
	for name, train := range poolTrainers {
		m, v, err := train(context.Background(), o, training.Options{}, 0, false)
		if err != nil {
			t.Fatal(name, err)
		}
		done := PoolTraining{Router: name, Model: m}
		if err := done.evaluate(context.Background(), o, v, TrainPoolOptions{Confidence: 0.95}); err != nil {
			t.Fatal(name, err)
		}
		c := done.Evaluation.Constants // the lift is the area over random, as two models leave one line
		out[name+" among models"] = 0.5 + done.Evaluation.Routers[0].Lift.Value/(c.Quality[0]-c.Quality[1])
		out[name+stored] = heldOutAPGR(m.(routers.HeldOutPredictor), o)
	}
	return out
}

// heldOutAPGR returns the APGR of the stored scores of all prompts together, as calibration uses them.
func heldOutAPGR(m routers.HeldOutPredictor, o *training.Outcomes) float64 {
	d := training.Folded{Fold: make([]int, len(o.Norm))}
	gain := make([]float64, len(o.Norm))
	for i, norm := range o.Norm {
		q, _ := m.HeldOutPrediction(norm)
		d.Score, gain[i] = append(d.Score, q[0]-q[1]), o.Quality.At(i, 0)-o.Quality.At(i, 1)
	}
	apgr, _ := training.WithinFolds(gain, o.Norm, []training.Folded{d})
	return apgr
}

// stored ends the name of figures that compare stored scores of different folds. These have some of
// the bias that the tables are free of, at most 0.02.
const stored = ", stored"

// checkNoSignal simulates and fails where a mean over the draws is not 0.5 within its error.
func checkNoSignal(t *testing.T, runs, n int) {
	t.Helper()
	sum, squares := map[string]float64{}, map[string]float64{}
	for r := range runs {
		for name, v := range figures(t, n, uint64(r)) {
			sum[name] += v
			squares[name] += v * v
		}
	}
	for name, s := range sum {
		mean := s / float64(runs)
		se := math.Sqrt((squares[name]/float64(runs) - mean*mean) / float64(runs-1))
		t.Logf("%s: %.4f +- %.4f", name, mean, se)
		within := 0.0
		if strings.HasSuffix(name, stored) {
			within = 0.02
		}
		if math.Abs(mean-0.5) > 3.5*se+within {
			t.Errorf("%s: labels without signal give APGR %.4f, standard error %.4f, want 0.5", name, mean, se)
		}
	}
}

// TestTablesWithoutSignal trains every router on labels that have nothing to do with the prompts.
func TestTablesWithoutSignal(t *testing.T) { checkNoSignal(t, 20, 100) }

// TestTablesWithoutSignalAtLength has errors small enough to find a bias of 0.003.
func TestTablesWithoutSignalAtLength(t *testing.T) {
	if os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
	}
	checkNoSignal(t, 400, 150)
}
