package pool

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/routellm/routellm/eval"
)

// edge is a pool at an edge of what can be measured.
type edge struct {
	name          string
	quality, cost [][]float64
	p, k          [][]float64
	own           float64
	given         Range

	// What is measured; NaN for a value that does not exist.
	vertices                      int
	area, lift, logLift, share, c float64
}

func TestEdges(t *testing.T) {
	none := math.NaN()
	for _, x := range []edge{
		{name: "one model", quality: [][]float64{{1}, {0}}, cost: [][]float64{{2}, {4}}, p: [][]float64{{1}, {0}}, k: [][]float64{{3}},
			vertices: 1, area: none, lift: none, logLift: none, share: none, c: 1},
		{name: "two identical models", quality: [][]float64{{1, 1}, {0, 0}}, cost: [][]float64{{2, 2}, {4, 4}}, p: [][]float64{{1, 1}, {0, 0}}, k: [][]float64{{3, 3}},
			vertices: 1, area: none, lift: none, logLift: none, share: none, c: 1},
		{name: "equal costs", quality: [][]float64{{1, 0}, {0, 1}, {0, 1}}, cost: [][]float64{{2, 2}, {2, 2}, {2, 2}}, p: [][]float64{{1, 0}, {0, 1}, {0, 1}}, k: [][]float64{{2, 2}},
			vertices: 1, area: none, lift: none, logLift: none, share: none, c: 1},
		{name: "a free model", quality: [][]float64{{0, 1}, {1, 1}}, cost: [][]float64{{0, 1}, {0, 1}}, p: [][]float64{{0, 1}, {1, 1}}, k: [][]float64{{0, 1}},
			vertices: 2, area: 0.875, lift: 0.125, logLift: none, share: 0.75, c: 0.45},
		{name: "no model costs anything", quality: [][]float64{{0, 1}, {1, 1}}, cost: [][]float64{{0, 0}, {0, 0}}, p: [][]float64{{0, 1}, {1, 1}}, k: [][]float64{{0, 0}},
			vertices: 1, area: none, lift: none, logLift: none, share: none, c: none},
		{name: "the same quality", quality: [][]float64{{1, 0}, {0, 1}}, cost: [][]float64{{1, 2}, {1, 2}}, p: [][]float64{{1, 0}, {0, 1}}, k: [][]float64{{1, 2}},
			given: Range{1, 2}, vertices: 2, area: 0.875, lift: 0.375, logLift: (0.5-0.5*math.Log(1.5)+math.Log(4./3))/math.Ln2 - 0.5, share: none, c: 1},
		{name: "the best model is the cheapest", quality: [][]float64{{1, 0}, {1, 1}}, cost: [][]float64{{1, 2}, {1, 2}}, p: [][]float64{{1, 0}, {1, 1}}, k: [][]float64{{1, 2}},
			vertices: 1, area: none, lift: none, logLift: none, share: none, c: 1},
		{name: "a router that costs more than the best model", quality: [][]float64{{0, 1}, {1, 1}}, cost: [][]float64{{1, 2}, {1, 2}}, p: [][]float64{{0, 1}, {1, 1}}, k: [][]float64{{1, 2}},
			own: 5, vertices: 2, area: 0.5, lift: -0.25, logLift: 0.5 - 0.5/math.Ln2, share: 0, c: 3.225},
		{name: "one prompt", quality: [][]float64{{0, 1}}, cost: [][]float64{{1, 2}}, p: [][]float64{{0, 1}}, k: [][]float64{{1, 2}},
			vertices: 2, area: 0.5, lift: 0, logLift: 0, share: 0.5, c: 0.975},
		{name: "equal predictions", quality: [][]float64{{0, 1}, {1, 1}}, cost: [][]float64{{1, 2}, {1, 2}}, p: [][]float64{{0.5, 0.5}, {0.5, 0.5}}, k: [][]float64{{1, 1}},
			vertices: 1, area: 0.6875, lift: -0.0625, logLift: (0.25+0.75*math.Log(4./3))/math.Ln2 - 0.5/math.Ln2, share: 0.375, c: none},
	} {
		o := Outcomes{Quality: matrixOf(x.quality), Cost: matrixOf(x.cost)}
		s, err := NewSweep(o, Predictions{Quality: matrixOf(x.p), Cost: matrixOf(x.k)}, x.own)
		if err != nil {
			t.Fatal(err)
		}
		e, err := Table{Outcomes: o, Routers: []Router{s}, Shares: []float64{0.95}, Range: x.given}.Evaluate(eval.Bootstrap{Resamples: 49, Confidence: 0.95})
		if err != nil {
			t.Fatal(err)
		}
		m := e.Routers[0]
		if n := len(s.Path(nil).Vertices); n != x.vertices {
			t.Errorf("%s: %d vertices, want %d", x.name, n, x.vertices)
		}
		for what, pair := range map[string][2]float64{"area": {m.Area.Value, x.area}, "lift": {m.Lift.Value, x.lift}, "log lift": {m.LogLift.Value, x.logLift},
			"share": {m.Share.Value, x.share}, "cost for 95 %": {m.CostFor[0].Value, x.c}} {
			if got, want := pair[0], pair[1]; !(math.Abs(got-want) < 1e-8 || math.IsNaN(got) && math.IsNaN(want)) { // a target counts as reached within 1e-9
				t.Errorf("%s: %s is %v, want %v", x.name, what, got, want)
			}
		}
	}
}

// TestOneCluster checks that prompts of one cluster give values and no interval, and no verdict.
func TestOneCluster(t *testing.T) {
	table := tableOf(t, 50)
	clear(table.Outcomes.Cluster)
	table.Routers = []Router{table.Routers[0], table.Routers[0]}
	for k := range table.Routers {
		o, p := artificial(rand.New(rand.NewPCG(1, uint64(k))), 50, 4, 0.1)
		o.Cluster = table.Outcomes.Cluster
		table.Routers[k] = sweepOf(t, o, p)
	}
	e, err := table.Evaluate(eval.Bootstrap{Resamples: 99, Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	c := e.Compare(ByLift, 0, 0)
	if x := e.Routers[0].Lift; math.IsNaN(x.Value) || !math.IsNaN(x.Lo) || c.Pairs[0].Verdict != eval.Inconclusive || !math.IsNaN(c.Static[0].P) {
		t.Errorf("lift %v, comparison %+v", x, c)
	}
}
