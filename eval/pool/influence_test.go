package pool

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/routellm/routellm/eval"
)

// TestInfluence compares influences with differences of the lift if one cluster weighs more.
func TestInfluence(t *testing.T) {
	const step = 1e-6
	for _, given := range []Range{{}, {0.00015, 0.002}} {
		o, p := artificial(rand.New(rand.NewPCG(8, 9)), 60, 4, 0.05)
		for i := range o.N() { // costs that rise along the path
			for m := range o.Models() {
				o.Cost.Row(i)[m] = p.Cost.At(0, m) * (1 + float64(i)/100)
			}
		}
		o.Weight, o.Cluster = make([]float64, o.N()), make([]int, o.N())
		for i := range o.Weight {
			o.Weight[i], o.Cluster[i] = 1+float64(i%3), i/2
		}
		total := 0.0
		for _, w := range o.Weight {
			total += w
		}
		table := Table{Outcomes: o, Routers: []Router{sweepOf(t, o, p)}, Range: given}
		base := liftsOf(t, table)
		c := NewConstants(o, nil)
		for _, logs := range []bool{false, true} {
			d := table.influence(table.Routers[0], c, table.rangeOf(c), logs)
			for k := range d {
				more := o
				more.Weight = append([]float64(nil), o.Weight...)
				more.Weight[2*k] *= 1 + step
				more.Weight[2*k+1] *= 1 + step
				x := liftsOf(t, Table{Outcomes: more, Routers: []Router{sweepOf(t, more, p)}, Range: given})
				want := (x.Lift.Value - base.Lift.Value) / step * total
				if logs {
					want = (x.LogLift.Value - base.LogLift.Value) / step * total
				}
				if math.Abs(d[k]-want) > 1e-3*max(1, math.Abs(want)) {
					t.Errorf("range %v, logs %v, cluster %d: influence %v, want %v", given, logs, k, d[k], want)
				}
			}
		}
	}
}

func liftsOf(t *testing.T, table Table) MetricEstimates {
	t.Helper()
	e, err := table.Evaluate(eval.Bootstrap{Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	return e.Routers[0]
}

// TestFewClustersCarryALift checks that a lift that rests on a few prompts has no interval and no
// verdict.
func TestFewClustersCarryALift(t *testing.T) {
	const n = 400
	o := Outcomes{Quality: NewMatrix(n, 2), Cost: NewMatrix(n, 2)}
	p := Predictions{Quality: NewMatrix(n, 2), Cost: matrixOf([][]float64{{1, 2}})}
	for i := range n {
		copy(o.Quality.Row(i), []float64{0.5, 0.501})
		copy(o.Cost.Row(i), []float64{1, 2})
		if i < 3 {
			o.Quality.Row(i)[1] = 30
			p.Quality.Row(i)[1] = 1
		}
		p.Quality.Row(i)[1] += 0.01
	}
	e, err := Table{Outcomes: o, Routers: []Router{sweepOf(t, o, p)}}.Evaluate(eval.Bootstrap{Resamples: 199, Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	if x := e.Routers[0].Lift; !(x.Value > 0.1) || !math.IsNaN(x.Lo) {
		t.Errorf("lift %v, want it without an interval", x)
	}
	if c := e.Compare(ByLift, 0, 0); c.Static[0].Verdict(0.95) != eval.Inconclusive {
		t.Errorf("against the static mix: %+v", c.Static[0])
	}
}
