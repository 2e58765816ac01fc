package eval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// world draws samples in clusters, with 0/1 outcomes of two models and noisy scores of several
// routers.
type world struct {
	rng     *rand.Rand
	n, size int       // number of samples, and mean number of samples per cluster
	rho     float64   // correlation of the routers' noise
	skill   []float64 // effect of the gain on the score, per router
	coarse  bool      // round the scores to whole numbers, which gives many ties
	random  bool      // make all scores of the last router equal
	quality pair      // quality of both models on a sample; nil for right or wrong
}

func (w world) draw() (Outcomes, []int, [][]float64) {
	o := Outcomes{Strong: make([]float64, w.n), Weak: make([]float64, w.n)}
	cluster, scores := make([]int, w.n), make([][]float64, len(w.skill))
	for k := range scores {
		scores[k] = make([]float64, w.n)
	}
	noise := make([]float64, 1+len(w.skill))
	for i := range w.n {
		if i > 0 && w.rng.Float64()*float64(w.size) > 1 { // repeat the sample before, in its cluster
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
		if w.quality != nil {
			o.Strong[i], o.Weak[i] = w.quality(w.rng)
		} else {
			o.Strong[i] = float64(b2i(w.rng.Float64() < 0.8))
			o.Weak[i] = float64(b2i(w.rng.Float64() < 0.5))
		}
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

// duels draws from the world runs times and returns the observed statistics of routers 0 and
// 1 and, if permutations is above 0, their p values.
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

// withinError fails the test unless a share is within 3 Monte Carlo standard errors of want,
// plus slack for an approximation.
func withinError(t *testing.T, what string, share, want, slack float64, runs int) {
	t.Helper()
	t.Logf("%s: %.4f, want %.4f", what, share, want)
	if math.Abs(share-want) > slack+3*math.Sqrt(want*(1-want)/float64(runs)) {
		t.Errorf("%s: %.4f, want %.4f", what, share, want)
	}
}

// TestEqualRouters checks that p values are uniform if two routers have equal skill.
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

// TestPower gives one router an advantage of 2.80 standard errors, which the test must find in
// 80 % of the runs or a little more: the gap of a run scales the difference and its standard
// error alike, so their ratio varies less than the difference.
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
	t.Logf("the difference of %.4f is %.2f standard errors", difference, difference/se)
	withinError(t, "power", float64(rejected)/runs, 0.83, 0.03, runs)
	if r := difference / se; math.Abs(r-2.8) > 0.2 {
		t.Errorf("the difference is %.2f standard errors, want about 2.80", r)
	}
}

// TestPlanAgainstSimulation compares the planned standard error with the standard deviation of
// the difference between two routers without skill whose scores have a given rank
// correlation. It takes 400 runs, or 1,200 if ROUTELLM_NIGHTLY is 1.
func TestPlanAgainstSimulation(t *testing.T) {
	runs, plans := 400, 50
	if nightly() {
		runs, plans = 1200, 200
	}
	for _, size := range []int{1, 3} {
		for _, spearman := range []float64{0, 0.8} {
			w := world{rng: testRand(), n: 1000 * size, size: size, skill: []float64{0, 0}}
			w.rho = 2 * math.Sin(math.Pi*spearman/6) // correlation of normal scores with this rank correlation
			squares, planned := 0.0, 0.0
			for i := range runs {
				o, cluster, scores := w.draw()
				m := duelOf(t, o, scores[0], scores[1], cluster, false).observed()
				squares += m.difference * m.difference / float64(runs)
				if i >= plans {
					continue
				}
				p, err := NewPlan(o, cluster, 0.95)
				if err != nil {
					t.Fatal(err)
				}
				planned += p.SE(w.n, spearman) / float64(plans)
			}
			ratio := planned / math.Sqrt(squares)
			t.Logf("clusters of %d, rank correlation %.1f: planned %.4f, simulated %.4f, ratio %.3f", size, spearman, planned, math.Sqrt(squares), ratio)
			if !(math.Abs(ratio-1) <= 0.07) { // 3 Monte Carlo standard errors are 0.061 for 1,200 runs
				t.Errorf("clusters of %d, rank correlation %.1f: planned / simulated is %.3f", size, spearman, ratio)
			}
		}
	}
}
