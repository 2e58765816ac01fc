package eval

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// linear is an artificial population with a known curve. Scores are uniform in [0,1]. The
// strong model is correct with probability strong and the weak one, independently, with
// probability strong - slope * score.
type linear struct {
	strong, slope float64
	pairs         bool // every sample occurs twice
}

func (w linear) draw(r *rand.Rand, n int) (o Outcomes, scores []float64, cluster []int) {
	for i := 0; len(scores) < n; i++ {
		u := r.Float64()
		s, k := bit(r, w.strong), bit(r, w.strong-w.slope*u)
		copies := 1
		if w.pairs {
			copies = 2
		}
		for range copies {
			o.Strong, o.Weak = append(o.Strong, s), append(o.Weak, k)
			scores, cluster = append(scores, u), append(cluster, i)
		}
	}
	return o, scores, cluster
}

// bit returns 1 with probability p, else 0.
func bit(r *rand.Rand, p float64) float64 {
	if r.Float64() < p {
		return 1
	}
	return 0
}

// brink returns the threshold at which routing keeps exactly a share of the strong model's
// quality: routing at t loses slope t^2/2, which the weak model lacks below t.
func (w linear) brink(share float64) float64 { return math.Sqrt(2 * (1 - share) * w.strong / w.slope) }

// rare is an artificial population in which the weak model is never better and rarely worse.
// Scores are uniform in [0,1] and independent of the outcomes.
type rare struct{ strong, worse float64 }

func (w rare) draw(r *rand.Rand, n int) (o Outcomes, scores []float64, cluster []int) {
	for i := range n {
		s := bit(r, w.strong)
		o.Strong, o.Weak = append(o.Strong, s), append(o.Weak, s*(1-bit(r, w.worse/w.strong)))
		scores, cluster = append(scores, r.Float64()), append(cluster, i)
	}
	return o, scores, cluster
}

// brink returns the threshold at which routing keeps exactly a share of the strong model's
// quality: routing at t loses worse * t.
func (w rare) brink(share float64) float64 { return (1 - share) * w.strong / w.worse }

// test returns the exact test or Student's test at a confidence of 0.95.
func test(t *testing.T, cluster []int, exact bool) ClaimTest {
	t.Helper()
	if exact {
		return BettingTest(cluster, 0.95)
	}
	student, err := StudentTest(cluster, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	return student
}

// TestGuaranteesAreUseful checks that with many samples both tests certify thresholds close to
// the brink, but not above it.
func TestGuaranteesAreUseful(t *testing.T) {
	w := linear{0.8, 0.4, false}
	brink := w.brink(0.9)
	r := rand.New(rand.NewPCG(1, 2))
	for _, exact := range []bool{false, true} {
		o, scores, cluster := w.draw(r, 20000)
		grid := Grid(scores, 200)
		last := FixedSequence(grid, QualityClaim(o, scores, 0.9, 0, 1), test(t, cluster, exact))
		if last < 0 || grid[last] < 0.85*brink || grid[last] > brink {
			t.Errorf("exact %v: threshold %d of %d is certified, want one just below the brink at %v", exact, last, len(grid), brink)
		}
	}
}

// TestClaims compares D and its bounds with their definitions.
func TestClaims(t *testing.T) {
	o := Outcomes{Strong: []float64{10, 4, 7}, Weak: []float64{6, 9, 7}}
	scores := []float64{0.1, 0.5, 0.9}
	quality := QualityClaim(o, scores, 0.5, 1, 10)
	gap := PGRClaim(o, scores, 0.75, 1, 10)
	cost := CostClaim([]float64{3, 2, 1}, []float64{1, 1, 1}, scores, 2)
	for _, c := range []struct {
		name  string
		claim Claim
		want  []float64
	}{
		{"quality", quality, []float64{6 - 5, 2, 3.5}},
		{"gap", gap, []float64{-3, 0.25 * -5, 0}},
		{"cost", cost, []float64{1, 0, 1}},
	} {
		for i, d := range c.claim.at(0.5) {
			if math.Abs(d-c.want[i]) > 1e-12 {
				t.Errorf("%s: D%d = %v, want %v", c.name, i, d, c.want[i])
			}
		}
	}
	if quality.lo != 1-5 || quality.hi != 10-0.5 || gap.lo != -6.75 || gap.hi != 6.75 {
		t.Errorf("bounds are %v to %v and %v to %v, want -4 to 9.5 and -6.75 to 6.75", quality.lo, quality.hi, gap.lo, gap.hi)
	}
	if !quality.Bounded() || cost.Bounded() {
		t.Error("Bounded must report true for quality and false for costs")
	}
}

// TestFixedSequence checks that the sequence stops at the first failure, whatever follows.
func TestFixedSequence(t *testing.T) {
	at := func(x float64) []float64 { return []float64{x} }
	positive := func(_ Claim, d []float64) bool { return d[0] > 0 }
	for _, c := range []struct {
		grid []float64
		want int
	}{{[]float64{1, 2, -1, 3}, 1}, {[]float64{-1, 2}, -1}, {[]float64{1, 2}, 1}, {nil, -1}} {
		if got := FixedSequence(c.grid, Claim{at: at}, positive); got != c.want {
			t.Errorf("%v: %d, want %d", c.grid, got, c.want)
		}
	}
}

// TestStudentTest compares the highest confidence that the test reaches with SciPy's, and
// checks that it rejects too few clusters.
func TestStudentTest(t *testing.T) {
	if _, err := StudentTest(make([]int, 100), 0.95); err == nil {
		t.Error("StudentTest accepts a single cluster")
	}
	// 75 clusters, five of which hold most samples.
	few := singles(70)
	for i := range 400 {
		few = append(few, 70+i%5)
	}
	if _, err := StudentTest(few, 0.95); err == nil || !strings.Contains(err.Error(), "75 clusters of unequal size count as only 6.9 of equal size") {
		t.Errorf("75 clusters, five of them large: error %v, want one about 6.9 effective clusters", err)
	}
	cluster, d := make([]int, 60), make([]float64, 60)
	for i := range d {
		cluster[i], d[i] = i/2, 1
		if i%6 < 2 {
			d[i] = -1
		}
	}
	// Thirty clusters with sums 2, 2, -2, ... and 1.27687 artificial ones with -2: t = 1.59804,
	// which a confidence of 0.939563 just reaches.
	for confidence, want := range map[float64]bool{0.9395: true, 0.9396: false} {
		established, err := StudentTest(cluster, confidence)
		if err != nil || established(Claim{lo: -1, hi: 1}, d) != want {
			t.Errorf("confidence %v: want established to be %v (error %v)", confidence, want, err)
		}
	}
	// Costs that vary have no known bound: the worst is 1.5 times the largest, 7.5.
	c := CostClaim([]float64{3, 5}, []float64{1, 2}, []float64{0, 1}, 4)
	if got := c.lo; got != -3.5 {
		t.Errorf("worst %v, want -3.5", got)
	}
}

func TestGrid(t *testing.T) {
	got := Grid([]float64{3, 1, 1, 2, 1, 1}, 4)
	want := []float64{1, 3, math.Inf(1)}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}
