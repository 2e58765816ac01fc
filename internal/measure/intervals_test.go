package measure

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// measured returns a benchmark of n samples whose gains repeat, and one router per score
// function.
func measured(t *testing.T, n int, gains []float64, p eval.Points, scores map[string]func(i int) float64, names ...string) *Benchmark {
	t.Helper()
	s := Samples{Outcomes: eval.Outcomes{Strong: make([]float64, n), Weak: make([]float64, n)}, Clusters: make([]int, n)}
	for i := range n {
		s.Outcomes.Strong[i], s.Clusters[i] = gains[i%len(gains)], i
	}
	b, err := New(results.Benchmark{}, s, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		x := make([]float64, n)
		for i := range x {
			x[i] = scores[name](i)
		}
		if err := b.AddScores(name, results.Live, x); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

var scorers = map[string]func(i int) float64{
	"good":  func(i int) float64 { return float64(i%4)*1000 - float64(i) },
	"equal": func(i int) float64 { return float64(i%4)*1000 + float64(i) },
	"bad":   func(i int) float64 { return -float64(i%4)*1000 + float64(i) },
	"a":     func(i int) float64 { return math.Sin(float64((1 + i) * (i + 7919))) }, // noise
	"b":     func(i int) float64 { return math.Sin(float64((2 + i) * (i + 15838))) },
}

// Gains grow with i mod 4, which good routers know.
var knowable = []float64{-1, 0, 1, 1}

func TestStandings(t *testing.T) {
	for name, intervals := range map[string]func(*Benchmark) error{
		"bootstrap": func(b *Benchmark) error {
			return b.Bootstrap(eval.Bootstrap{Resamples: 200, Confidence: 0.95})
		},
		"influence": func(b *Benchmark) error { return b.Influence(0.95) },
	} {
		b := measured(t, 400, knowable, eval.Points{}, scorers, "bad", "good", "equal")
		if err := intervals(b); err != nil {
			t.Fatal(err)
		}
		got := []results.Standing{b.routers[0].Standing, b.routers[1].Standing, b.routers[2].Standing}
		if got[0] != results.Behind || (got[1] != results.Best || got[2] != results.Level) && (got[1] != results.Level || got[2] != results.Best) {
			t.Errorf("%s: standings %v of a bad and two good routers", name, got)
		}
		for _, r := range b.routers {
			if m := r.Metrics.APGR; !(m.Lo < m.Value && m.Value < m.Hi) {
				t.Errorf("%s: %s: interval [%v, %v] of %v", name, r.Name, m.Lo, m.Hi, m.Value)
			}
		}
	}
}

// TestNoBest checks that no router is the best unless one is better than random, and that
// scores that are upside down are reported, of routers with and without a curve.
func TestNoBest(t *testing.T) {
	for name, intervals := range map[string]func(*Benchmark) error{
		"bootstrap": func(b *Benchmark) error {
			return b.Bootstrap(eval.Bootstrap{Resamples: 400, Confidence: 0.95})
		},
		"influence": func(b *Benchmark) error { return b.Influence(0.95) },
	} {
		b := measured(t, 400, knowable, eval.Points{}, scorers, "a", "b", "bad")
		strong := make([]bool, 400)
		for i := range strong {
			strong[i] = i%4 < 2 // the two that gain least
		}
		if err := b.AddDecisions("decides", results.Live, results.Threshold{}, strong); err != nil {
			t.Fatal(err)
		}
		if err := b.AddDecisions("always strong", results.NoScores, results.Threshold{}, slices.Repeat([]bool{true}, 400)); err != nil {
			t.Fatal(err)
		}
		if err := intervals(b); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"a": "inconclusive", "b": "inconclusive", "bad": "worse", "decides": "worse"}
		for _, r := range b.routers {
			if r.Standing != results.NotCompared || r.AgainstBest != nil || r.AsBest != nil {
				t.Errorf("%s: %s is %s", name, r.Name, r.Standing)
			}
			if r.AgainstRandom == nil {
				if want[r.Name] != "" {
					t.Errorf("%s: %s has no test against random", name, r.Name)
				}
				continue
			}
			if got := r.AgainstRandom.Verdict; got != want[r.Name] || !slices.Equal(r.Warnings, RandomWarnings(results.Test{Verdict: got}, "")) {
				t.Errorf("%s: %s is %s, warnings %q, want %s", name, r.Name, got, r.Warnings, want[r.Name])
			}
		}
	}
}

// TestBestOfSeveral checks the best router's two intervals.
func TestBestOfSeveral(t *testing.T) {
	b := measured(t, 400, knowable, eval.Points{}, scorers, "a", "good", "b")
	if err := b.Bootstrap(eval.Bootstrap{Resamples: 400, Confidence: 0.95}); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.routers {
		c, plain := r.AsBest, r.Metrics.APGR
		if (c != nil) != (r.Standing == results.Best) {
			t.Errorf("%s is %s and has the interval %+v", r.Name, r.Standing, c)
		}
		if c != nil && (c.Routers != 3 || c.Metric != "apgr" || !(c.Lo < plain.Lo && plain.Hi < c.Hi)) {
			t.Errorf("%+v as the best of 3, plain %+v", c, plain)
		}
	}
}

func TestBootstrapFillsEveryMetric(t *testing.T) {
	p := eval.Points{CPT: []float64{50}, Fractions: []float64{0.6}, Qualities: []float64{0.9}}
	b := measured(t, 400, knowable, p, scorers, "good")
	if err := b.Bootstrap(eval.Bootstrap{Resamples: 200, Confidence: 0.9}); err != nil {
		t.Fatal(err)
	}
	m := b.routers[0].Metrics
	c := m.CPT["50"]
	for name, x := range map[string]results.Metric{
		"apgr": m.APGR, "auc": m.AUC, "area over random": m.AreaOverRandom, "cpt": c.Metric, "quality": m.QualityAt["0.6"],
		"fraction": m.FractionFor["0.9"], "saving": c.SavingOverRandom, "ratio": c.CostRatio, "saving over strong": c.SavingOverStrong,
	} {
		if !(x.Lo <= x.Value && x.Value <= x.Hi && x.Lo < x.Hi) {
			t.Errorf("%s: interval [%v, %v] of %v", name, x.Lo, x.Hi, x.Value)
		}
	}
	if got := float64(c.SavingOverRandom.Lo); math.Abs(got-(1-2*float64(c.Hi))) > 1e-12 {
		t.Errorf("least saving %v of at most %v calls", got, c.Hi)
	}
	if n := len(b.routers[0].Band); n != 101 {
		t.Errorf("band of %d points", n)
	}
}

// TestIntervalWarnings has a CPT above the peak of some resamples, and a gap that some lack.
func TestIntervalWarnings(t *testing.T) {
	for _, c := range []struct {
		n     int
		gains []float64
		cpt   float64
		want  []string
	}{
		{400, knowable, 300, []string{"CPT300 is not reached in ", "% of the resamples: its interval has no upper end"}},
		{50, []float64{-1, 1, 1, -1, 1}, 50, []string{"the strong model is not significantly better than the weak one"}},
		{100, []float64{-1, 1, 1, -1, 1}, 50, []string{"the strong model is not better in "}},
		{20, knowable, 50, []string{"effective sample size: 20.0;"}},
		{60, []float64{1}, 50, []string{"the strong model gains the same on every sample"}},
	} {
		p := eval.Points{CPT: []float64{c.cpt}}
		b := measured(t, c.n, c.gains, p, scorers, "good")
		if err := b.Bootstrap(eval.Bootstrap{Resamples: 400, Confidence: 0.95}); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(append(b.doc.Warnings, b.routers[0].Warnings...), "\n")
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%d samples of gains %v: warnings %q, want %q", c.n, c.gains, text, want)
			}
		}
	}
}
