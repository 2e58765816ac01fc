package eval

import (
	"math"
	"slices"
	"testing"
)

// TestRandomTest compares the test with its definition, and with the bootstrap's.
func TestRandomTest(t *testing.T) {
	w := world{rng: testRand(), n: 300, size: 3, skill: []float64{0.15}}
	o, cluster, scores := w.draw()
	got, err := RandomTest(o, cluster, scores[0], 0.95)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := NewCurve(o, scores[0])
	near(t, "value", got.Value, c.AreaOverRandom())
	near(t, "p", got.P, StudentP(got.Value/ClusterSE(areaInfluence(t, o, scores[0]), cluster), slices.Max(cluster)+1))
	f, _ := familyOf(o, cluster, scores, 4000, 1)
	boot := f.Test(AgainstRandom(1))[0]
	if math.Abs(boot.P-got.P) > 0.02 {
		t.Errorf("p %v, by the bootstrap %v", got.P, boot.P)
	}
}

// areaInfluence returns the influence of each sample on the area over random, by definition:
// g_j (U_j - 1/2) + C_j - mu/2 - 2 D in the terms of [Influence], where D is the area.
func areaInfluence(t *testing.T, o Outcomes, scores []float64) []float64 {
	t.Helper()
	ranked, err := rankFor(o, scores)
	if err != nil {
		t.Fatal(err)
	}
	g, n := o.Gains(), float64(o.N())
	below, above := o.positions(ranked)
	c, _ := NewCurve(o, scores)
	out := make([]float64, len(g))
	for j := range out {
		out[j] = g[j]*(below[j]/n-0.5) + above[j]/n - sum(g)/n/2 - 2*c.AreaOverRandom()
	}
	return out
}

// TestRandomTestEnds checks scores that are all equal or upside down, and few clusters.
func TestRandomTestEnds(t *testing.T) {
	gains := []float64{1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}
	o := Outcomes{Strong: gains, Weak: make([]float64, len(gains))}
	down := make([]float64, len(gains))
	for i, g := range gains {
		down[i] = -g + float64(i)/100
	}
	for name, c := range map[string]struct {
		cluster []int
		scores  []float64
		want    Verdict
	}{
		"equal": {singles(12), make([]float64, 12), Inconclusive}, "right": {singles(12), gains, Better}, "upside down": {singles(12), down, Worse},
		"five clusters": {[]int{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4}, gains, Inconclusive},
	} {
		got, err := RandomTest(o, c.cluster, c.scores, 0.95)
		if err != nil || got.Verdict(0.95) != c.want {
			t.Errorf("%s: %+v, %v, want %s", name, got, err, c.want)
		}
	}
	if _, err := RandomTest(o, singles(12), []float64{math.NaN()}, 0.95); err == nil {
		t.Error("a score that is not a number passes")
	}
}

// TestRandomTestWithheld gives most of the spread to few samples, which the router does not place:
// however small p is, so few are no evidence.
func TestRandomTestWithheld(t *testing.T) {
	for name, c := range map[string]struct {
		middle float64 // gain of the two samples in the middle of the router's order
		want   Verdict
	}{"even": {0.5, Better}, "two large gains": {20, Inconclusive}} {
		scores, o := make([]float64, 200), Outcomes{Strong: make([]float64, 200), Weak: make([]float64, 200)}
		for i := range scores {
			scores[i], o.Strong[i] = float64(i), float64(i)/200
		}
		o.Strong[99], o.Strong[100] = c.middle, c.middle
		got, err := RandomTest(o, singles(200), scores, 0.95)
		if err != nil || got.P > 0.01 || got.Verdict(0.95) != c.want {
			t.Errorf("%s: %+v, %v, want %s although p is small", name, got, err, c.want)
		}
	}
}

// TestRandomTestCounts pins the number of routers without skill, out of 400, that differ from
// random: 5 % are 20.
func TestRandomTestCounts(t *testing.T) {
	for name, c := range map[string]struct {
		w    world
		want int
	}{
		"72 samples": {world{n: 72, size: 1, skill: []float64{0}}, 25},
		"ties":       {world{n: 150, size: 1, skill: []float64{0}, coarse: true}, 13},
		"clusters":   {world{n: 300, size: 3, skill: []float64{0}}, 19},
	} {
		c.w.rng = testRand()
		found := 0
		for range 400 {
			o, cluster, scores := c.w.draw()
			got, err := RandomTest(o, cluster, scores[0], 0.95)
			if err != nil {
				t.Fatal(err)
			}
			found += b2i(got.Verdict(0.95) != Inconclusive)
		}
		if found != c.want {
			t.Errorf("%s: %d of 400, want %d", name, found, c.want)
		}
	}
}
