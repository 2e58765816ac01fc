package measure

import (
	"math"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// TestBudgets compares what a router does within budgets with its path, where a model costs the
// same on every prompt and is worth the same, so that its calls give its cost and quality.
func TestBudgets(t *testing.T) {
	const n = 90
	cost, quality := []float64{1, 4, 20}, []float64{0.2, 0.5, 0.9}
	s := PoolSamples{Outcomes: pool.Outcomes{Quality: pool.NewMatrix(n, 3), Cost: pool.NewMatrix(n, 3)}, Names: []string{"a", "b", "c"}, PredictedCost: cost}
	predicted := pool.Predictions{Quality: pool.NewMatrix(n, 3), Cost: pool.Matrix{Columns: 3, Values: cost}}
	for i := range n {
		copy(s.Cost.Row(i), cost)
		copy(s.Quality.Row(i), quality)
		for m := range cost {
			predicted.Quality.Row(i)[m] = math.Mod(float64((i+1)*(m+3))*0.37, 1) + float64(m)
		}
	}
	p, err := NewPool(results.Pool{Axis: results.CostAxis}, s, []float64{0.9})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Add(Entrant{Name: "router", Columns: []int{0, 1, 2}, Predictions: predicted}); err != nil {
		t.Fatal(err)
	}
	if err := p.Evaluate(eval.Bootstrap{}); err != nil {
		t.Fatal(err)
	}
	d := p.Result()
	if len(d.Budgets) != results.MaxBudgets || d.Budgets[0] != 1 || d.Budgets[100] != 20 || math.Abs(float64(d.Budgets[50])-math.Sqrt(20)) > 1e-9 {
		t.Fatalf("budgets %v", d.Budgets)
	}
	path := p.routers[0].path
	for i, x := range d.Routers[0].Budgets {
		budget := float64(d.Budgets[i])
		if path.Vertices[0].Cost > budget {
			if x.Cost.Exists() || len(x.Calls) > 0 {
				t.Errorf("within %v: %+v, although the router never costs as little", budget, x)
			}
			continue
		}
		wantCost, wantQuality, total := 0.0, 0.0, 0.0
		for m, share := range x.Calls {
			wantCost, wantQuality, total = wantCost+float64(share)*cost[m], wantQuality+float64(share)*quality[m], total+float64(share)
		}
		if math.Abs(float64(x.Cost)-min(budget, path.End().Cost)) > 1e-9 || math.Abs(wantCost-float64(x.Cost)) > 1e-9 || math.Abs(wantQuality-float64(x.Quality)) > 1e-9 || math.Abs(total-1) > 1e-9 {
			t.Errorf("within %v: %+v; the calls cost %v and give %v", budget, x, wantCost, wantQuality)
		}
	}
}

func TestBudgetGrid(t *testing.T) {
	for name, c := range map[string]struct {
		in     pool.Range
		n      int
		middle float64
	}{
		"wide": {pool.Range{Lo: 1, Hi: 100}, 101, 10}, "narrow": {pool.Range{Lo: 1, Hi: 3}, 101, 2}, "from 0": {pool.Range{Lo: 0, Hi: 50}, 101, 25},
		"one model": {pool.Range{Lo: 2, Hi: 2}, 1, 2}, "free": {pool.Range{}, 1, 0},
	} {
		got := budgetGrid(c.in)
		if len(got) != c.n || math.Abs(got[len(got)/2]-c.middle) > 1e-9 || got[len(got)-1] != c.in.Hi || got[0] != c.in.Lo {
			t.Errorf("%s: %d budgets with %v in the middle", name, len(got), got[len(got)/2])
		}
	}
}
