package binned_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/num"
)

// TestSingleScores checks that a summary with one bin per score has the numbers of the samples, and those
// of their buckets as clusters.
func TestSingleScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSamples(t)
		got := s.summary(t, nil, false, true)
		exact, err := eval.NewCurve(s.outcomes, s.scores)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Single() || got.Rows() != int64(len(s.scores)) {
			t.Fatalf("%d rows, single scores %v", got.Rows(), got.Single())
		}
		if exact.Strong-exact.Weak > 1e-3 {
			equal(t, "APGR", got.APGR(), exact.APGR(), 1/(exact.Strong-exact.Weak))
		}
		equal(t, "AUC", got.AUC(), exact.AUC(), 10)
		for _, f := range []float64{0, 0.3, 1} {
			equal(t, "quality", got.QualityAt(f), exact.QualityAt(f), 10)
		}
		gap, err := eval.NewGap(s.outcomes, numbers(s.buckets))
		if err != nil {
			t.Fatal(err)
		}
		if g := got.Gap(); !close(g.Value, gap.Value, 10) || !close(g.SE, gap.SE, 10) && num.Finite(gap.SE) || num.Finite(g.SE) != num.Finite(gap.SE) {
			t.Fatalf("gap %+v, want %+v", g, gap)
		}
		if s.outcomes.Weight == nil && len(s.scores) > 1 && math.Abs(exact.Strong-exact.Weak) > 1e-3 {
			x, y := got.Random(), eval.NewRandom(s.outcomes)
			if !close(x.APGRSD, y.APGRSD, y.APGRSD*1e3) || x.QualityAt(0.4) != x.Weak+0.4*(x.Strong-x.Weak) {
				t.Fatalf("random router %+v, want %+v", x, y)
			}
		}
	})
}

// numbers numbers buckets as clusters.
func numbers(buckets []int32) []int { return eval.ClusterIDs(buckets) }

func close(a, b, scale float64) bool { return math.Abs(a-b) <= 1e-12*max(1, scale) || a == b }

// equal fails unless a value is exact and the wanted one.
func equal(t *rapid.T, what string, v binned.Value, want, scale float64) {
	t.Helper()
	if !v.Exact() || !close(v.Value, want, scale) {
		t.Fatalf("%s is %+v, want %v", what, v, want)
	}
}

// TestAdversary puts the samples of a bin into the orders that move the curve farthest, and checks that
// the ranges hold them and are no wider than they must be.
func TestAdversary(t *testing.T) {
	for _, c := range []struct {
		name string
		gain func(i, n int) float64
		used float64 // least share of the bound that this order needs
	}{
		{"falling", func(i, n int) float64 { return float64(n - 1 - 2*i) }, 0.99},
		{"rising", func(i, n int) float64 { return float64(2*i + 1 - n) }, 0.99},
		{"best first", func(i, n int) float64 { return map[bool]float64{true: 1, false: -1}[i < n/2] }, 0.86},
	} {
		const n, before = 50, 30
		s := samples{}
		for i := range n + before {
			gain := 1.0 // a bin of certain gains first
			if i >= before {
				gain += c.gain(i-before, n)
			}
			s.outcomes.Strong, s.outcomes.Weak = append(s.outcomes.Strong, gain), append(s.outcomes.Weak, 0)
			s.scores, s.buckets, s.tasks = append(s.scores, -float64(i)), append(s.buckets, 0), append(s.tasks, 0)
		}
		got := s.summary(t, []float64{0.5 - before}, false, false)
		exact, err := eval.NewCurve(s.outcomes, s.scores)
		if err != nil {
			t.Fatal(err)
		}
		v, want := got.APGR(), exact.APGR()
		if off, bound := math.Abs(want-v.Value), (v.Hi-v.Lo)/2; off > bound*(1+1e-9) || off < c.used*bound {
			t.Errorf("%s: APGR is off by %v, want it near and within %v", c.name, off, bound)
		}
		for x := 1.0; x < 100; x++ {
			if v, want := got.CPT(x), exact.CPT(x).Value; want < v.Lo-1e-12 || want > v.Hi+1e-12 {
				t.Errorf("%s: CPT%v is %v, want it in %+v", c.name, x, want, v)
			}
		}
	}
}

