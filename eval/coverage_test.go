package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// nightly reports whether the environment variable ROUTELLM_NIGHTLY is 1, which asks for the
// tests that take minutes.
func nightly() bool { return os.Getenv("ROUTELLM_NIGHTLY") == "1" }

// skipUnlessNightly skips a test that takes minutes unless ROUTELLM_NIGHTLY is 1.
func skipUnlessNightly(t *testing.T) {
	t.Helper()
	if !nightly() {
		t.Skip("skipped: takes minutes; set ROUTELLM_NIGHTLY=1 to run it")
	}
}

// tally counts in how many runs something held.
type tally struct{ held, runs int }

func (c *tally) add(held bool) {
	c.runs++
	if held {
		c.held++
	}
}

func (c *tally) percent() float64 { return 100 * float64(c.held) / float64(c.runs) }

// check fails the test unless the share is want per cent, give or take 1.5 points and three
// Monte Carlo standard errors.
func (c *tally) check(t *testing.T, what string, want float64) {
	t.Helper()
	tolerance := 1.5 + 3*math.Sqrt(want*(100-want)/float64(c.runs))
	t.Logf("%-22s %5.1f %%, want %.0f +- %.1f, %d runs", what, c.percent(), want, tolerance, c.runs)
	if math.Abs(c.percent()-want) > tolerance {
		t.Errorf("%s: %.1f %% of %d runs, want %.0f +- %.1f", what, c.percent(), c.runs, want, tolerance)
	}
}

// truth holds the population's values, which the intervals should cover.
type truth struct {
	apgr, cpt50, cpt80 float64
	quality            []float64 // expected quality at strong fractions 0, 0.01, ..., 1
}

func newTruth(c *Curve) truth {
	out := truth{apgr: c.APGR(), cpt50: c.reach(c.totalGain() / 2), cpt80: c.reach(0.8 * c.totalGain())}
	for _, f := range percents() {
		out.quality = append(out.quality, c.QualityAt(f))
	}
	return out
}

// coverage counts the runs in which the intervals for one population cover its values.
type coverage struct {
	apgr, influence, cpt50, cpt80, band tally
	apart                               tally // two routers of equal skill are called different
}

// held returns the six counts in the order of the table in docs/metrics.md.
func (c *coverage) held() [6]int {
	return [6]int{c.apgr.held, c.influence.held, c.cpt50.held, c.cpt80.held, c.band.held, c.apart.held}
}

// simulate draws runs samples of n prompts from a population like a built-in benchmark and
// counts how often the 95 % intervals computed on each hold the population's values. Every
// run has its own fixed seeds, so the counts are always the same.
func simulate(t *testing.T, benchmark string, n, runs, resamples int, clustered bool) coverage {
	t.Helper()
	var got coverage
	p := readPopulation(t, benchmark, 0.5)
	want := newTruth(p.curve())
	rng := rand.New(rand.NewPCG(11, uint64(n)))
	for run := range runs {
		o, cluster, scores := p.draw(rng, n, clustered)
		got.add(t, Bootstrap{Resamples: resamples, Confidence: 0.95, Seed: uint64(run)}, o, cluster, scores, want)
	}
	return got
}

// TestCoverageCounts pins the number of runs, out of 100, in which the intervals cover the
// truth. A hundred runs are too few to judge the coverage (its standard error is 2 points),
// but they are deterministic: a changed count means that the intervals have changed. Then
// run TestCoverage with ROUTELLM_NIGHTLY=1 to see whether their coverage still holds.
func TestCoverageCounts(t *testing.T) {
	const runs, resamples = 100, 400
	for _, c := range []struct {
		name, benchmark string
		n               int
		clustered       bool
		want            [6]int // APGR, APGR by influence, CPT50, CPT80, band, routers called different
	}{
		{"72", "mt-bench", 72, false, [6]int{88, 92, 94, 93, 90, 3}},
		{"300", "gsm8k", 300, false, [6]int{91, 91, 95, 91, 92, 8}},
		{"300 clustered", "gsm8k", 300, true, [6]int{95, 92, 92, 95, 91, 8}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := simulate(t, c.benchmark, c.n, runs, resamples, c.clustered)
			if got.held() != c.want {
				t.Errorf("counts of %d runs: %v, want %v", runs, got.held(), c.want)
			}
		})
	}
}

// TestCoverage simulates the coverage table of docs/metrics.md with 2,000 runs per row. It
// checks that every coverage is near 95 % and that the page has the same numbers. It takes
// six minutes of CPU time and runs only where the environment variable ROUTELLM_NIGHTLY is 1:
//
//	ROUTELLM_NIGHTLY=1 go test -timeout 30m -run 'TestCoverage$' -v ./eval
func TestCoverage(t *testing.T) {
	skipUnlessNightly(t)
	const runs, resamples = 2000, 400
	page, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, benchmark string
		n               int
		clustered       bool
	}{
		{"72", "mt-bench", 72, false},
		{"300", "gsm8k", 300, false},
		{"1,307", "gsm8k", 1307, false},
		{"1,307 in clusters", "gsm8k", 1307, true},
		{"14,037", "mmlu", 14037, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := simulate(t, c.benchmark, c.n, runs, resamples, c.clustered)
			got.apgr.check(t, "APGR", 95)
			got.influence.check(t, "APGR by influence", 95)
			got.cpt50.check(t, "CPT50", 95)
			got.cpt80.check(t, "CPT80", 95)
			got.band.check(t, "simultaneous band", 95)
			got.apart.check(t, "equal routers apart", 5)
			row := fmt.Sprintf("| %s |", c.name)
			for _, held := range got.held() {
				row += fmt.Sprintf(" %.1f %% |", 100*float64(held)/runs)
			}
			t.Log(row)
			if !strings.Contains(string(page), row+"\n") {
				t.Errorf("docs/metrics.md does not have the row %q", row)
			}
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

// bandHolds reports whether the simultaneous band around c holds the whole true curve want.
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

// TestRandomAgainstShuffles compares the random router's closed forms with 10,000 random
// orders.
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
				t.Errorf("APGR over shuffles has mean %.4f and standard deviation %.5f, want 0.5 and %.5f", mean, sd, random.APGRSD)
			}
		})
	}
}

// shuffled returns the scores of one random order of n samples.
func shuffled(rng *rand.Rand, n int) []float64 {
	scores := make([]float64, n)
	for i, j := range rng.Perm(n) {
		scores[i] = float64(j)
	}
	return scores
}

// staysIn reports whether c stays inside the simultaneous band of the random router.
func staysIn(c *Curve, random Random) bool {
	for _, v := range c.Vertices {
		if lo, hi := random.SimultaneousBand(v.StrongFraction); v.Quality < lo || v.Quality > hi {
			return false
		}
	}
	return true
}
