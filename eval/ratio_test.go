package eval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// within fails the test unless got is within a tolerance of want, or both are NaN.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %.10g, want %.10g", what, got, want)
	}
}

// TestRatio compares with values that NumPy and scipy.stats.t of SciPy 1.17 give for the
// formulas in the comments of Ratio and clusterMean.
func TestRatio(t *testing.T) {
	num, den := []float64{1, 0, 1, 1, 0, 1}, []float64{1, 1, 1, 1, 1, 0}
	cluster := []int{0, 0, 1, 2, 3, 4}
	mean, i := Ratio(num, nil, []int{0, 0, 1, 2, 3, 3}, 0.95)
	within(t, "mean", mean, 2.0/3, 1e-12)
	within(t, "mean lo", i.Lo, 0.2583586153, 1e-8)
	within(t, "mean hi", i.Hi, 1.0749747180, 1e-8)
	ratio, i := Ratio(num, den, cluster, 0.9)
	within(t, "ratio", ratio, 0.8, 1e-12)
	within(t, "ratio lo", i.Lo, 0.1125000692, 1e-8)
	within(t, "ratio hi", i.Hi, 1.4874999308, 1e-8)
	if _, i = Ratio(num, []float64{1, -1, 1, -1, 0, 0}, cluster, 0.95); !math.IsNaN(i.Lo) {
		t.Errorf("a denominator of 0 has the interval %v, want none", i)
	}
	if _, i = Ratio(num, nil, make([]int, 6), 0.95); !math.IsNaN(i.Lo) {
		t.Errorf("a single cluster has the interval %v, want none", i)
	}
}

// TestProportion compares with scipy.stats.binomtest(k, n).proportion_ci(method="exact").
func TestProportion(t *testing.T) {
	for _, c := range []struct {
		hits               int
		confidence, lo, hi float64
	}{{7, 0.95, 0.07338272935, 0.32779013337}, {0, 0.9, 0, 0.07215752451}, {40, 0.9, 0.92784247549, 1}} {
		hit, cluster := make([]bool, 40), make([]int, 40)
		for i := range hit {
			hit[i], cluster[i] = i < c.hits, i
		}
		p, i := Proportion(hit, cluster, c.confidence)
		within(t, "share", p, float64(c.hits)/40, 1e-12)
		within(t, "lo", i.Lo, c.lo, 1e-9)
		within(t, "hi", i.Hi, c.hi, 1e-9)
	}
}

// TestProportionCoverage draws clusters of four copies. The interval must cover like that of a
// quarter of the samples; an interval that ignores the clusters covers too little.
func TestProportionCoverage(t *testing.T) {
	const runs, n, p = 2000, 240, 0.3
	r := rand.New(rand.NewPCG(3, 4))
	covered, naive := 0, 0
	for range runs {
		hit, cluster, single := make([]bool, n), make([]int, n), make([]int, n)
		for i := range hit {
			cluster[i], single[i] = i/4, i
			hit[i] = r.Float64() < p
			if i%4 > 0 {
				hit[i] = hit[i-1]
			}
		}
		if _, i := Proportion(hit, cluster, 0.95); i.Lo <= p && p <= i.Hi {
			covered++
		}
		if _, i := Proportion(hit, single, 0.95); i.Lo <= p && p <= i.Hi {
			naive++
		}
	}
	t.Logf("covered %.1f %%, without clusters %.1f %%", 100*float64(covered)/runs, 100*float64(naive)/runs)
	if got := float64(covered) / runs; got < 0.95-0.015 || float64(naive)/runs > 0.8 {
		t.Errorf("coverage %.3f, without clusters %.3f", got, float64(naive)/runs)
	}
}

// TestRatioCoverage checks the coverage of the interval for a recovered share of the gap.
func TestRatioCoverage(t *testing.T) {
	const runs = 2000
	w, r, covered := linear{0.8, 0.4, true}, rand.New(rand.NewPCG(5, 6)), 0
	for range runs {
		o, scores, cluster := w.draw(r, 1000)
		gains, recovered := o.Gains(), make([]float64, len(scores))
		for i, s := range scores {
			if s >= 0.5 {
				recovered[i] = gains[i]
			}
		}
		if _, i := Ratio(recovered, gains, cluster, 0.95); i.Lo <= 0.75 && 0.75 <= i.Hi {
			covered++
		}
	}
	got := float64(covered) / runs
	t.Logf("covered %.1f %%", 100*got)
	if math.Abs(got-0.95) > 0.015+3*math.Sqrt(0.95*0.05/runs) {
		t.Errorf("coverage %.3f, want 0.95", got)
	}
}