// TestRefine checks that the open bins of numbers, replaced by single scores, make these exact.
func TestRefine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, edges := drawSamples(t), drawEdges(t)
		cells := rapid.Bool().Draw(t, "cells")
		coarse := s.summary(t, edges, false, cells)
		points := eval.Points{CPT: []float64{20, 50, 80}, Fractions: []float64{0.25, 0.5}, Qualities: []float64{0.9}}
		fractions := []float64{0.1, 0.6}
		open := slices.Concat(coarse.Open(points), coarse.OpenThresholds(fractions))
		if len(open) == 0 {
			return
		}
		part := samples{}
		for i, score := range s.scores {
			in := func(k int) bool { return score >= coarse.Bins[k].Min && score <= coarse.Bins[k].Max }
			if !slices.ContainsFunc(open, in) {
				continue
			}
			part.scores, part.buckets, part.tasks = append(part.scores, score), append(part.buckets, s.buckets[i]), append(part.tasks, s.tasks[i])
			part.outcomes.Strong, part.outcomes.Weak = append(part.outcomes.Strong, s.outcomes.Strong[i]), append(part.outcomes.Weak, s.outcomes.Weak[i])
			if s.outcomes.Weight != nil {
				part.outcomes.Weight = append(part.outcomes.Weight, s.outcomes.Weight[i])
			}
		}
		refined := part.summary(t, nil, false, cells)
		got, err := coarse.Refine(refined)
		if err != nil {
			t.Fatal(err)
		}
		if got.Rows() != coarse.Rows() || cells && got.Buckets() != coarse.Buckets() {
			t.Fatalf("%d rows in %d buckets, want %d in %d", got.Rows(), got.Buckets(), coarse.Rows(), coarse.Buckets())
		}
		if again := got.Open(points); len(again) > 0 {
			t.Fatalf("bins %v of %+v are still open", again, got.Bins)
		}
		exact, err := eval.NewCurve(s.outcomes, s.scores)
		if err != nil {
			t.Fatal(err)
		}
		if exact.Strong-exact.Weak > 1e-3 && s.outcomes.Weight == nil {
			for _, x := range points.CPT {
				equal(t, "CPT", got.CPT(x), exact.CPT(x).Value, 1e3)
			}
		}
		if s.outcomes.Weight == nil {
			want, err := eval.Calibrate(eval.StreamOf(s.scores), fractions)
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range fractions {
				x, err := got.Threshold(f)
				if err != nil || x != want[i] {
					t.Fatalf("threshold %+v, %v, want %+v", x, err, want[i])
				}
			}
		}
		refined.Bins[0].Strong++
		if _, err := coarse.Refine(refined); err == nil || !strings.Contains(err.Error(), "the table changed between the two queries") {
			t.Fatalf("other sums: %v", err)
		}
	})
}

// TestThreshold checks that the exact threshold lies in its range, and that the one of a summary calls as
// many as it says.
func TestThreshold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, edges := drawSamples(t), drawEdges(t)
		s.outcomes.Weight = nil
		got, f := s.summary(t, edges, false, false), rapid.Float64Range(0, 1).Draw(t, "fraction")
		exact, err := eval.Calibrate(eval.StreamOf(s.scores), []float64{f})
		if err != nil {
			t.Fatal(err)
		}
		x, err := got.Threshold(f)
		if err != nil {
			t.Fatal(err)
		}
		calls := 0
		for _, score := range s.scores {
			if score >= x.Threshold {
				calls++
			}
		}
		lo, hi := got.ThresholdRange(f)
		if want := exact[0].Threshold; want < lo || want > hi || x.AtOrAbove != int64(calls) || x.K != exact[0].K || calls < int(x.K) {
			t.Fatalf("threshold %+v in [%v, %v] makes %d calls, exact %+v", x, lo, hi, calls, exact[0])
		}
	})
	one := samples{outcomes: eval.Outcomes{Strong: []float64{1}, Weak: []float64{0}}, scores: []float64{0.5}, buckets: []int32{0}, tasks: []int32{0}}
	s := one.summary(t, nil, false, false)
	for _, f := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := s.Threshold(f); err == nil {
			t.Errorf("no error for the strong fraction %v", f)
		}
	}
	if v := s.APGR(); v.Value != 0.5 || !v.Exact() {
		t.Errorf("APGR of one sample is %+v, want 0.5", v)
	}
}

// TestTasks checks the summaries of tasks against those of their samples.
func TestTasks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, edges := drawSamples(t), drawEdges(t)
		whole := s.summary(t, edges, false, true)
		for task := range int32(3) {
			var index []int
			for i, x := range s.tasks {
				if x == task {
					index = append(index, i)
				}
			}
			if len(index) == 0 {
				continue
			}
			part, err := whole.Of([]int{int(task)})
			if err != nil {
				t.Fatal(err)
			}
			var scores []float64
			for _, i := range index {
				scores = append(scores, s.scores[i])
			}
			exact, err := eval.NewCurve(s.outcomes.Select(index), scores)
			if err != nil {
				t.Fatal(err)
			}
			within(t, "AUC", exact.AUC(), part.AUC(), 1)
			if part.Rows() != int64(len(index)) {
				t.Fatalf("%d rows of %d", part.Rows(), len(index))
			}
		}
	})
}

// TestCoarse checks that fewer bins keep every sum, and that their ranges hold those of all bins.
func TestCoarse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSamples(t)
		fine, limit := s.summary(t, nil, false, true), rapid.IntRange(1, 20).Draw(t, "bins")
		got, err := fine.Coarse(limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Bins) > limit || got.Rows() != fine.Rows() || got.Buckets() != fine.Buckets() {
			t.Fatalf("%d bins with %d rows in %d buckets", len(got.Bins), got.Rows(), got.Buckets())
		}
		within(t, "AUC", fine.AUC().Value, got.AUC(), 1)
		if err := binned.CheckPaired(fine, got); err != nil {
			t.Fatal(err)
		}
	})
}

