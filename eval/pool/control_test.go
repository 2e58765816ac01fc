package pool

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// goldenControls is what the goldens say about the point at lambda 0+.
type goldenControls struct {
	Models  []string
	Routers map[string]struct {
		At struct {
			Cost, Quality float64
			Mix           map[string]float64
			DealtCost     float64 `json:"shuffled_cost"`
			DealtQuality  float64 `json:"shuffled_quality"`
			DealtSD       float64 `json:"shuffled_quality_sd"`
			Static        float64 `json:"static_at_same_cost"`
		} `json:"at_lambda_0"`
	}
}

func TestGoldenControls(t *testing.T) {
	for _, name := range []string{"rb365.json", "pareto_k4.json"} {
		g, want := readGolden(t, name), goldenControls{}
		readJSON(t, name, &want)
		o := g.outcomes()
		for router, w := range want.Routers {
			d, mix, err := Policy{}.Apply(o, g.predictions(router), 0)
			if err != nil {
				t.Fatal(err)
			}
			what := name + " " + router
			cost, quality := d.mean(o, nil)
			near(t, what+" cost", cost, w.At.Cost)
			near(t, what+" quality", quality, w.At.Quality)
			for m, model := range want.Models {
				near(t, what+" mix of "+model, mix[m]*float64(o.N()), w.At.Mix[model])
			}
			dealt := NewDealt(o, mix)
			near(t, what+" dealt cost", dealt.Cost, w.At.DealtCost)
			near(t, what+" dealt quality", dealt.Quality, w.At.DealtQuality)
			near(t, what+" dealt sd", dealt.SD, w.At.DealtSD)
			near(t, what+" static", NewConstants(o, nil).StaticAt(cost), w.At.Static)
		}
	}
}

// TestDealtAgainstAllDeals checks mean and standard deviation against every way to deal, with
// weights and clusters.
func TestDealtAgainstAllDeals(t *testing.T) {
	o, _ := artificial(rand.New(rand.NewPCG(5, 6)), 6, 3, 0.1)
	o.Weight, o.Cluster = []float64{1, 2, 0.5, 1, 3, 1}, []int{0, 0, 1, 1, 2, 2}
	deal, sum, squares, cost, deals := []int{0, 0, 0, 1, 1, 2}, 0.0, 0.0, 0.0, 0.0
	permute(deal, 0, func() {
		d, _, err := o.Take(deal, 0)
		if err != nil {
			t.Fatal(err)
		}
		c, q := d.mean(o, nil)
		deals, cost, sum, squares = deals+1, cost+c, sum+q, squares+q*q
	})
	mean := sum / deals
	got := NewDealt(o, []float64{3. / 6, 2. / 6, 1. / 6})
	near(t, "mean", got.Quality, mean)
	near(t, "mean cost", got.Cost, cost/deals)
	near(t, "sd", got.SD, math.Sqrt(squares/deals-mean*mean))
}

// permute calls do with every order of x.
func permute(x []int, from int, do func()) {
	if from == len(x) {
		do()
		return
	}
	for k := from; k < len(x); k++ {
		x[from], x[k] = x[k], x[from]
		permute(x, from+1, do)
		x[from], x[k] = x[k], x[from]
	}
}

// TestPolicyAtVertices checks that the policy of each vertex gives that vertex, and that a mix of
// 0 gives the vertex before it.
func TestPolicyAtVertices(t *testing.T) {
	o, p := artificial(rand.New(rand.NewPCG(7, 8)), 80, 4, 0.1)
	for i := range p.Quality.Values { // many ties between prompts and, in some prompts, twins
		p.Quality.Values[i] = math.Round(10*p.Quality.Values[i]) / 10
	}
	p.Cost.Row(0)[2] = p.Cost.Row(0)[1]
	path := sweepOf(t, o, p).Path(nil)
	for k, v := range path.Vertices {
		for mix, want := range map[float64]int{1: k, 0: max(k-1, 0)} {
			d, _, err := Policy{Lambda: v.Lambda, Mix: mix}.Apply(o, p, 0)
			if err != nil {
				t.Fatal(err)
			}
			cost, quality := d.mean(o, nil)
			near(t, "cost", cost, path.Vertices[want].Cost)
			near(t, "quality", quality, path.Vertices[want].Quality)
		}
	}
}

// TestChoose checks that choices have the shares that the policy says, and are the same for the
// same draw.
func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name  string
		y     Policy
		p, k  []float64
		share []float64
	}{
		{"one model", Policy{Lambda: 1}, []float64{0.5}, []float64{1}, []float64{1}},
		{"the better of equal costs", Policy{Lambda: 1}, []float64{0.5, 0.6}, []float64{1, 1}, []float64{0, 1}},
		{"a tie at lambda", Policy{Lambda: 0.1, Mix: 0.25}, []float64{0.7, 0.4}, []float64{4, 1}, []float64{0.25, 0.75}},
		{"three at lambda", Policy{Lambda: 0.1, Mix: 0.25}, []float64{0.4, 0.5, 0.7}, []float64{1, 2, 4}, []float64{0.75, 0, 0.25}},
		{"twins", Policy{Lambda: 0.1, Mix: 0.5}, []float64{0.4, 0.7, 0.4}, []float64{1, 4, 1}, []float64{0.25, 0.5, 0.25}},
		{"cost alone", Policy{Lambda: math.Inf(1)}, []float64{0.4, 0.5, 0.9}, []float64{0, 0, 1}, []float64{0, 1, 0}},
		{"no cost", Policy{}, []float64{0.9, 0.5, 0.9}, []float64{2, 0, 1}, []float64{0, 0, 1}},
	} {
		share, count := make([]float64, len(c.p)), make([]float64, len(c.p))
		c.y.Shares(share, c.p, c.k)
		for k := range 100 {
			count[c.y.Choose(c.p, c.k, (float64(k)+0.5)/100)] += 0.01
		}
		for m, want := range c.share {
			near(t, c.name+": share", share[m], want)
			near(t, c.name+": choices", count[m], want)
		}
	}
}

func TestTaskModels(t *testing.T) {
	o := Outcomes{Quality: matrixOf([][]float64{{1, 0}, {1, 0}, {0, 1}, {1, 1}}), Cost: matrixOf([][]float64{{1, 2}, {1, 2}, {1, 2}, {3, 2}})}
	got := NewTaskModels(o, []string{"maths", "maths", "law", "tie"}).Models([]string{"law", "maths", "tie", "new"})
	if want := []int{1, 0, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("models are %v, want %v", got, want)
	}
}

func TestTakeErrors(t *testing.T) {
	o, _ := artificial(rand.New(rand.NewPCG(5, 6)), 3, 2, 0.1)
	for want, model := range map[string][]int{"2 models for 3 prompts": {0, 1}, "prompt 1: model is 2: want 0 to 1": {0, 2, 1}} {
		if _, _, err := o.Take(model, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q", err, want)
		}
	}
}
