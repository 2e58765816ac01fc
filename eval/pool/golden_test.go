package pool

import (
	"encoding/json"
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
		Summary map[string]*float64
	}
}

func readGolden(t *testing.T, name string) golden {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "golden", "nmodels", name))
	if os.IsNotExist(err) {
		t.Skip("skipped: no ../shared")
	}
	var g golden
	if err == nil {
		err = json.Unmarshal(raw, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
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
		return Predictions{matrixOf(g.Quality), matrixOf(g.Cost)}
	}
	p := Predictions{matrixOf(g.Predictions[router]), matrixOf([][]float64{g.Predicted})}
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
			for key, got := range map[string]float64{"area": m.Area, "lift": m.Lift, "log_area": m.LogArea, "log_area_static": m.LogArea - m.LogLift,
				"apgr": m.Share, "cost_for_0.9": m.CostFor[0], "cost_for_0.95": m.CostFor[1], "cost_for_0.99": m.CostFor[2],
				"peak_quality": p.Peak().Quality, "end_cost": p.End().Cost} {
				w := math.NaN()
				if want.Summary[key] != nil {
					w = *want.Summary[key]
				}
				near(t, name+" "+router+" "+key, got, w)
			}
		}
	}
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
