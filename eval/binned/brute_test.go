package binned_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
)

// fataler stands for both *testing.T and *rapid.T in helpers.
type fataler interface {
	Helper()
	Fatal(...any)
}

// samples are scored samples, of which a summary knows the sums alone.
type samples struct {
	outcomes eval.Outcomes
	scores   []float64
	buckets  []int32
	tasks    []int32
}

// drawSamples draws samples with ties, and weights or none. Whole samples have qualities of 0 and 1.
func drawSamples(t *rapid.T) samples {
	n := rapid.IntRange(1, 120).Draw(t, "n")
	whole, weighted := rapid.Bool().Draw(t, "whole"), rapid.Bool().Draw(t, "weighted")
	distinct := rapid.IntRange(1, 200).Draw(t, "distinct scores")
	quality := rapid.Float64Range(-3, 10)
	var s samples
	for range n {
		a, b := float64(rapid.IntRange(0, 1).Draw(t, "strong")), float64(rapid.IntRange(0, 1).Draw(t, "weak"))
		if !whole {
			a, b = quality.Draw(t, "strong"), quality.Draw(t, "weak")
		}
		s.outcomes.Strong, s.outcomes.Weak = append(s.outcomes.Strong, a), append(s.outcomes.Weak, b)
		if weighted {
			s.outcomes.Weight = append(s.outcomes.Weight, rapid.Float64Range(0.1, 4).Draw(t, "weight"))
		}
		s.scores = append(s.scores, float64(rapid.IntRange(0, distinct).Draw(t, "score"))/7-3)
		s.buckets = append(s.buckets, int32(rapid.IntRange(0, 9).Draw(t, "bucket")))
		s.tasks = append(s.tasks, int32(rapid.IntRange(0, 2).Draw(t, "task")))
	}
	return s
}

// summary sums up the samples in bins whose lower edges are given in descending order; nil stands for
// one bin per score. area adds the areas.
func (s samples) summary(t fataler, edges []float64, area, cells bool) *binned.Summary {
	t.Helper()
	of := func(score float64) float64 {
		for _, e := range edges {
			if score >= e {
				return e
			}
		}
		if edges != nil {
			return math.Inf(-1)
		}
		return score
	}
	at := map[float64]int32{}
	var out binned.Summary
	for i, score := range s.scores {
		key := of(score)
		k, known := at[key]
		if !known {
			k = int32(len(out.Bins))
			at[key] = k
			out.Bins = append(out.Bins, binned.Bin{Min: score, Max: score, Area: math.NaN()})
			if area {
				out.Bins[k].Area = 0
			}
		}
		b, w, g := &out.Bins[k], s.outcomes.Weights()[i], s.outcomes.Strong[i]-s.outcomes.Weak[i]
		b.Min, b.Max = min(b.Min, score), max(b.Max, score)
		c := binned.Cell{Bin: k, Bucket: s.buckets[i], Task: s.tasks[i], Rows: 1, N: w, Strong: w * s.outcomes.Strong[i], Weak: w * s.outcomes.Weak[i], Gain2: w * g * g}
		b.Rows, b.N, b.Strong, b.Weak, b.Gain2 = b.Rows+1, b.N+c.N, b.Strong+c.Strong, b.Weak+c.Weak, b.Gain2+c.Gain2
		for j, other := range s.scores {
			if of(other) != key || !area {
				continue
			}
			if other < score {
				b.Area += w * g * s.outcomes.Weights()[j]
			} else if other == score {
				b.Area += w * g * s.outcomes.Weights()[j] / 2
			}
		}
		if cells {
			out.Bucketed, out.Tasks = true, []string{"a", "b", "c"}
			out.Cells = append(out.Cells, c)
		}
	}
	got, err := binned.New(out)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// drawEdges draws lower edges of bins.
func drawEdges(t *rapid.T) []float64 {
	edges := rapid.SliceOfN(rapid.Float64Range(-4, 30), 1, 12).Draw(t, "edges")
	slices.Sort(edges)
	slices.Reverse(edges)
	return edges
}

// within fails unless the exact value lies in the range, and the range holds the value.
func within(t *rapid.T, what string, exact float64, v binned.Value, scale float64) {
	t.Helper()
	slack := 1e-9 * max(1, scale)
	ok := exact >= v.Lo-slack && exact <= v.Hi+slack
	if math.IsNaN(exact) {
		ok = math.IsNaN(v.Lo) || math.IsInf(v.Hi, 1)
	}
	if !ok || !math.IsNaN(v.Value) && !(v.Value >= v.Lo-slack && v.Value <= v.Hi+slack) {
		t.Fatalf("%s is %v, want it in %+v", what, exact, v)
	}
}

// TestBounds checks that the exact values of samples lie in the ranges of any summary of them.
func TestBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, edges := drawSamples(t), drawEdges(t)
		area := rapid.Bool().Draw(t, "area")
		got := s.summary(t, edges, area, false)
		exact, err := eval.NewCurve(s.outcomes, s.scores)
		if err != nil {
			t.Fatal(err)
		}
		gap := exact.Strong - exact.Weak
		if math.Abs(gap) > 1e-3 {
			within(t, "APGR", exact.APGR(), got.APGR(), 1/gap)
			if v := got.APGR(); area && v.Hi-v.Lo > 1e-9/math.Abs(gap) {
				t.Fatalf("APGR with areas has the range %+v", v)
			}
		}
		within(t, "AUC", exact.AUC(), got.AUC(), 1)
		within(t, "area over random", exact.AreaOverRandom(), got.AreaOverRandom(), 1)
		for range 5 {
			f := rapid.Float64Range(0, 1).Draw(t, "fraction")
			within(t, "quality", exact.QualityAt(f), got.QualityAt(f), 1)
			if q := rapid.Float64Range(-4, 11).Draw(t, "quality"); math.Abs(q-exact.Strong) > 1e-6 {
				within(t, "fraction for a quality", exact.FractionFor(q), got.FractionFor(q), 1)
			}
			if x := rapid.Float64Range(1, 99.99).Draw(t, "per cent"); gap > 1e-6 {
				within(t, "CPT", exact.CPT(x).Value, got.CPT(x), 1)
			}
		}
	})
}
