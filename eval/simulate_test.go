package eval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// world draws samples in clusters of a mean size, 0/1 outcomes of two models, and noisy
// routers; noise is shared by all routers as far as rho says.
type world struct {
	rng     *rand.Rand
	n, size int // samples, and of them in a cluster
	rho     float64
	skill   []float64 // one a router: how much the gain moves its score
	coarse  bool      // whole numbers as scores: many ties
	random  bool      // the last router's scores are all equal
}

func (w world) draw() (Outcomes, []int, [][]float64) {
	o := Outcomes{Strong: make([]float64, w.n), Weak: make([]float64, w.n)}
	cluster, scores := make([]int, w.n), make([][]float64, len(w.skill))
	for k := range scores {
		scores[k] = make([]float64, w.n)
	}
	noise := make([]float64, 1+len(w.skill))
	for i := range w.n {
		if i > 0 && w.rng.Float64()*float64(w.size) > 1 { // repeats its cluster's first
			cluster[i] = cluster[i-1]
			o.Strong[i], o.Weak[i] = o.Strong[i-1], o.Weak[i-1]
			for k := range scores {
				scores[k][i] = scores[k][i-1]
			}
			continue
		}
		if i > 0 {
			cluster[i] = cluster[i-1] + 1
		}
		o.Strong[i] = float64(b2i(w.rng.Float64() < 0.8))
		o.Weak[i] = float64(b2i(w.rng.Float64() < 0.5))
		for k := range noise {
			noise[k] = w.rng.NormFloat64()
		}
		for k, skill := range w.skill {
			scores[k][i] = skill*(o.Strong[i]-o.Weak[i]) + math.Sqrt(w.rho)*noise[0] + math.Sqrt(1-w.rho)*noise[k+1]
			if w.coarse {
				scores[k][i] = math.Round(scores[k][i])
			}
		}
	}
	if w.random {
		clear(scores[len(scores)-1])
	}
	return o, cluster, scores
}

func testRand() *rand.Rand { return rand.New(rand.NewPCG(5, 6)) }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// duels returns the observed statistics and p values of many worlds.
func (w world) duels(t *testing.T, runs, permutations int) (found []measured, p []float64) {
	for i := range runs {
		o, cluster, scores := w.draw()
		d := duelOf(t, o, scores[0], scores[1], cluster, false)
		found = append(found, d.observed())
		if permutations > 0 {
			p = append(p, d.pValue(found[i].t(), permutations, uint64(i)))
		}
	}
	return found, p
}

// withinError allows 3 Monte Carlo errors and the slack of an approximation.
func withinError(t *testing.T, what string, share, want, slack float64, runs int) {
	t.Helper()
	t.Logf("%s: %.4f, want %.4f", what, share, want)
	if math.Abs(share-want) > slack+3*math.Sqrt(want*(1-want)/float64(runs)) {
		t.Errorf("%s: %.4f, want %.4f", what, share, want)
	}
}

// TestEqualRouters lets two routers of equal skill meet: p values must be uniform.
func TestEqualRouters(t *testing.T) {
	const runs = 800
	for _, c := range []struct {
		name string
		w    world
	}{
		{"independent", world{n: 150, size: 1, skill: []float64{0.5, 0.5}}},
		{"correlated", world{n: 150, size: 1, rho: 0.8, skill: []float64{0.5, 0.5}}},
		{"no skill", world{n: 150, size: 1, skill: []float64{0, 0}}},
		{"ties", world{n: 150, size: 1, skill: []float64{0.5, 0.5}, coarse: true}},
		{"against random", world{n: 150, size: 1, skill: []float64{0, 0}, random: true}},
		{"clusters of 3 or so", world{n: 450, size: 3, skill: []float64{0.5, 0.5}}},
	} {
		c.w.rng = testRand()
		_, p := c.w.duels(t, runs, 99)
		for _, level := range []float64{0.05, 0.2, 0.5} {
			below := 0
			for _, v := range p {
				below += b2i(v <= level)
			}
			withinError(t, c.name, float64(below)/runs, level, 0.01, runs)
		}
	}
}

// TestPower gives one router an advantage of 2.80 standard errors, which is to be found
// in 80 % or a little more: a sample's gap moves difference and error alike, so that
// their ratio varies less than the difference does.
func TestPower(t *testing.T) {
	const runs = 600
	w := world{rng: testRand(), n: 400, size: 1, rho: 0.5, skill: []float64{0.55, 0.3}}
	found, p := w.duels(t, runs, 99)
	difference, se, rejected := 0.0, 0.0, 0
	for i, m := range found {
		difference += m.difference / runs
		se += m.se / runs
		rejected += b2i(p[i] <= 0.05)
	}
	t.Logf("difference %.4f is %.2f standard errors", difference, difference/se)
	withinError(t, "power", float64(rejected)/runs, 0.83, 0.03, runs)
	if r := difference / se; math.Abs(r-2.8) > 0.2 {
		t.Errorf("the difference is %.2f standard errors, want about 2.80", r)
	}
}

// TestPlanAgainstSimulation compares the planned standard error with the spread of the
// differences of routers without skill, for noise shared as the rank correlation says.
func TestPlanAgainstSimulation(t *testing.T) {
	const runs, plans = 1200, 200
	for _, size := range []int{1, 3} {
		for _, spearman := range []float64{0, 0.8} {
			w := world{rng: testRand(), n: 1000 * size, size: size, skill: []float64{0, 0}}
			w.rho = 2 * math.Sin(math.Pi*spearman/6) // of normal scores
			squares, planned := 0.0, 0.0
			for i := range runs {
				o, cluster, scores := w.draw()
				m := duelOf(t, o, scores[0], scores[1], cluster, false).observed()
				squares += m.difference * m.difference / runs
				if i >= plans {
					continue
				}
				p, err := NewPlan(o, cluster, 0.95)
				if err != nil {
					t.Fatal(err)
				}
				planned += p.SE(w.n, spearman) / plans
			}
			ratio := planned / math.Sqrt(squares)
			t.Logf("clusters of %d, rank correlation %.1f: planned %.4f, simulated %.4f, ratio %.3f", size, spearman, planned, math.Sqrt(squares), ratio)
			if !(math.Abs(ratio-1) <= 0.07) { // 3 Monte Carlo errors of a deviation are 0.061
				t.Errorf("clusters of %d, rank correlation %.1f: planned / simulated is %.3f", size, spearman, ratio)
			}
		}
	}
}
