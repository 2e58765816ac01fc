package eval

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/internal/slicesx"
)

// weighted is a case with weights and the same case with repeated rows.
type weighted struct {
	o, repeated              Outcomes
	scores, repeatedScores   []float64
	other, repeatedOther     []float64
	cluster, repeatedCluster []int
}

// drawWeighted draws outcomes with whole weights and ties, in clusters.
func drawWeighted(seed uint64, n int) weighted {
	rng := rand.New(rand.NewPCG(seed, 1))
	var w weighted
	names := make([]int, n)
	var index []int
	for i := range n {
		w.o.Strong, w.o.Weak = append(w.o.Strong, float64(rng.IntN(5))/4+0.25), append(w.o.Weak, float64(rng.IntN(5))/4)
		w.o.Weight = append(w.o.Weight, float64(1+rng.IntN(3)))
		w.scores, w.other = append(w.scores, float64(rng.IntN(n))), append(w.other, rng.Float64())
		names[i] = rng.IntN(n)
		for range int(w.o.Weight[i]) {
			index = append(index, i)
		}
	}
	w.cluster = ClusterIDs(names)
	w.repeated = Outcomes{Strong: slicesx.Pick(w.o.Strong, index), Weak: slicesx.Pick(w.o.Weak, index)}
	w.repeatedScores, w.repeatedOther = slicesx.Pick(w.scores, index), slicesx.Pick(w.other, index)
	w.repeatedCluster = slicesx.Pick(w.cluster, index)
	return w
}

// TestWeightIsRepetition checks that a row of weight w counts as w equal rows of its cluster in every
// statistic that knows clusters.
func TestWeightIsRepetition(t *testing.T) {
	for seed := range uint64(5) {
		w := drawWeighted(seed, 60)
		same := func(what string, f func(o Outcomes, cluster []int, scores, other []float64) []float64) {
			t.Helper()
			got, want := f(w.o, w.cluster, w.scores, w.other), f(w.repeated, w.repeatedCluster, w.repeatedScores, w.repeatedOther)
			if len(got) != len(want) || len(got) == 0 {
				t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
			}
			for k := range got {
				if !(got[k] == want[k] || math.Abs(got[k]-want[k]) <= 1e-10*max(1, math.Abs(want[k]))) && !(math.IsNaN(got[k]) && math.IsNaN(want[k])) {
					t.Errorf("seed %d: %s %d is %.15g, want %.15g", seed, what, k, got[k], want[k])
				}
			}
		}
		same("curve", curveNumbers)
		same("gap", func(o Outcomes, cluster []int, _, _ []float64) []float64 {
			g, err := NewGap(o, cluster)
			if err != nil {
				t.Fatal(err)
			}
			sd, err := RandomClusterSD(o, cluster)
			if err != nil {
				t.Fatal(err)
			}
			s, r := NewSupport(o, cluster), NewRandom(o)
			lo, hi := GapBounds(o, 0, 2)
			return []float64{g.Value, g.SE, float64(g.State), sd, float64(s.Clusters), s.Effective, r.Strong, r.Weak, lo, hi, o.EffectiveClusters(cluster)}
		})
		same("influence interval", func(o Outcomes, cluster []int, scores, _ []float64) []float64 {
			c, err := NewCurve(o, scores)
			if err != nil {
				t.Fatal(err)
			}
			f, err := Influence(o, scores)
			if err != nil {
				t.Fatal(err)
			}
			i := InfluenceInterval(c.APGR(), f, o, cluster, 0.95, 30)
			return []float64{ClusterSE(f, cluster), i.Lo, i.Hi}
		})
		same("resamples", func(o Outcomes, cluster []int, scores, other []float64) []float64 {
			all, err := Bootstrap{Resamples: 50, Confidence: 0.95, Seed: 3}.Resample(o, cluster, [][]float64{scores, other}, Points{
				CPT: []float64{50}, Fractions: []float64{0.37}, Qualities: []float64{0.9},
			})
			if err != nil {
				t.Fatal(err)
			}
			var out []float64
			for _, r := range all {
				for _, values := range [][]float64{r.APGR, r.AUC, r.OverRandom, r.CPT[0], r.QualityAt[0], r.FractionFor[0]} {
					out = append(out, values...)
				}
			}
			for k, v := range out {
				if math.IsInf(v, 1) {
					out[k] = -1
				}
			}
			return out
		})
		same("comparison", func(o Outcomes, cluster []int, scores, other []float64) []float64 {
			x, err := Comparer{Bootstrap: Bootstrap{Resamples: 99, Confidence: 0.95, Seed: 1}, Permutations: 99, Margin: 0.02}.Compare(o, cluster, [][]float64{scores, other})
			if err != nil {
				t.Fatal(err)
			}
			d := x.Pairs[0]
			return []float64{d.Value, d.SE, d.Interval.Lo, d.Interval.Hi, d.Adjusted, d.Detectable, d.P, x.Random[0].P, x.Random[1].P}
		})
		same("random test", func(o Outcomes, cluster []int, scores, _ []float64) []float64 {
			x, err := RandomTest(o, cluster, scores, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			return []float64{x.Value, x.P, x.Critical}
		})
		same("plan", func(o Outcomes, cluster []int, _, _ []float64) []float64 {
			p, err := NewPlan(o, cluster, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			return []float64{p.Agreement, p.StrongBetter, p.WeakBetter, p.Oracle, p.RandomSD}
		})
	}
}

// curveNumbers returns the vertices and the metrics of a router and of the oracle.
func curveNumbers(o Outcomes, _ []int, scores, _ []float64) []float64 {
	var out []float64
	for _, s := range [][]float64{scores, OracleScores(o)} {
		c, err := NewCurve(o, s)
		if err != nil {
			panic(err)
		}
		for _, v := range c.Vertices {
			out = append(out, v.StrongFraction, v.Quality)
		}
		out = append(out, c.APGR(), c.AUC(), c.AreaOverRandom(), c.QualityAt(0.31), c.FractionFor(0.9*c.Strong), c.CPT(50).Value, c.CPT(50).Hull,
			c.LargestTie, float64(c.CPT(80).Crossings))
	}
	return out
}

// TestEqualWeightsChangeNothing checks that weights which are all the same change nothing.
func TestEqualWeightsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWeighted(rapid.Uint64Range(0, 1000).Draw(t, "seed"), 40)
		plain, equal := w.o, w.o
		plain.Weight, equal.Weight = nil, make([]float64, w.o.N())
		factor := rapid.SampledFrom([]float64{1, 2, 0.125, 3, 0.5}).Draw(t, "weight")
		for i := range equal.Weight {
			equal.Weight[i] = factor
		}
		numbers := func(o Outcomes) []float64 {
			out := curveNumbers(o, nil, w.scores, nil)
			g, _ := NewGap(o, w.cluster)
			r, s := NewRandom(o), NewSupport(o, w.cluster)
			lo, hi := r.Band(0.3)
			sd, _ := RandomClusterSD(o, w.cluster)
			out = append(out, g.Value, g.SE, r.APGRSD, lo, hi, s.Effective, s.Tail, sd)
			if f, err := Influence(o, w.scores); err == nil {
				i := InfluenceInterval(0.5, f, o, w.cluster, 0.95, 30)
				out = append(append(out, i.Lo, i.Hi, ClusterSE(f, w.cluster)), f...)
			}
			return out
		}
		got, want := numbers(equal), numbers(plain)
		for k := range want {
			if !(got[k] == want[k] || math.Abs(got[k]-want[k]) <= 1e-9*max(1, math.Abs(want[k]))) && !(math.IsNaN(got[k]) && math.IsNaN(want[k])) {
				t.Fatalf("number %d is %v, want %v", k, got[k], want[k])
			}
		}
	})
}

