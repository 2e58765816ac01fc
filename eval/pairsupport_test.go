package eval

import (
	"math/rand/v2"
	"testing"
)

// slowPull returns n^2 times the influence of each sample on a router's area, by counting pairs.
func slowPull(g, scores []float64) []float64 {
	pull := make([]float64, len(g))
	for i := range g {
		for j := range g {
			share := float64(b2i(scores[i] > scores[j])) // of j below i
			if scores[i] == scores[j] {
				share = 0.5
			}
			pull[i] += g[i]*share + g[j]*(1-share)
		}
	}
	return pull
}

func TestPairSupport(t *testing.T) {
	const n = 120
	o, a := synthetic(n)
	rng, cluster := rand.New(rand.NewPCG(1, 2)), make([]int, n)
	for i := range cluster {
		cluster[i] = i / 2
	}
	other := make([]float64, n)
	for i := range other {
		other[i] = rng.NormFloat64()
	}
	twin := append([]float64{}, a...)
	twin[3], twin[40], twin[41], twin[77] = a[77], a[3], a[50], a[12] // with ties
	for name, c := range map[string]struct {
		b   []float64
		own bool // whether the difference's own number counts
	}{"another router": {other, false}, "a twin": {twin, true}, "itself": {a, false}} {
		all, err := NewPairSupports(o, cluster, [][]float64{a, c.b})
		if err != nil {
			t.Fatal(err)
		}
		got := all.Of(Pairing{0, 1})
		want := NewSupport(o, cluster)
		if c.own {
			x := slowPull(o.Gains(), a)
			y := slowPull(o.Gains(), c.b)
			d := minus(x, y)
			mean := sum(d) / n
			for i := range d {
				d[i] -= mean
			}
			total := clusterSums(d, cluster)
			if want.Effective = Effective(total); !(want.Effective < 10) {
				t.Fatalf("%v clusters carry the difference from a twin, want few", want.Effective)
			}
		}
		near(t, name, got.Effective, want.Effective)
		if got.Clusters != want.Clusters || got.Tail != want.Tail {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if _, err := NewPairSupports(o, cluster, [][]float64{a, a[1:]}); err == nil {
		t.Error("no error for too few scores")
	}
}

// TestWithhold tests two routers that are significantly better than the first: one that ranks
// all samples differently, and one that ranks two of 120 differently.
func TestWithhold(t *testing.T) {
	const n = 120
	o, a := synthetic(n)
	cluster := make([]int, n)
	for i := range cluster {
		cluster[i] = i
	}
	twin, other := append([]float64{}, a...), make([]float64, n)
	twin[3], twin[77] = a[77], a[3]
	for i := range other {
		other[i] = float64(i * 37 % n)
	}
	supports, err := NewPairSupports(o, cluster, [][]float64{a, other, twin})
	if err != nil {
		t.Fatal(err)
	}
	better := make([]float64, 999) // area over random on each resample
	for i := range better {
		better[i] = 1 + float64(i)/999
	}
	f := Family{Values: []float64{0, 1.5, 1.5}, Replicates: [][]float64{make([]float64, 999), better, better}, Clusters: n, Confidence: 0.95}
	pairs := []Pairing{{0, 1}, {0, 2}, {1, RandomRouter}}
	tests := f.Test(pairs)
	f.Withhold(tests, pairs, supports)
	for h, want := range []Verdict{Worse, Inconclusive, Better} {
		if got := tests[h].Verdict(0.95); got != want || tests[h].Adjusted > 0.05 {
			t.Errorf("pairing %v: %s with p %v, want %s", pairs[h], got, tests[h].Adjusted, want)
		}
	}
}