// TestPaired checks which summaries are of the same samples.
func TestPaired(t *testing.T) {
	rng, s := rand.New(rand.NewPCG(3, 4)), samples{}
	for i := range 200 {
		s.outcomes.Strong, s.outcomes.Weak = append(s.outcomes.Strong, float64(i%3)), append(s.outcomes.Weak, float64(i%2))
		s.scores, s.buckets, s.tasks = append(s.scores, rng.Float64()), append(s.buckets, int32(i%7)), append(s.tasks, 0)
	}
	a := s.summary(t, []float64{0.3, 0}, false, true)
	other := s
	other.scores = slices.Clone(s.scores)
	slices.Reverse(other.scores)
	if err := binned.CheckSame(a, other.summary(t, []float64{0.9, 0.5, 0}, false, true)); err != nil {
		t.Errorf("another router's scores: %v", err)
	}
	other.buckets = slices.Clone(s.buckets)
	other.buckets[5]++
	for name, x := range map[string]*binned.Summary{"other buckets": other.summary(t, nil, false, true), "no buckets": s.summary(t, nil, false, false)} {
		if err := binned.CheckPaired(a, x); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := binned.CheckSame(a, s.summary(t, nil, false, false)); err != nil {
		t.Errorf("without buckets: %v", err)
	}
	other.outcomes.Weak = slices.Clone(s.outcomes.Weak)
	other.outcomes.Weak[0]++
	if err := binned.CheckSame(s.summary(t, nil, false, false), other.summary(t, nil, false, false)); err == nil {
		t.Error("other qualities: no error")
	}
}

// TestNewErrors checks what is no summary.
func TestNewErrors(t *testing.T) {
	good := binned.Bin{Min: 0, Max: 1, Rows: 2, N: 2, Strong: 2, Weak: 1, Gain2: 1, Area: 1}
	change := func(f func(b *binned.Bin)) []binned.Bin {
		b := good
		f(&b)
		return []binned.Bin{b}
	}
	for name, bins := range map[string][]binned.Bin{
		"no bins":             nil,
		"descending scores":   change(func(b *binned.Bin) { b.Min = 2 }),
		"NaN as a score":      change(func(b *binned.Bin) { b.Max = math.NaN() }),
		"infinite score":      change(func(b *binned.Bin) { b.Max = math.Inf(1) }),
		"no rows":             change(func(b *binned.Bin) { b.Rows = 0 }),
		"negative size":       change(func(b *binned.Bin) { b.N = -1 }),
		"infinite sum":        change(func(b *binned.Bin) { b.Strong = math.Inf(1) }),
		"NaN as a sum":        change(func(b *binned.Bin) { b.Gain2 = math.NaN() }),
		"impossible squares":  change(func(b *binned.Bin) { b.Gain2 = 0.4 }),
		"area of other ranks": change(func(b *binned.Bin) { b.Area = 40 }),
		"the same bin twice":  {good, good},
		"bins that touch":     {good, {Min: 1, Max: 3, Rows: 1, N: 1}},
		"a bin inside of one": {good, {Min: 0.5, Max: 0.5, Rows: 1, N: 1}},
	} {
		_, err := binned.New(binned.Summary{Bins: bins})
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if overlap := (*binned.OverlapError)(nil); len(bins) > 1 && !errors.As(err, &overlap) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNoGap checks what exists without a gap.
func TestNoGap(t *testing.T) {
	s, err := binned.New(binned.Summary{Bins: []binned.Bin{
		{Min: 0, Max: 1, Rows: 4, N: 4, Strong: 1, Weak: 2, Gain2: 3, Area: math.NaN()}, {Min: 2, Max: 3, Rows: 4, N: 4, Strong: 3, Weak: 2, Gain2: 1, Area: math.NaN()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if v := s.CPT(50); !math.IsNaN(v.Value) || !v.Exact() {
		t.Errorf("CPT50 is %+v without a gap", v)
	}
	if v := s.APGR(); !math.IsNaN(v.Value) {
		t.Errorf("APGR is %+v without a gap", v)
	}
	if v := s.AreaOverRandom(); v.Exact() || v.Value != 1./16 {
		t.Errorf("area over random is %+v", v)
	}
	if r := s.Random(); !math.IsNaN(r.APGRSD) {
		t.Errorf("spread of random orders %v without a gap", r.APGRSD)
	}
	if q := s.FractionFor(0.75); math.IsNaN(q.Lo) || !math.IsInf(q.Hi, 1) {
		t.Errorf("calls for a quality above both models' are %+v, want a range without an end", q)
	}
	if q := s.FractionFor(3); !math.IsNaN(q.Value) || !math.IsNaN(q.Lo) {
		t.Errorf("calls for a quality that no order reaches are %+v", q)
	}
}
