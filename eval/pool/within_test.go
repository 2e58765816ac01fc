package pool

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWithin finds places on a path whose cost falls in between.
func TestWithin(t *testing.T) {
	p := &Path{Vertices: []Vertex{{math.Inf(1), 1, 10}, {5, 3, 20}, {4, 2, 40}, {3, 5, 70}, {2, 4, 80}}}
	for budget, want := range map[float64]Vertex{1: {5, 1, 10}, 2: {5, 2, 15}, 3: {5, 3, 20}, 3.5: {3, 3.5, 55}, 5: {3, 5, 70}, 9: {3, 5, 70}} {
		at, ok := p.Within(budget)
		if got := p.At(at); !ok || math.Abs(got.Cost-want.Cost) > 1e-12 || math.Abs(got.Quality-want.Quality) > 1e-12 || got.Lambda != want.Lambda {
			t.Errorf("within %v: %+v, %v, want %+v", budget, got, ok, want)
		}
	}
	if _, ok := p.Within(0.9); ok {
		t.Error("a budget below the first vertex is kept")
	}
	if at, ok := (&Path{Vertices: p.Vertices[:1]}).Within(2); !ok || at.K != 0 {
		t.Errorf("one vertex: %+v, %v", at, ok)
	}
}

// TestCalls: where a model's cost and quality are the same for every prompt, the calls at each
// vertex give its cost and quality. Predictions and costs of models may be equal.
func TestCalls(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n = 60
	for _, scores := range []bool{false, true} {
		models := map[bool]int{false: 4, true: 2}[scores]
		o := Outcomes{Quality: NewMatrix(n, models), Cost: NewMatrix(n, models), Weight: make([]float64, n)}
		p := Predictions{Quality: NewMatrix(n, models), Cost: NewMatrix(1, models), Scores: scores}
		copy(p.Cost.Values, []float64{1, 2, 2, 7})
		for i := range n {
			o.Weight[i] = 1 + float64(i%3)
			copy(o.Quality.Row(i), []float64{0.1, 0.5, 0.4, 0.9})
			copy(o.Cost.Row(i), []float64{1, 2, 3, 7})
			for m := range models {
				p.Quality.Row(i)[m] = float64(rng.IntN(6)) / 10
			}
		}
		path, err := NewPath(o, p, 0)
		if err != nil {
			t.Fatal(err)
		}
		var lambdas []float64
		for _, v := range path.Vertices {
			lambdas = append(lambdas, v.Lambda)
		}
		calls := p.Calls(lambdas, o.Weight)
		for k, v := range path.Vertices {
			cost, quality, total := 0.0, 0.0, 0.0
			for m, share := range calls.Row(k) {
				cost += share * o.Cost.At(0, m)
				quality += share * o.Quality.At(0, m)
				total += share
			}
			if math.Abs(cost-v.Cost) > 1e-12 || math.Abs(quality-v.Quality) > 1e-12 || math.Abs(total-1) > 1e-12 {
				t.Errorf("scores %v: at lambda %v: cost %v, quality %v, shares %v; want %+v", scores, v.Lambda, cost, quality, total, v)
			}
		}
	}
	if got := (Predictions{Quality: NewMatrix(2, 2), Cost: NewMatrix(1, 2)}).Calls(nil, nil); got.Rows() != 0 {
		t.Errorf("no lambdas: %v", got)
	}
}
