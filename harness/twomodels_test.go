package harness_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
)

// TestTwoModelsAreAPool compares the curve of two models with the path of a pool of two models whose
// answers cost 1 and 0, on every built-in benchmark and with every built-in router.
func TestTwoModelsAreAPool(t *testing.T) {
	for _, spec := range []string{
		"random", "length", "mf", "mf@judge", "mf@gold", "sw_ranking", "knn", "subject", "bert", "causal_llm", "oracle",
	} {
		t.Run(spec, func(t *testing.T) {
			ctx := context.Background()
			rs, err := harness.Open([]string{spec}, harness.RouterOptions{})
			if err != nil {
				t.Fatal(err)
			}
			benches, err := harness.Load(ctx, []string{"mt-bench", "mmlu", "gsm8k"}, rs, harness.LoadOptions{Regraded: true})
			if err != nil {
				t.Fatal(err)
			}
			e, err := harness.Run(ctx, rs, benches, harness.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if len(benches) != 4 {
				t.Errorf("%d benchmarks, want 4", len(benches))
			}
			for _, b := range benches {
				scores := e.Scores(b.Name(), spec)
				if scores == nil { // the random router in closed form: all orders count as one tie
					scores = make([]float64, b.Outcomes().N())
				}
				samePool(t, b.Name(), b.Outcomes(), scores)
			}
		})
	}
}

// samePool compares the curve of two models with the path of the pool.
func samePool(t *testing.T, name string, o eval.Outcomes, scores []float64) {
	t.Helper()
	curve, err := eval.NewCurve(o, scores)
	if err != nil {
		t.Fatal(err)
	}
	p, c := asPool(t, o, scores)
	if len(p.Vertices) != len(curve.Vertices) {
		t.Fatalf("%s: %d vertices, want %d", name, len(p.Vertices), len(curve.Vertices))
	}
	for k, v := range curve.Vertices {
		within12(t, name+" strong fraction", p.Vertices[k].Cost, v.StrongFraction)
		within12(t, name+" quality", p.Vertices[k].Quality, v.Quality)
	}
	if !(curve.Strong > curve.Weak) {
		return // the range of budgets would be empty
	}
	m := p.Measure(c, c.Range(), []float64{0.9, 0.95, 0.99})
	within12(t, name+" area", m.Area, curve.AUC())
	within12(t, name+" share", m.Share, curve.APGR())
	within12(t, name+" lift", m.Lift, curve.AreaOverRandom())
	for k, q := range []float64{0.9, 0.95, 0.99} {
		// The pool's targets count as reached within 1e-9, which on a flat curve is 1e-9/slope.
		if got, want := m.CostFor[k], curve.FractionFor(q*curve.Strong-1e-9); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: cost for %v is %v, want %v", name, q, got, want)
		}
	}
}

// asPool returns the path of a weak and a strong model, whose answers cost 0 and 1.
func asPool(t *testing.T, o eval.Outcomes, scores []float64) (*pool.Path, pool.Constants) {
	t.Helper()
	out := pool.Outcomes{Quality: pool.NewMatrix(o.N(), 2), Cost: pool.NewMatrix(o.N(), 2), Weight: o.Weight}
	p := pool.Predictions{Quality: pool.NewMatrix(o.N(), 2), Cost: pool.NewMatrix(1, 2), Scores: true}
	p.Cost.Values[1] = 1
	for i, s := range scores {
		out.Quality.Row(i)[0], out.Quality.Row(i)[1], out.Cost.Row(i)[1], p.Quality.Row(i)[1] = o.Weak[i], o.Strong[i], 1, s
	}
	path, err := pool.NewPath(out, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	return path, pool.NewConstants(out, nil)
}

func within12(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("%s is %.17g, want %.17g", what, got, want)
	}
}

// TestTwoModelsGolden compares both engines with the reference on tied scores.
func TestTwoModelsGolden(t *testing.T) {
	raw, err := os.ReadFile("../../shared/golden/nmodels/n2.json")
	if os.IsNotExist(err) {
		t.Skip("skipped: no ../shared")
	}
	var g struct {
		Weak, Strong, Score []float64
		APGR, AUC           float64
	}
	if err == nil {
		err = json.Unmarshal(raw, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	o := eval.Outcomes{Strong: g.Strong, Weak: g.Weak}
	p, c := asPool(t, o, g.Score)
	m := p.Measure(c, c.Range(), nil)
	within12(t, "APGR", m.Share, g.APGR)
	within12(t, "AUC", m.Area, g.AUC)
	samePool(t, "n2", o, g.Score)
	weights := slices.Repeat([]float64{0.5, 2, 1, 3.25}, o.N()/4)
	samePool(t, "n2 with weights", eval.Outcomes{Strong: g.Strong, Weak: g.Weak, Weight: weights}, g.Score)
}
