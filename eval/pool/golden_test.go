package pool

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// golden is a file of ../shared/golden/nmodels with N models.
type golden struct {
	Quality     [][]float64            `json:"quality"`
	Cost        [][]float64            `json:"cost_usd"`
	Predicted   []float64              `json:"predicted_cost"`
	PredictedOf map[string][][]float64 `json:"predicted_cost_of"`
	Predictions map[string][][]float64 `json:"predictions"`
	Routers     map[string]struct {
		Vertices int
		Path     []struct {
			Vertex        int
			Cost, Quality float64
		}
		Summary  map[string]*float64
		Weighted []struct {
			Cost    []float64 `json:"constants_cost"`
			Quality []float64 `json:"constants_quality"`
			Summary map[string]*float64
		}
	}
}

func readGolden(t *testing.T, name string) golden {
	t.Helper()
	var g golden
	readJSON(t, name, &g)
	return g
}

// readJSON reads a golden file, or skips the test without it.
func readJSON(t *testing.T, name string, to any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "golden", "nmodels", name))
	if os.IsNotExist(err) {
		t.Skip("skipped: no ../shared")
	}
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func matrixOf(rows [][]float64) Matrix {
	m := NewMatrix(len(rows), len(rows[0]))
	for i, r := range rows {
		copy(m.Row(i), r)
	}
	return m
}

func (g golden) outcomes() Outcomes {
	return Outcomes{Quality: matrixOf(g.Quality), Cost: matrixOf(g.Cost)}
}

// predictions returns what the router predicts. The oracle predicts the outcomes.
func (g golden) predictions(router string) Predictions {
	if router == "oracle" {
		return Predictions{Quality: matrixOf(g.Quality), Cost: matrixOf(g.Cost)}
	}
	p := Predictions{Quality: matrixOf(g.Predictions[router]), Cost: matrixOf([][]float64{g.Predicted})}
	if k, ok := g.PredictedOf[router]; ok {
		p.Cost = matrixOf(k)
	}
	return p
}

func TestGoldenPaths(t *testing.T) {
	for _, name := range []string{"rb365.json", "pareto_k4.json"} {
		g := readGolden(t, name)
		c := NewConstants(g.outcomes(), nil)
		for router, want := range g.Routers {
			p, err := NewPath(g.outcomes(), g.predictions(router), 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Vertices) != want.Vertices {
				t.Errorf("%s, %s: %d vertices, want %d", name, router, len(p.Vertices), want.Vertices)
				continue
			}
			for _, v := range want.Path {
				got := p.Vertices[v.Vertex]
				near(t, name+" "+router+" cost", got.Cost, v.Cost)
				near(t, name+" "+router+" quality", got.Quality, v.Quality)
			}
			m := p.Measure(c, c.Range(), []float64{0.9, 0.95, 0.99})
			checkMetrics(t, name+" "+router, m, want.Summary)
			for key, got := range map[string]float64{"peak_quality": p.Peak().Quality, "peak_cost": p.Peak().Cost,
				"end_quality": p.End().Quality, "end_cost": p.End().Cost} {
				near(t, name+" "+router+" "+key, got, number(want.Summary[key]))
			}
		}
	}
}

// checkMetrics compares metrics with a golden summary.
func checkMetrics(t *testing.T, what string, m Metrics, want map[string]*float64) {
	t.Helper()
	for key, got := range map[string]float64{"area": m.Area, "area_static": m.Area - m.Lift, "lift": m.Lift,
		"log_area": m.LogArea, "log_area_static": m.LogArea - m.LogLift, "apgr": m.Share,
		"cost_for_0.9": m.CostFor[0], "cost_for_0.95": m.CostFor[1], "cost_for_0.99": m.CostFor[2]} {
		near(t, what+" "+key, got, number(want[key]))
	}
}

