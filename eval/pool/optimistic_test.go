package pool

import (
	"math"
	"testing"
)

func TestGoldenOptimistic(t *testing.T) {
	for _, name := range []string{"rb365.json", "pareto_k4.json"} {
		var want struct {
			StaticAIQ float64    `json:"static_aiq_pool_range"`
			Range     [2]float64 `json:"pool_range"`
			Hull      []struct{ Cost, Quality float64 }
			Static    []struct{ Cost, Quality float64 } `json:"static_hull"`
			Routers   map[string]struct {
				AIQ     float64 `json:"aiq_paper_pool_range"`
				Area    float64 `json:"area_pool_range"`
				Signed  float64 `json:"signed_area"`
				Uni     float64 `json:"uniroute_area_0_to_dearest"`
				Summary map[string]*float64
			}
		}
		g := readGolden(t, name)
		readJSON(t, name, &want)
		c := NewConstants(g.outcomes(), nil)
		near(t, name+" static AIQ", c.StaticMix().aiq(c), want.StaticAIQ)
		near(t, name+" dearest", c.PoolRange().Hi, want.Range[1])
		static := c.StaticMix().Vertices
		if len(static) != len(want.Static) {
			t.Fatalf("%s: %d models on the hull, want %d", name, len(static), len(want.Static))
		}
		for k, v := range want.Static {
			near(t, name+" hull", static[k].Cost, v.Cost)
			near(t, name+" hull", static[k].Quality, v.Quality)
		}
		for router, w := range want.Routers {
			p, err := NewPath(g.outcomes(), g.predictions(router), 0)
			if err != nil {
				t.Fatal(err)
			}
			what, o := name+" "+router, p.Optimistic(c, c.Range())
			aiq := o.AIQ
			if first := &p.Vertices[0]; router != "oracle" {
				// The reference's path begins one rounding error above the cheapest model's cost,
				// which lets the null router into its hull.
				first.Cost *= 1 + 1e-11
				aiq = p.aiq(c)
				first.Cost /= 1 + 1e-11
			}
			near(t, what+" AIQ", aiq, w.AIQ)
			near(t, what+" QNC", o.QNC, number(w.Summary["qnc"]))
			near(t, what+" QNC on the hull", o.HullQNC, number(w.Summary["qnc_hull"]))
			near(t, what+" hull", o.HullArea, number(w.Summary["area_hull"]))
			near(t, what+" peak", o.Peak.Cost, number(w.Summary["peak_cost"]))
			near(t, what+" area", p.On(c.PoolRange(), c.Quality[c.Cheapest]).Area(), w.Area)
			near(t, what+" UniRoute", p.On(Range{0, c.PoolRange().Hi}, p.Vertices[0].Quality).Area(), w.Uni)
			near(t, what+" signed area", signedArea(p), w.Signed)
		}
	}
}

// signedArea returns the line integral of quality over cost along the path, loops included.
func signedArea(p *Path) float64 {
	s := 0.0
	for k := 1; k < len(p.Vertices); k++ {
		a, b := p.Vertices[k-1], p.Vertices[k]
		s += (a.Quality + b.Quality) / 2 * (b.Cost - a.Cost)
	}
	return s
}

// TestOptimisticWithoutCost checks pools whose costs are 0: no relative cost exists.
func TestOptimisticWithoutCost(t *testing.T) {
	o := Outcomes{Quality: matrixOf([][]float64{{0, 1}, {1, 1}}), Cost: NewMatrix(2, 2)}
	c := NewConstants(o, nil)
	p, err := NewPath(o, Oracle(o), 0)
	if err != nil {
		t.Fatal(err)
	}
	x := p.Optimistic(c, c.Range())
	if !math.IsNaN(x.AIQ) || !math.IsNaN(x.QNC) || !math.IsNaN(x.HullArea) || x.Peak.Quality != 1 {
		t.Errorf("%+v, want no figure but the peak", x)
	}
}