// TestWeightedRandom compares the standard deviation of the random router's APGR with random orders.
func TestWeightedRandom(t *testing.T) {
	w := drawWeighted(7, 40)
	rng := rand.New(rand.NewPCG(2, 3))
	values := make([]float64, 20000)
	for k := range values {
		scores := make([]float64, w.o.N())
		for i := range scores {
			scores[i] = rng.Float64()
		}
		c, err := NewCurve(w.o, scores)
		if err != nil {
			t.Fatal(err)
		}
		values[k] = c.APGR()
	}
	got, want := NewRandom(w.o).APGRSD, math.Sqrt(squaredDeviations(values)/float64(len(values)))
	if math.Abs(got/want-1) > 0.02 {
		t.Errorf("standard deviation %v, want about %v", got, want)
	}
}

func TestWeightErrors(t *testing.T) {
	o := Outcomes{Strong: []float64{1, 0}, Weak: []float64{0, 1}}
	for _, weights := range [][]float64{{1}, {1, 0}, {1, -1}, {math.NaN(), 1}, {1, math.Inf(1)}} {
		o.Weight = weights
		if err := o.Validate(); err == nil {
			t.Errorf("weights %v are accepted", weights)
		}
	}
}

// TestQualityAtOne: the strong fraction 1 is on the curve though sums of weights in two orders differ.
func TestQualityAtOne(t *testing.T) {
	o := Outcomes{Strong: []float64{1, 1, 1}, Weak: []float64{0, 0, 1}, Weight: []float64{0.1, 0.2, 0.3}}
	c, err := NewCurve(o, []float64{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.QualityAt(1); got != 1 {
		t.Errorf("quality %v with every call to the strong model, want 1", got)
	}
}
