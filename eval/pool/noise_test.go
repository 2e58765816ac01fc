package pool_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
)

// The noise falls with the square root of the number of prompts, and is the standard deviation of
// the lift over new samples.
func TestNoise(t *testing.T) {
	b := eval.Bootstrap{Resamples: 200, Confidence: 0.95, Seed: 1}
	few, err := pool.NewNoise(noiseOutcomes(200, 1), pool.Range{}, b)
	if err != nil {
		t.Fatal(err)
	}
	many, _ := pool.NewNoise(noiseOutcomes(1800, 2), pool.Range{}, b)
	if x := few.Lift / many.Lift; !(x > 2.2 && x < 4) {
		t.Errorf("noise of 200 prompts is %.2f times that of 1,800, want about 3", x)
	}
	if x := few.Difference / many.Difference; !(x > 2.2 && x < 4) {
		t.Errorf("difference on 200 prompts varies %.2f times as much as on 1,800, want about 3", x)
	}
	var lifts []float64
	for k := range 60 {
		o := noiseOutcomes(200, uint64(100+k))
		order := rand.New(rand.NewPCG(9, uint64(k))).Perm(o.N())
		path, err := pool.NewPath(o, pool.Oracle(o).Pick(order), 0)
		if err != nil {
			t.Fatal(err)
		}
		c := pool.NewConstants(o, nil)
		lifts = append(lifts, path.Measure(c, pool.Range{Lo: c.Cost[c.Cheapest], Hi: c.Cost[c.Best]}, nil).Lift)
	}
	if x := few.Lift / spread(lifts); !(x > 0.6 && x < 1.6) {
		t.Errorf("noise is %.2f times the standard deviation over samples, want about 1", x)
	}
}

// Without a range of budgets there is no lift, and no noise of it.
func TestNoiseWithoutLift(t *testing.T) {
	o := noiseOutcomes(50, 1)
	o.Quality, o.Cost = o.Quality.Select([]int{0}), o.Cost.Select([]int{0})
	n, err := pool.NewNoise(o, pool.Range{}, eval.Bootstrap{Resamples: 50, Confidence: 0.95, Seed: 1})
	if err != nil || !math.IsNaN(n.Lift) {
		t.Errorf("noise of one model is %v, %v: want NaN", n.Lift, err)
	}
}

// noiseOutcomes returns right and wrong answers of three models.
func noiseOutcomes(n int, seed uint64) pool.Outcomes {
	r := rand.New(rand.NewPCG(seed, 5))
	o := pool.Outcomes{Quality: pool.NewMatrix(n, 3), Cost: pool.NewMatrix(n, 3)}
	for i := range n {
		for m, right := range []float64{0.5, 0.7, 0.9} {
			if r.Float64() < right {
				o.Quality.Row(i)[m] = 1
			}
			o.Cost.Row(i)[m] = math.Pow(4, float64(m)) * math.Exp(0.5*r.NormFloat64())
		}
	}
	return o
}

// spread returns the standard deviation.
func spread(x []float64) float64 {
	sum, squares, n := 0.0, 0.0, float64(len(x))
	for _, v := range x {
		sum += v / n
	}
	for _, v := range x {
		squares += (v - sum) * (v - sum)
	}
	return math.Sqrt(squares / (n - 1))
}
