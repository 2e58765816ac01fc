package eval

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestRoute(t *testing.T) {
	strong, err := Route([]float64{0.1, 0.9, 0.5, 0.7}, 0.5, 1)
	if err != nil || !slices.Equal(strong, []bool{false, true, false, true}) {
		t.Errorf("%v, %v", strong, err)
	}
	for _, f := range []float64{0, 0.25, 0.5, 1} {
		tied, err := Route(make([]float64, 8), f, 1)
		again, _ := Route([]float64{5, 5, 5, 5, 5, 5, 5, 5}, f, 1)
		calls := 0
		for _, s := range tied {
			calls += b2i(s)
		}
		if err != nil || calls != int(8*f) || !slices.Equal(tied, again) {
			t.Errorf("strong fraction %v of tied scores: %v and %v, error %v", f, tied, again, err)
		}
	}
	for _, f := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := Route([]float64{1}, f, 0); err == nil {
			t.Errorf("Route accepts a strong fraction of %v", f)
		}
	}
	if _, err := Route([]float64{math.NaN()}, 0.5, 0); err == nil {
		t.Error("Route accepts a NaN score")
	}
}

func TestFlips(t *testing.T) {
	o := Outcomes{Strong: []float64{1, 1, 1, 0, 0}, Weak: []float64{0, 0, 1, 0, 1}}
	a := []bool{true, false, true, true, true}
	b := []bool{false, true, false, true, false}
	if got := Flips(o, a, b); !slices.Equal(got, []Flip{Rescue, Loss, Safe, Hard, Loss}) {
		t.Errorf("flips %v", got)
	}
	// Neither router calls the strong model, which would have been correct.
	if got := Flips(o, make([]bool, 5), make([]bool, 5)); got[0] != Hard {
		t.Errorf("flip %v, want hard", got[0])
	}
	grades := Outcomes{Strong: []float64{10, 5.5}, Weak: []float64{1, 5}}
	if got := Flips(grades, []bool{true, true}, []bool{true, true}); !slices.Equal(got, []Flip{Safe, Safe}) {
		t.Errorf("grades: %v, want safe: 5.5 is halfway between 1 and 10", got)
	}
	if grades.Binary() || !o.Binary() {
		t.Error("Binary must report false for grades and true for 0/1 quality")
	}
}

// TestMcNemarAgainstSum compares with a sum of binomial probabilities.
func TestMcNemarAgainstSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, c := rapid.IntRange(0, 30).Draw(t, "rescues"), rapid.IntRange(0, 30).Draw(t, "losses")
		n := b + c
		want, term := 0.0, math.Pow(0.5, float64(n)) // C(n, 0) / 2^n
		for k := 0; k <= n; k++ {
			switch even, this := max(b, c)-min(b, c), max(k, n-k)-min(k, n-k); {
			case this > even:
				want += term
			case this == even:
				want += term / 2
			}
			term *= float64(n-k) / float64(k+1)
		}
		if n == 0 {
			want = 1
		}
		close9(t, "p", McNemar(b, c), want)
	})
	if p := McNemar(5000, 5400); math.Abs(p-8.8e-5) > 1e-5 { // 3.92 standard errors
		t.Errorf("p value of 5,000 against 5,400 is %v, want 8.8e-5", p)
	}
}

func TestPlan(t *testing.T) {
	o, _ := synthetic(2000)
	plan, err := NewPlan(o, singles(2000), 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "shares", plan.Agreement+plan.StrongBetter+plan.WeakBetter, 1)
	near(t, "standard error without correlation", plan.SE(2000, 0), math.Sqrt2*plan.RandomSD)
	near(t, "standard error at 0.5", plan.SE(2000, 0.5), plan.RandomSD)
	near(t, "exact at other sizes", plan.SE(1, 0.5), plan.RandomSD*math.Sqrt(2*2000.0*2000/2001))
	for _, rho := range []float64{0, 0.5, 0.8} {
		for _, x := range []float64{0.5, 0.02, 0.001} {
			if n := plan.Needed(x, rho); plan.Detectable(n, rho) > x*(1+1e-9) || n > 1 && plan.Detectable(n-1, rho) <= x {
				t.Errorf("difference %v, rho %v: %d samples", x, rho, n)
			}
			if n := plan.NeededForMargin(x, rho); plan.Margin(n, rho) > x*(1+1e-9) || n > 1 && plan.Margin(n-1, rho) <= x {
				t.Errorf("margin %v, rho %v: %d samples", x, rho, n)
			}
		}
	}
	flat, err := NewPlan(Outcomes{Strong: []float64{1, 0}, Weak: []float64{0, 1}}, singles(2), 0.95)
	if err != nil || !math.IsNaN(flat.Detectable(100, 0)) || flat.Needed(0.1, 0) != 0 || !math.IsNaN(flat.Oracle) {
		t.Errorf("without a gap: %+v, %v", flat, err)
	}
}

func TestPermutationsDoNotAllocate(t *testing.T) {
	w := world{rng: testRand(), n: 300, size: 1, skill: []float64{0.5, 0.5}, coarse: true}
	o, cluster, scores := w.draw()
	walk, c := newWalk(duelOf(t, o, scores[0], scores[1], cluster, false)), newCoins()
	if n := testing.AllocsPerRun(20, func() { c.seed(1, 2); walk.permuted(&c) }); n != 0 {
		t.Errorf("%v allocations per permutation, want none", n)
	}
}

// BenchmarkPermutations compares a pair of routers on as many samples as MMLU has. One
// operation is one permutation.
func BenchmarkPermutations(b *testing.B) {
	w := world{rng: testRand(), n: 14037, size: 1, rho: 0.5, skill: []float64{0.5, 0.5}}
	o, cluster, scores := w.draw()
	d := duelOf(b, o, scores[0], scores[1], cluster, false)
	b.ResetTimer()
	d.pValue(0, b.N, 1)
}
