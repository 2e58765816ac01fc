package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// sliced measures one router on tasks of the given sizes, named a, b, ..., on which the strong
// model is clearly better.
func sliced(t *testing.T, sizes ...int) []results.Slice {
	t.Helper()
	rng, s, scores := rand.New(rand.NewPCG(1, 2)), Samples{}, []float64(nil)
	for task, n := range sizes {
		for range n {
			s.Outcomes.Strong = append(s.Outcomes.Strong, 0.5+0.5*rng.Float64())
			s.Outcomes.Weak = append(s.Outcomes.Weak, 0.5*rng.Float64())
			s.Clusters = append(s.Clusters, len(s.Clusters))
			s.Tasks, scores = append(s.Tasks, string(rune('a'+task))), append(scores, rng.Float64())
		}
	}
	b, err := New(results.Benchmark{}, s, eval.Points{})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.AddScores("x", results.Live, scores); err != nil {
		t.Fatal(err)
	}
	if err := b.Influence(0.95); err != nil {
		t.Fatal(err)
	}
	return b.Result().Routers[0].Slices
}

// TestSlicesWithoutAGap measures two tasks whose gaps cancel: each has its interval all the same.
func TestSlicesWithoutAGap(t *testing.T) {
	rng, s, scores := rand.New(rand.NewPCG(1, 2)), Samples{}, []float64(nil)
	for i := range 300 {
		strong, weak, task := 0.9+0.1*rng.Float64(), 0.1*rng.Float64(), "a"
		if i%2 == 1 {
			strong, weak, task = weak, strong, "b"
		}
		s.Outcomes.Strong, s.Outcomes.Weak = append(s.Outcomes.Strong, strong), append(s.Outcomes.Weak, weak)
		s.Clusters, s.Tasks, scores = append(s.Clusters, i), append(s.Tasks, task), append(scores, rng.Float64())
	}
	for name, add := range map[string]func(*Benchmark) error{
		"influence": func(b *Benchmark) error { return b.Influence(0.95) },
		"bootstrap": func(b *Benchmark) error { return b.Bootstrap(eval.Bootstrap{Resamples: 99, Confidence: 0.95}) },
	} {
		b, err := New(results.Benchmark{}, s, eval.Points{})
		if err == nil {
			err = b.AddScores("x", results.Live, scores)
		}
		if err == nil {
			err = add(b)
		}
		if err != nil {
			t.Fatal(err)
		}
		r := b.Result().Routers[0]
		if a := r.Slices[0].APGR; r.Metrics.APGR.Value.Exists() || !(a.Lo < a.Value && a.Value < a.Hi) {
			t.Errorf("%s: APGR %v, and %+v of the first task", name, r.Metrics.APGR.Value, a)
		}
	}
}

func TestSmallSlicesArePooled(t *testing.T) {
	for name, c := range map[string]struct {
		sizes []int
		want  string // task, number of tasks, samples, "+" with an APGR and its interval
	}{
		"none is small":   {[]int{30, 40}, "a 1 30+, b 1 40+"},
		"one is small":    {[]int{30, 2}, "a 1 30+, b 1 2"},
		"two are small":   {[]int{20, 30, 29}, "a 1 20, b 1 30+, c 1 29, other 2 49+"},
		"small together":  {[]int{5, 30, 6}, "a 1 5, b 1 30+, c 1 6, other 2 11"},
		"all are small":   {[]int{10, 29}, "a 1 10, b 1 29"},
		"a task of one":   {[]int{30, 1}, "a 1 30+, b 1 1"},
		"one task, small": {[]int{12}, "a 1 12"},
	} {
		var got []string
		for _, s := range sliced(t, c.sizes...) {
			text := fmt.Sprintf("%s %d %d", s.Task, s.Tasks, s.Samples)
			if s.Clusters != s.Samples {
				t.Errorf("%s: %d clusters of %d samples", name, s.Clusters, s.Samples)
			}
			if a := s.APGR; a.Value.Exists() && a.Lo < a.Value && a.Value < a.Hi {
				text += "+"
			} else if a.Value.Exists() || a.Lo.Exists() || a.Hi.Exists() {
				t.Errorf("%s: APGR %+v, want it with an interval or not at all", name, a)
			}
			got = append(got, text)
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
	}
}

// TestSupportWarnings has gains that few samples carry.
func TestSupportWarnings(t *testing.T) {
	rare := func(n, losses int, loss float64) []float64 {
		gains := make([]float64, n)
		for i := range gains {
			gains[i] = float64(i%10) / 10
			if i%(n/losses) == 0 {
				gains[i] = -loss
			}
		}
		return gains
	}
	heavy := make([]float64, 60)
	for i := range heavy {
		heavy[i] = math.Pow(60/float64(i+1), 1.2)
	}
	for name, c := range map[string]struct {
		gains     []float64
		resamples int
		want      string
		shown     bool
	}{
		"few":       {rare(29, 1, 0), 400, "29 independent samples (clusters) are too few for intervals: at least 30 are needed", false},
		"wider":     {rare(200, 5, 5), 400, "as few as 6.4 samples (effective number) carry the gains: intervals are wider to allow for it", true},
		"fewer":     {rare(200, 2, 20), 400, "as few as 2.1 samples (effective number) carry the gains: too few for intervals", false},
		"resamples": {rare(200, 5, 5), 99, "as few as 6.4 samples (effective number) carry the gains: intervals need at least 124 resamples", false},
		"heavy":     {heavy, 400, "a few gains outweigh the others (tail index 0.6): prompts outside these samples may weigh more than all of them, so there are no intervals", false},
		"many":      {rare(200, 100, 1), 400, "", true},
	} {
		b := measured(t, len(c.gains), c.gains, eval.Points{}, scorers, "good")
		if err := b.Bootstrap(eval.Bootstrap{Resamples: c.resamples, Confidence: 0.95}); err != nil {
			t.Fatal(err)
		}
		doc := b.Result()
		if text := strings.Join(doc.Warnings, "\n"); !strings.Contains(text, c.want) || c.want == "" && strings.Contains(text, "carry the gains") {
			t.Errorf("%s: warnings\n%s\nwant\n%s", name, text, c.want)
		}
		if m := doc.Routers[0].Metrics.AUC; m.Lo.Exists() != c.shown {
			t.Errorf("%s: interval %+v of AUC, want one: %v", name, m, c.shown)
		}
	}
}

// TestNoSlices has no tasks: the document has an empty list, not null.
func TestNoSlices(t *testing.T) {
	b := measured(t, 40, knowable, eval.Points{}, scorers, "good")
	if got := b.Result().Routers[0].Slices; got == nil || len(got) != 0 {
		t.Errorf("slices %#v, want an empty list", got)
	}
}
