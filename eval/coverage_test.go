package eval

import (
	"flag"
	"math"
	"math/rand/v2"
	"testing"
)

var fullCoverage = flag.Bool("coverage.full", false, "2,000 runs of every coverage simulation")

// tally counts in how many runs something held.
type tally struct{ held, runs int }

func (c *tally) add(held bool) {
	c.runs++
	if held {
		c.held++
	}
}

func (c *tally) percent() float64 { return 100 * float64(c.held) / float64(c.runs) }

// check wants what is named want per cent of the time, within 1.5 points and three Monte
// Carlo standard errors.
func (c *tally) check(t *testing.T, what string, want float64) {
	t.Helper()
	tolerance := 1.5 + 3*math.Sqrt(want*(100-want)/float64(c.runs))
	t.Logf("%-22s %5.1f %%, want %.0f +- %.1f, %d runs", what, c.percent(), want, tolerance, c.runs)
	if math.Abs(c.percent()-want) > tolerance {
		t.Errorf("%s: %.1f %% of %d runs, want %.0f +- %.1f", what, c.percent(), c.runs, want, tolerance)
	}
}

// truth is what intervals should cover.
type truth struct {
	apgr, cpt50, cpt80 float64
	quality            []float64 // at every per cent
}

func newTruth(c *Curve) truth {
	out := truth{apgr: c.APGR(), cpt50: c.reach(c.totalGain() / 2), cpt80: c.reach(0.8 * c.totalGain())}
	for _, f := range percents() {
		out.quality = append(out.quality, c.QualityAt(f))
	}
	return out
}

// coverage counts what the intervals of one population cover.
type coverage struct {
	apgr, influence, cpt50, cpt80, band tally
	apart                               tally // two routers of equal skill called different
}

// TestCoverage draws samples from populations like the built-in benchmarks, computes 95 %
// intervals on each and counts how often they hold the population's value.
func TestCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: simulation")
	}
	for _, c := range []struct {
		name, benchmark string
		n, resamples    int
		clustered       bool
	}{
		{"72", "mt-bench", 72, 400, false},
		{"300", "gsm8k", 300, 400, false},
		{"1307", "gsm8k", 1307, 400, false},
		{"1307 clustered", "gsm8k", 1307, 400, true},
		{"14037", "mmlu", 14037, 199, false}, // half a minute
	} {
		t.Run(c.name, func(t *testing.T) {
			p := readPopulation(t, c.benchmark, 0.5)
			runs := 400
			if *fullCoverage {
				runs, c.resamples = 2000, 400
			}
			var got coverage
			want := newTruth(p.curve())
			rng := rand.New(rand.NewPCG(11, uint64(c.n)))
			for run := range runs {
				o, cluster, scores := p.draw(rng, c.n, c.clustered)
				got.add(t, Bootstrap{Resamples: c.resamples, Confidence: 0.95, Seed: uint64(run)}, o, cluster, scores, want)
			}
			got.apgr.check(t, "APGR", 95)
			got.influence.check(t, "APGR by influence", 95)
			got.cpt50.check(t, "CPT50", 95)
			got.cpt80.check(t, "CPT80", 95)
			got.band.check(t, "simultaneous band", 95)
			got.apart.check(t, "equal routers apart", 5)
		})
	}
}

func (c *coverage) add(t *testing.T, b Bootstrap, o Outcomes, cluster []int, scores [2][]float64, want truth) {
	all, err := b.Resample(o, cluster, scores[:], Points{CPT: []float64{50, 80}, Fractions: percents()})
	if err != nil {
		t.Fatal(err)
	}
	curve, err := NewCurve(o, scores[0])
	if err != nil {
		t.Fatal(err)
	}
	holds := func(values []float64, truth float64) bool {
		i := Percentile(values, b.Confidence)
		return i.Lo <= truth && truth <= i.Hi
	}
	r := all[0]
	c.apgr.add(holds(r.APGR, want.apgr))
	c.cpt50.add(holds(r.CPT[0], want.cpt50))
	c.cpt80.add(holds(r.CPT[1], want.cpt80))
	c.band.add(bandHolds(curve, r.QualityAt, want.quality))
	influence, err := Influence(o, scores[0])
	c.influence.add(err == nil && math.Abs(curve.APGR()-want.apgr) <= StudentQuantile(b.Confidence, len(cluster))*ClusterSE(influence, cluster))
	difference := make([]float64, b.Resamples)
	for i := range difference {
		difference[i] = r.APGR[i] - all[1].APGR[i]
	}
	c.apart.add(!holds(difference, 0))
}

func bandHolds(c *Curve, draws [][]float64, want []float64) bool {
	var estimate []float64
	for _, f := range percents() {
		estimate = append(estimate, c.QualityAt(f))
	}
	lo, hi := SimultaneousBand(estimate, draws, 0.95)
	for i, q := range want {
		if q < lo[i]-1e-12 || q > hi[i]+1e-12 {
			return false
		}
	}
	return true
}

// TestRandomAgainstShuffles compares the random router's closed forms with 10,000 orders.
func TestRandomAgainstShuffles(t *testing.T) {
	for _, name := range []string{"mt-bench", "gsm8k"} {
		t.Run(name, func(t *testing.T) {
			p := readPopulation(t, name, 0)
			o := Outcomes{p.strong, p.weak}
			random := NewRandom(o)
			rng := rand.New(rand.NewPCG(21, 22))
			var apgr []float64
			var whole, quarter, half tally
			for range 10000 {
				c, err := NewCurve(o, shuffled(rng, o.N()))
				if err != nil {
					t.Fatal(err)
				}
				apgr = append(apgr, c.APGR())
				lo, hi := random.Band(0.25)
				quarter.add(lo <= c.QualityAt(0.25) && c.QualityAt(0.25) <= hi)
				lo, hi = random.Band(0.5)
				half.add(lo <= c.QualityAt(0.5) && c.QualityAt(0.5) <= hi)
				whole.add(staysIn(c, random))
			}
			quarter.check(t, "band at 0.25", 95)
			half.check(t, "band at 0.5", 95)
			whole.check(t, "simultaneous band", 96) // conservative
			sd := math.Sqrt(squaredDeviations(apgr) / float64(len(apgr)))
			if mean := sum(apgr) / float64(len(apgr)); math.Abs(mean-0.5) > 4*sd/100 || math.Abs(sd/random.APGRSD-1) > 0.03 {
				t.Errorf("APGR %.4f +- %.5f over shuffles, want 0.5 +- %.5f", mean, sd, random.APGRSD)
			}
		})
	}
}

func shuffled(rng *rand.Rand, n int) []float64 {
	scores := make([]float64, n)
	for i, j := range rng.Perm(n) {
		scores[i] = float64(j)
	}
	return scores
}

func staysIn(c *Curve, random Random) bool {
	for _, v := range c.Vertices {
		if lo, hi := random.SimultaneousBand(v.StrongFraction); v.Quality < lo || v.Quality > hi {
			return false
		}
	}
	return true
}
