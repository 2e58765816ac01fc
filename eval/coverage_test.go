package eval

import (
	"math"
	"math/rand/v2"
	"os"
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

// TestRandomAgainstShuffles compares the random router's closed forms with 10,000 random
// orders.
func TestRandomAgainstShuffles(t *testing.T) {
	for _, name := range []string{"mt-bench", "gsm8k"} {
		t.Run(name, func(t *testing.T) {
			p := readPopulation(t, name, 0)
			o := Outcomes{Strong: p.strong, Weak: p.weak}
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
