package results

import (
	"math"
	"slices"
	"testing"

	"github.com/routellm/routellm/eval"
)

// outcomes returns n samples on which the strong model is better by 1 on every second one, and
// the weak model on every tenth.
func outcomes(n int) eval.Outcomes {
	o := eval.Outcomes{Strong: make([]float64, n), Weak: make([]float64, n)}
	for i := range n {
		switch {
		case i%10 == 3:
			o.Weak[i] = 1
		case i%2 == 0:
			o.Strong[i] = 1
		}
	}
	return o
}

func singles(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestPlanIsFilled(t *testing.T) {
	o := outcomes(200)
	p, err := eval.NewPlan(o, singles(200), 0.95)
	if err != nil {
		t.Fatal(err)
	}
	whole := Benchmark{Samples: 200, Clusters: 199, Gap: NewGap(p.Gap), StrongQuality: 0.5, WeakQuality: 0.1, Warnings: []string{"few"}}
	var got PlannedBenchmark
	rhos, sizes := []float64{0, 0.5}, []int{200, 2000, 20000}
	got.Fill(whole, p, 0.02, rhos, sizes)
	if got.Samples != 200 || got.Clusters != 199 || got.StrongQuality != 0.5 || got.WeakQuality != 0.1 || !slices.Equal(got.Warnings, whole.Warnings) ||
		got.Gap.State != GapEstablished {
		t.Errorf("the benchmark is %+v", got)
	}
	near := func(got Value, want float64) bool { return math.Abs(float64(got)-want) < 1e-12 }
	if !near(got.Agreement, 0.4) || !near(got.StrongBetter, 0.5) || !near(got.WeakBetter, 0.1) {
		t.Errorf("shares %v, %v, %v, want 0.4, 0.5, 0.1", got.Agreement, got.StrongBetter, got.WeakBetter)
	}
	if float64(got.Headroom) != p.Oracle-0.5 || float64(got.OracleAPGR) != p.Oracle || float64(got.RandomAPGRSD) != p.RandomSD {
		t.Errorf("headroom %v of oracle %v, SD %v", got.Headroom, got.OracleAPGR, got.RandomAPGRSD)
	}
	if len(got.Correlations) != len(rhos) {
		t.Fatalf("%d correlations, want %d", len(got.Correlations), len(rhos))
	}
	for i, c := range got.Correlations {
		if float64(c.Rho) != rhos[i] || c.Difference != p.Needed(0.02, rhos[i]) || c.Equivalent != p.NeededForMargin(0.02, rhos[i]) || len(c.Sizes) != len(sizes) {
			t.Errorf("correlation %v: %+v", rhos[i], c)
		}
		for k, s := range c.Sizes {
			if s.Samples != sizes[k] || float64(s.SE) != p.SE(sizes[k], rhos[i]) || float64(s.Detectable) != p.Detectable(sizes[k], rhos[i]) ||
				float64(s.Margin) != p.Margin(sizes[k], rhos[i]) {
				t.Errorf("%d samples: %+v", sizes[k], s)
			}
			if k > 0 && s.Detectable >= c.Sizes[k-1].Detectable {
				t.Errorf("%d samples detect no smaller difference than %d", s.Samples, c.Sizes[k-1].Samples)
			}
		}
	}
}

func TestNewGap(t *testing.T) {
	for state, want := range map[eval.GapState]GapState{
		eval.GapEstablished: "established", eval.GapThin: "thin", eval.GapNotEstablished: "not established", eval.GapReversed: "reversed",
	} {
		if got := NewGap(eval.Gap{Value: 0.25, SE: 0.5, State: state}); got.State != want || got != (Gap{0.25, 0.5, want}) {
			t.Errorf("%v becomes %+v, want the state %q", state, got, want)
		}
	}
}

func TestNewPair(t *testing.T) {
	d := eval.Difference{
		A: 2, B: 0, Value: 0.1, Interval: eval.Interval{Lo: 0.01, Hi: 0.2}, Narrow: eval.Interval{Lo: 0.03, Hi: 0.18},
		SE: 0.05, Detectable: 0.14, P: 0.02, Holm: 0.06, Adjusted: 0.04, Verdict: eval.Better, Alone: eval.Worse, Within: true,
	}
	got := NewPair(d, []string{"length", "knn", "mf"})
	if got.A != "mf" || got.B != "length" || got.Verdict != "better" || !got.WithinMargin || got.Notes == nil {
		t.Errorf("%+v", got)
	}
	if got.Difference != (Metric{Value: 0.1, Lo: 0.01, Hi: 0.2}) || got.NarrowLo != 0.03 || got.NarrowHi != 0.18 || got.SE != 0.05 ||
		got.Detectable != 0.14 || got.P != 0.02 || got.PHolm != 0.06 || got.PAdjusted != 0.04 || got.VerdictAlone != "worse" {
		t.Errorf("numbers %+v", got)
	}
}

func TestTake(t *testing.T) {
	from := Benchmark{Samples: 7, Clusters: 6, Gap: Gap{0.1, 0.2, GapThin}, StrongQuality: 0.9, WeakQuality: 0.8, Warnings: []string{"few"}}
	var b ComparedBenchmark
	b.Take(from)
	if b.Samples != 7 || b.Clusters != 6 || b.Gap != from.Gap || b.StrongQuality != 0.9 || b.WeakQuality != 0.8 || !slices.Equal(b.Warnings, from.Warnings) {
		t.Errorf("%+v", b)
	}
}

func TestNewReliability(t *testing.T) {
	const n = 200
	o, scores := outcomes(n), make([]float64, n)
	for i := range scores {
		scores[i] = float64(i%7) / 7
	}
	p, err := eval.NewProbability(o, singles(n), scores, 4, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	got := NewReliability(p)
	for name, pair := range map[string][2]float64{
		"ties": {float64(got.Ties), p.Ties}, "event": {float64(got.Event), p.Event}, "brier": {float64(got.Brier), p.Brier},
		"constant": {float64(got.Constant), p.Constant}, "skill": {float64(got.Skill), p.Skill},
		"miscalibration": {float64(got.Miscalibration), p.Miscalib}, "resolution": {float64(got.Resolution), p.Resolution},
		"within": {float64(got.Within), p.Within}, "error": {float64(got.Error), p.Error},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	samples := 0
	for i, b := range got.Bins {
		samples += b.Samples
		if !(b.Lowest <= b.Score && b.Score <= b.Highest && b.Lo <= b.Event && b.Event <= b.Hi) || i > 0 && b.Highest >= got.Bins[i-1].Lowest {
			t.Errorf("bin %d: %+v", i, b)
		}
	}
	if got.Samples != n || samples != n {
		t.Errorf("%d samples, %d in bins, want %d", got.Samples, samples, n)
	}
}

func TestNewFractionThreshold(t *testing.T) {
	tied := eval.Threshold{Fraction: 0.3, Threshold: 0.25, N: 100, K: 30, AtOrAbove: 34}
	got := NewFractionThreshold(tied, 0.95, nil)
	if got.WantedFraction != 0.3 || got.Score != 0.25 || got.StrongFraction != 0.34 || got.StrongCalls != 34 || got.TiedCalls != 4 || got.NextLo != nil || got.NextHi != nil {
		t.Errorf("%+v", got)
	}
	if !(got.FutureLo < 0.34 && 0.34 < got.FutureHi) {
		t.Errorf("future share %v to %v, want an interval around 0.34", got.FutureLo, got.FutureHi)
	}
	next := int64(50)
	got = NewFractionThreshold(tied, 0.95, &next)
	if got.NextLo == nil || got.NextHi == nil || !(0 <= *got.NextLo && *got.NextLo < *got.NextHi && *got.NextHi <= next) {
		t.Errorf("of the next %d requests: %+v", next, got)
	}
	never := NewFractionThreshold(eval.Threshold{Threshold: math.Inf(1), N: 100}, 0.95, nil)
	if never.Always != Weak || never.Score.Exists() || never.TiedCalls != 0 {
		t.Errorf("no strong calls: %+v", never)
	}
}

func TestSideOf(t *testing.T) {
	if SideOf(true) != Strong || SideOf(false) != Weak {
		t.Errorf("sides %q and %q", SideOf(true), SideOf(false))
	}
}
