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
		got, err := NewPairSupport(o, cluster, a, c.b)
		if err != nil {
			t.Fatal(err)
		}
		want := NewSupport(o, cluster)
		if c.own {
			x := slowPull(o.Gains(), a)
			y := slowPull(o.Gains(), c.b)
			d := minus(x, y)
			mean := sum(d) / n
			for i := range d {
				d[i] -= mean
			}
			_, total := clusterSums(d, cluster)
			if want.Effective = effective(total); !(want.Effective < 10) {
				t.Fatalf("%v clusters carry the difference from a twin, want few", want.Effective)
			}
		}
		near(t, name, got.Effective, want.Effective)
		if got.Clusters != want.Clusters || got.Tail != want.Tail {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if _, err := NewPairSupport(o, cluster, a, a[1:]); err == nil {
		t.Error("no error for too few scores")
	}
}
