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

// TestRatio compares with values that NumPy, scipy.stats.t and scipy.optimize.brentq of SciPy
// 1.17 give for the test that the comments of Ratio and meanTest describe.
func TestRatio(t *testing.T) {
	num, den := []float64{1, 0, 1, 1, 0, 1}, []float64{1, 1, 1, 1, 1, 0}
	cluster := []int{0, 0, 1, 2, 3, 4}
	mean, i := Ratio(num, nil, MeanExtremes(0, 1), []int{0, 0, 1, 2, 3, 3}, 0.95)
	within(t, "mean", mean, 2.0/3, 1e-12)
	within(t, "mean lo", i.Lo, 0, 1e-12) // the test alone gives -0.1259322293 and 1.1462335891
	within(t, "mean hi", i.Hi, 1, 1e-12)
	ratio, i := Ratio(num, den, ShareExtremes(0, 1), cluster, 0.9)
	within(t, "ratio", ratio, 0.8, 1e-12)
	within(t, "ratio lo", i.Lo, 0.0344688320, 1e-9)
	within(t, "ratio hi", i.Hi, 22.8311320796, 1e-8)
	if _, i = Ratio(num, []float64{1, -1, 1, -1, 0, 0}, GapExtremes(0, 1), cluster, 0.95); !math.IsNaN(i.Lo) {
		t.Errorf("a denominator of 0 has the interval %v, want none", i)
	}
	if _, i = Ratio(num, nil, MeanExtremes(0, 1), make([]int, 6), 0.95); !math.IsNaN(i.Lo) {
		t.Errorf("a single cluster has the interval %v, want none", i)
	}
}

// unequal returns 47 samples in 20 clusters of 1 to 7, and two 0/1 columns.
func unequal() (over, under []float64, cluster []int) {
	for id, m := range []int{1, 2, 3, 1, 7, 2, 1, 4, 1, 2, 1, 1, 3, 5, 2, 1, 1, 2, 1, 6} {
		for range m {
			i := len(over)
			over, under = append(over, float64(b2i(i*7%5 < 3))), append(under, float64(b2i(i*3%7 < 6)))
			cluster = append(cluster, id)
		}
	}
	return over, under, cluster
}

// TestUnequalClusters compares with the same programs' values for clusters of unequal size, and
// the test at the highest confidence that it reaches.
func TestUnequalClusters(t *testing.T) {
	over, under, cluster := unequal()
	_, i := Ratio(over, nil, MeanExtremes(0, 1), cluster, 0.95)
	within(t, "mean lo", i.Lo, 0.3178898161, 1e-9)
	within(t, "mean hi", i.Hi, 0.8167448184, 1e-9)
	_, i = Ratio(over, under, ShareExtremes(0, 1), cluster, 0.9)
	within(t, "ratio lo", i.Lo, 0.4130882023, 1e-9)
	within(t, "ratio hi", i.Hi, 1.4808213325, 1e-9)

	d := make([]float64, len(cluster))
	for i := range d {
		d[i] = float64(1 - 2*b2i(i*5%11 < 2))
	}
	total := clusterSums(d, cluster)
	for confidence, want := range map[float64]bool{0.94713: true, 0.94715: false} {
		if test := (Outcomes{}).newMeanTest(cluster, confidence); test.holds(total, -1) != want {
			t.Errorf("confidence %v: want %v", confidence, want)
		}
	}
}

// TestNoLossSeen checks that 147 samples without a loss do not promise that none will come.
func TestNoLossSeen(t *testing.T) {
	correct, cluster := make([]float64, 147), make([]int, 147)
	for i := range correct {
		correct[i], cluster[i] = float64(b2i(i%5 > 0)), i
	}
	_, i := Ratio(correct, correct, ShareExtremes(0, 1), cluster, 0.95)
	within(t, "lo", i.Lo, 0.9603998164, 1e-9)
	within(t, "hi", i.Hi, 1.0412330187, 1e-9)
	for least, want := range map[float64]float64{math.NaN(): 0, -2: -2} {
		if lo, hi := QualityRange(Outcomes{Strong: correct, Weak: correct}, least, 1); lo != want || hi != 1 {
			t.Errorf("bounds %v and 1: range %v to %v, want %v to 1", least, lo, hi, want)
		}
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

// TestDesign compares with NumPy, scipy.stats.t, beta and betabinom: clusters of unequal size,
// half of the samples hits and then all.
func TestDesign(t *testing.T) {
	over, _, cluster := unequal()
	for _, c := range []struct {
		bound, effect, lo, hi float64
	}{{1, 1.7908224490, 0.3896971398, 0.8120949881}, {0, 4.4426229508, 0.6634347449, 1}} {
		hit := make([]bool, len(over))
		for i, x := range over {
			hit[i] = x >= c.bound
		}
		d := NewDesign(hit, cluster)
		within(t, "effect", d.Effect, c.effect, 1e-9)
		within(t, "clusters", d.Clusters, 12.7687861272, 1e-9)
		_, i := Proportion(hit, cluster, 0.95)
		within(t, "lo", i.Lo, c.lo, 1e-9)
		within(t, "hi", i.Hi, c.hi, 1e-9)
		if lo, hi := NextCalls(29, 47, 100, d, 0.95); c.bound == 1 && (lo != 35 || hi != 84) {
			t.Errorf("%d to %d calls among the next 100, want 35 to 84", lo, hi)
		}
	}
	if d := NewDesign(make([]bool, 3), singles(3)); d != (Design{}) {
		t.Errorf("independent samples have the design %v, want none", d)
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
		if _, i := Ratio(recovered, gains, GapExtremes(0, 1), cluster, 0.95); i.Lo <= 0.75 && 0.75 <= i.Hi {
			covered++
		}
	}
	got := float64(covered) / runs
	t.Logf("covered %.1f %%", 100*got)
	if math.Abs(got-0.95) > 0.015+3*math.Sqrt(0.95*0.05/runs) {
		t.Errorf("coverage %.3f, want 0.95", got)
	}
}
