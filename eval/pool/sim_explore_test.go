package pool

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/routellm/routellm/eval"
)

type popul struct {
	models  int
	noise   []float64 // one per router; noise in the seen hardness
	graded  bool
	round   float64
	close   bool // the two best models are nearly equal
	cluster int
	shuffle bool
}

func (w popul) draw(rng *rand.Rand, n int) (Outcomes, []Predictions) {
	o := Outcomes{Quality: NewMatrix(n, w.models), Cost: NewMatrix(n, w.models)}
	ps := make([]Predictions, len(w.noise))
	for k := range ps {
		ps[k] = Predictions{Quality: NewMatrix(n, w.models), Cost: NewMatrix(1, w.models)}
		for m := range w.models {
			ps[k].Cost.Row(0)[m] = 0.0001 * math.Pow(200, float64(m)/float64(w.models-1))
		}
	}
	ability := func(m int) float64 {
		if w.close && m == w.models-1 {
			return 0.2 + 0.5*float64(m-1)/float64(w.models-1) + 0.01
		}
		return 0.2 + 0.5*float64(m)/float64(w.models-1)
	}
	p := func(hard float64, m int) float64 { return 1 / (1 + math.Exp(6*(hard-0.2-ability(m)))) }
	for i := range n {
		hard, length := rng.Float64(), math.Exp(0.7*rng.NormFloat64())
		for m := range w.models {
			q := p(hard, m)
			if w.graded {
				x := math.Round(20*math.Min(1, math.Max(0, q+0.2*rng.NormFloat64()))) / 20
				o.Quality.Row(i)[m] = x
			} else if rng.Float64() < q {
				o.Quality.Row(i)[m] = 1
			}
			o.Cost.Row(i)[m] = ps[0].Cost.Row(0)[m] * length * math.Exp(0.3*rng.NormFloat64())
		}
		for k, noise := range w.noise {
			seen := hard + noise*rng.NormFloat64()
			if w.shuffle {
				seen = rng.Float64()
			}
			for m := range w.models {
				v := p(seen, m) + 0.05*rng.NormFloat64()
				if w.round > 0 {
					v = math.Round(v/w.round) * w.round
				}
				ps[k].Quality.Row(i)[m] = v
			}
		}
	}
	return o, ps
}

func TestExplore(t *testing.T) {
	if os.Getenv("EXPLORE") == "" {
		t.Skip()
	}
	runs, _ := strconv.Atoi(os.Getenv("EXPLORE"))
	worlds := map[string]popul{
		"4 models":      {models: 4, noise: []float64{0.1, 0.3}},
		"4 close":       {models: 4, noise: []float64{0.1, 0.3}, close: true},
		"4 graded":      {models: 4, noise: []float64{0.1, 0.3}, graded: true},
		"11 models":     {models: 11, noise: []float64{0.1, 0.3}},
		"4 rounded":     {models: 4, noise: []float64{0.1, 0.3}, round: 0.1},
		"11 noskill":    {models: 11, noise: []float64{0, 0}, shuffle: true},
		"2 models":      {models: 2, noise: []float64{0.1, 0.3}},
		"4 close grade": {models: 4, noise: []float64{0.1, 0.3}, close: true, graded: true},
	}
	shares := []float64{0.9, 0.95, 0.99}
	for name, w := range worlds {
		if x := os.Getenv("WORLD"); x != "" && x != name {
			continue
		}
		o, ps := w.draw(rand.New(rand.NewPCG(99, 99)), 300000)
		c := NewConstants(o, nil)
		truth := measureTruth(t, o, ps[0], c, shares)
		truth2 := measureTruth(t, o, ps[1], c, shares)
		for _, n := range ns() {
			rng := rand.New(rand.NewPCG(1, uint64(n)))
			var hit [8]int
			var lo, hi [8]int
			var never float64
			for run := range runs {
				o, ps := w.draw(rng, n)
				tab := Table{Outcomes: o, Routers: []Router{sweepOf(t, o, ps[0]), sweepOf(t, o, ps[1])}, Shares: shares}
				e, err := tab.Evaluate(eval.Bootstrap{Resamples: 199, Confidence: 0.95, Seed: uint64(run)})
				if err != nil {
					t.Fatal(err)
				}
				r := e.Routers[0]
				x := e.Replicates.Routers[0]
				shift := func(i eval.Interval, value float64, draws []float64) eval.Interval {
					d := 2 * (value - median(draws))
					return eval.Interval{Lo: i.Lo + d, Hi: i.Hi + d}
				}
				count := func(k int, i eval.Interval, v float64) {
					if math.IsNaN(v) {
						v = math.Inf(1)
					}
					switch {
					case v < i.Lo:
						lo[k]++
					case v > i.Hi:
						hi[k]++
					default:
						hit[k]++
					}
				}
				count(0, r.Lift.Interval, truth.Lift)
				count(1, r.LogLift.Interval, truth.LogLift)
				count(2, eval.Percentile(x.Lift, 0.95), truth.Lift)
				count(3, eval.Percentile(x.LogLift, 0.95), truth.LogLift)
				count(4, r.CostFor[1].Interval, truth.CostFor[1])
				count(5, eval.Percentile(x.CostFor[1], 0.95), truth.CostFor[1])
				count(6, shift(r.Area.Interval, r.Area.Value, x.Area), truth.Area)
				count(7, e.Compare(ByLift, 0, 0).Pairs[0].Interval, truth.Lift-truth2.Lift)
				never += r.CostFor[1].Missing
			}
			s := ""
			for k, l := range []string{"lift", "log", "LIFT", "LOG", "c95", "C95", "AREA", "diff"} {
				s += fmt.Sprintf(" %s %.1f(%d,%d)", l, 100*float64(hit[k])/float64(runs), lo[k], hi[k])
			}
			fmt.Printf("%-14s n=%d lift=%.4f log=%.4f c=%.3f never=%.3f:%s\n", name, n, truth.Lift, truth.LogLift, truth.CostFor, never/float64(runs), s)
		}
	}
}

func measureTruth(t *testing.T, o Outcomes, p Predictions, c Constants, shares []float64) Metrics {
	path, err := NewPath(o, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	return path.Measure(c, c.Range(), shares)
}

func ns() []int {
	if os.Getenv("N") != "" {
		n, _ := strconv.Atoi(os.Getenv("N"))
		return []int{n}
	}
	return []int{300, 2000}
}

func median(x []float64) float64 {
	y := slices.Clone(x)
	slices.Sort(y)
	return y[len(y)/2]
}