// number returns NaN for null.
func number(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// goldenDraws returns the weights of the goldens: the number of times that n draws with a rule
// instead of chance hold each prompt.
func goldenDraws(n, vector int) []int32 {
	rule := [][3]int{{3, 5, 1}, {7, 2, 3}, {11, 1, 8}}[vector]
	out := make([]int32, n)
	for j := range n {
		out[(j*j*rule[0]+j*rule[1]+rule[2])%n]++
	}
	return out
}

// TestGoldenResamples checks what a resample measures, with the multiplicities as draws of single
// prompts, as draws of clusters in another order, and as weights.
func TestGoldenResamples(t *testing.T) {
	for _, name := range []string{"rb365.json", "pareto_k4.json"} {
		g := readGolden(t, name)
		for router, want := range g.Routers {
			for v, weighted := range want.Weighted {
				draws := goldenDraws(len(g.Quality), v)
				for way, measured := range resampledWays(t, g.outcomes(), g.predictions(router), draws) {
					what := fmt.Sprintf("%s %s, weights %d %s", name, router, v, way)
					checkReplicate(t, what, measured, weighted.Summary)
					for m := range weighted.Cost {
						near(t, what+" cost", measured.Cost[m][0], weighted.Cost[m])
						near(t, what+" quality", measured.Quality[m][0], weighted.Quality[m])
					}
				}
			}
		}
	}
}

// resampledWays measures one resample in each way to give multiplicities.
func resampledWays(t *testing.T, o Outcomes, p Predictions, draws []int32) map[string]*Replicates {
	t.Helper()
	reversed, turned := make([]int, len(draws)), make([]int32, len(draws))
	for i := range draws {
		reversed[i] = len(draws) - 1 - i
		turned[reversed[i]] = draws[i]
	}
	var index []int
	var weight []float64
	for i, d := range draws {
		if d > 0 {
			index, weight = append(index, i), append(weight, float64(d))
		}
	}
	drawn := Outcomes{Quality: o.Quality.Pick(index), Cost: o.Cost.Pick(index), Weight: weight}
	few := Predictions{Quality: p.Quality.Pick(index), Cost: p.Cost}
	if p.Cost.Rows() > 1 {
		few.Cost = p.Cost.Pick(index)
	}
	clustered := o
	clustered.Cluster = reversed
	return map[string]*Replicates{
		"as draws":    measureOnce(t, o, p, draws),
		"as clusters": measureOnce(t, clustered, p, turned),
		"as weights":  measureOnce(t, drawn, few, nil),
	}
}

// measureOnce measures one router on one resample.
func measureOnce(t *testing.T, o Outcomes, p Predictions, draws []int32) *Replicates {
	t.Helper()
	s, err := NewSweep(o, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	table := Table{Outcomes: o, Routers: []Router{s}, Shares: []float64{0.9, 0.95, 0.99}}
	out := table.replicates(1)
	table.worker(NewConstants(o, nil)).measure(0, draws, out)
	return out
}

// checkReplicate compares the first resample with a golden summary.
func checkReplicate(t *testing.T, what string, r *Replicates, want map[string]*float64) {
	t.Helper()
	x := r.Routers[0]
	m := Metrics{Area: x.Area[0], LogArea: x.LogArea[0], Lift: x.Lift[0], LogLift: x.LogLift[0], Share: x.Share[0]}
	for _, cost := range x.CostFor {
		if math.IsInf(cost[0], 1) {
			cost[0] = math.NaN() // never reached, null in the goldens
		}
		m.CostFor = append(m.CostFor, cost[0])
	}
	checkMetrics(t, what, m, want)
}

// near fails unless the numbers are equal to 1e-9, relative or absolute, or both NaN.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= 1e-9*math.Min(1, math.Max(1e-4, math.Abs(want)))) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// TestGoldenTwoModels checks a router's scores against the APGR of the program's two-model
// evaluation.
func TestGoldenTwoModels(t *testing.T) {
	var g struct {
		Weak, Strong, Score []float64
		APGR, AUC           float64
	}
	readJSON(t, "n2.json", &g)
	n := len(g.Weak)
	o := Outcomes{Quality: NewMatrix(n, 2), Cost: NewMatrix(n, 2)}
	p := Predictions{Quality: NewMatrix(n, 2), Cost: matrixOf([][]float64{{0, 1}}), Scores: true}
	for i := range n {
		copy(o.Quality.Row(i), []float64{g.Weak[i], g.Strong[i]})
		o.Cost.Row(i)[1], p.Quality.Row(i)[1] = 1, g.Score[i]-0.5 // below 0 too
	}
	path, err := NewPath(o, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	c := NewConstants(o, nil)
	m := path.Measure(c, c.Range(), nil)
	near(t, "APGR", m.Share, g.APGR)
	near(t, "AUC", m.Area, g.AUC)
	if end := path.End(); end.Cost != 1 {
		t.Errorf("the path ends at the cost %v, want always strong", end.Cost)
	}
}
