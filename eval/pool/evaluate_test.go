package pool

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
)

// artificial draws n prompts whose hardness decides how likely each model is right, and a router
// that sees the hardness with noise. The price and the ability of a model rise with its number.
func artificial(rng *rand.Rand, n, models int, noise float64) (Outcomes, Predictions) {
	o := Outcomes{Quality: NewMatrix(n, models), Cost: NewMatrix(n, models)}
	p := Predictions{Quality: NewMatrix(n, models), Cost: NewMatrix(1, models)}
	for m := range models {
		p.Cost.Row(0)[m] = 0.0001 * math.Pow(3, float64(m))
	}
	for i := range n {
		hard, length := rng.Float64(), 0.5+rng.Float64()
		seen := hard + float64(noise*rng.NormFloat64())
		for m := range models {
			if rng.Float64() < right(hard, m) {
				o.Quality.Row(i)[m] = 1
			}
			o.Cost.Row(i)[m] = p.Cost.Row(0)[m] * length
			p.Quality.Row(i)[m] = right(seen, m)
		}
	}
	return o, p
}

// right returns the probability that a model answers a prompt right.
func right(hard float64, model int) float64 {
	return 1 / (1 + math.Exp(6*float64(hard-0.3-0.15*float64(model))))
}

func sweepOf(t testing.TB, o Outcomes, p Predictions) *Sweep {
	t.Helper()
	s, err := NewSweep(o, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tableOf draws a table of two routers and a point.
func tableOf(t testing.TB, n int) Table {
	o, p := artificial(rand.New(rand.NewPCG(1, 2)), n, 4, 0.05)
	_, q := artificial(rand.New(rand.NewPCG(3, 4)), n, 4, 0.2)
	o.Cluster = make([]int, n)
	for i := range o.Cluster {
		o.Cluster[i] = i / 2
	}
	all := Decisions{make([]float64, n), make([]float64, n)}
	for i := range n {
		all.Cost[i], all.Quality[i] = o.Cost.At(i, 1), o.Quality.At(i, 1)
	}
	return Table{Outcomes: o, Routers: []Router{sweepOf(t, o, p), sweepOf(t, o, q)}, Points: []Decisions{all}, Shares: []float64{0.9, 0.95}}
}

func TestResampleOnAnyNumberOfCores(t *testing.T) {
	table := tableOf(t, 300)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var all []*Replicates
	for _, cores := range []int{1, 7} {
		runtime.GOMAXPROCS(cores)
		r, err := table.Resample(eval.Bootstrap{Resamples: 50, Confidence: 0.95, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if !reflect.DeepEqual(all[0], all[1]) {
		t.Error("the number of cores changes the floats")
	}
}

// TestResampleAgainstCopies compares a resample with a table that holds every prompt as often as
// the resample draws it.
func TestResampleAgainstCopies(t *testing.T) {
	table := tableOf(t, 40)
	o, p := artificial(rand.New(rand.NewPCG(1, 2)), 40, 4, 0.05)
	var draws [][]int32
	err := eval.Bootstrap{Resamples: 20, Seed: 3}.Each(20, func() func(int, []int32) {
		return func(i int, weight []int32) {
			if i == 11 {
				draws = append(draws, append([]int32(nil), weight...))
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var index []int
	for i := range o.N() {
		for range draws[0][i/2] {
			index = append(index, i)
		}
	}
	copied := Outcomes{Quality: o.Quality.Pick(index), Cost: o.Cost.Pick(index)}
	want := measureOnce(t, copied, Predictions{Quality: p.Quality.Pick(index), Cost: p.Cost}, nil)
	got, err := table.Resample(eval.Bootstrap{Resamples: 20, Confidence: 0.95, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	x, y := got.Routers[0], want.Routers[0]
	near(t, "lift", x.Lift[11], y.Lift[0])
	near(t, "log lift", x.LogLift[11], y.LogLift[0])
	near(t, "share", x.Share[11], y.Share[0])
	near(t, "cost for 95 %", x.CostFor[1][11], y.CostFor[1][0])
	near(t, "quality of a model", got.Quality[2][11], want.Quality[2][0])
	near(t, "quality of a point", got.Points[0].Quality[11], want.Quality[1][0])
}

func TestEvaluate(t *testing.T) {
	table := tableOf(t, 600)
	e, err := table.Evaluate(eval.Bootstrap{Resamples: 199, Confidence: 0.95, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	path := table.Routers[0].Path(nil)
	m := path.Measure(e.Constants, e.Range, table.Shares)
	if e.Routers[0].Lift.Value != m.Lift || e.Routers[0].CostFor[1].Value != m.CostFor[1] {
		t.Errorf("lift %v, cost %v: want those of the path, %v and %v", e.Routers[0].Lift, e.Routers[0].CostFor[1], m.Lift, m.CostFor[1])
	}
	for _, x := range []Estimate{e.Routers[0].Lift, e.Routers[0].LogLift, e.Routers[0].Area, e.Routers[0].Share, e.Routers[0].CostFor[0], e.Models[3].Cost, e.Points[0].Quality} {
		if !(x.Lo < x.Value && x.Value < x.Hi) {
			t.Errorf("interval %v", x)
		}
	}
	if e.Static.Lift.Value != 0 || e.Static.Lift.Lo != 0 || e.Static.Lift.Hi != 0 {
		t.Errorf("the static mix has the lift %v over itself", e.Static.Lift)
	}
	for _, by := range []Metric{ByLift, ByLogLift} {
		c := e.Compare(by, 0, 0)
		if c.Static[0].Verdict(0.95) != eval.Better || c.Pairs[0].Verdict != eval.Better {
			t.Errorf("by %s: a router that sees the hardness: %+v", by, c)
		}
		if v := c.Static[1].Verdict(0.95); v == eval.Better {
			t.Errorf("by %s: a router of other prompts is better than the static mix: %+v", by, c.Static[1])
		}
	}
	if c := e.Compare(ByCost, 1, 0); c.Pairs[0].Verdict != eval.Better || c.Static != nil || c.Pairs[0].Value >= 0 {
		t.Errorf("by cost: %+v", c)
	}
}

// TestEvaluateWithoutResamples checks that intervals and tests are left out and values kept.
func TestEvaluateWithoutResamples(t *testing.T) {
	e, err := tableOf(t, 60).Evaluate(eval.Bootstrap{Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	c := e.Compare(ByLift, 0, 0.1)
	if x := e.Routers[0].Lift; math.IsNaN(x.Value) || !math.IsNaN(x.Lo) || !math.IsNaN(c.Static[0].P) || c.Pairs[0].Verdict != eval.Inconclusive {
		t.Errorf("lift %v, comparison %+v", x, c)
	}
}

func TestEquivalent(t *testing.T) {
	table := tableOf(t, 600)
	table.Routers[1] = table.Routers[0]
	e, err := table.Evaluate(eval.Bootstrap{Resamples: 99, Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	if d := e.Compare(ByLift, 0, 0.001).Pairs[0]; d.Verdict != eval.Equivalent || d.P != 1 || d.Interval.Lo != 0 {
		t.Errorf("a router compared with itself: %+v", d)
	}
	if d := e.Compare(ByLift, 0, 0).Pairs[0]; d.Verdict != eval.Inconclusive {
		t.Errorf("without a margin: %+v", d)
	}
}

func TestEvaluateErrors(t *testing.T) {
	table := tableOf(t, 20)
	for want, spoil := range map[string]func(*Table){
		"router 1 has 19 prompts": func(x *Table) {
			o, p := artificial(rand.New(rand.NewPCG(1, 2)), 19, 4, 1)
			x.Routers = []Router{x.Routers[0], sweepOf(t, o, p)}
		},
		"range of budgets is 2 to 1":   func(x *Table) { x.Range = Range{2, 1} },
		"point 0: 1 cost and 0 qual":   func(x *Table) { x.Points = []Decisions{{Cost: []float64{1}}} },
		"prompt 0: weight is -1":       func(x *Table) { x.Outcomes.Weight = append([]float64{-1}, make([]float64, 19)...) },
		"number of resamples is -1":    func(x *Table) {},
		"point 0: prompt 3: quality N": func(x *Table) { x.Points[0].Quality[3] = math.NaN() },
	} {
		x := table
		x.Points = []Decisions{{append([]float64(nil), table.Points[0].Cost...), append([]float64(nil), table.Points[0].Quality...)}}
		spoil(&x)
		_, err := x.Resample(eval.Bootstrap{Resamples: -1, Confidence: 0.95})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q", err, want)
		}
	}
	stop := errors.New("stop")
	if _, err := table.Evaluate(eval.Bootstrap{Resamples: 5, Confidence: 0.95, Progress: func(int, int) error { return stop }}); !errors.Is(err, stop) {
		t.Errorf("error is %v, want that of Progress", err)
	}
}
