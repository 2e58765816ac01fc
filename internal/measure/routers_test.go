package measure

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// quiz returns the outcomes of n samples in two tasks. The strong model gains on every other
// sample of the first task and on none of the second.
func quiz(n int) Samples {
	s := Samples{Outcomes: eval.Outcomes{Strong: make([]float64, n), Weak: make([]float64, n)}, Clusters: make([]int, n), Tasks: make([]string, n)}
	for i := range n {
		s.Clusters[i], s.Tasks[i] = i, "law"
		if i%4 == 0 {
			s.Outcomes.Strong[i] = 1
		} else if i%2 == 1 {
			s.Tasks[i], s.Outcomes.Strong[i], s.Outcomes.Weak[i] = "sums", 1, 1
		}
	}
	return s
}

// TestRoutersOfEveryKind compares the metrics of each kind of router with their definitions.
func TestRoutersOfEveryKind(t *testing.T) {
	const n = 400
	s := quiz(n)
	b, err := New(results.Benchmark{Name: "quiz"}, s, eval.Points{CPT: []float64{50}, Fractions: []float64{0.5}})
	if err != nil {
		t.Fatal(err)
	}
	scores, strong := make([]float64, n), make([]bool, n)
	for i := range n {
		scores[i], strong[i] = -float64(i), i < n/4
	}
	compat, err := eval.NewCompat(s.Outcomes, scores, 10)
	if err != nil {
		t.Fatal(err)
	}
	b.AddCompat("compat", results.Live, compat)
	if err := b.AddOracle("oracle", results.Live, eval.OracleScores(s.Outcomes)); err != nil {
		t.Fatal(err)
	}
	if err := b.AddRandom("random"); err != nil {
		t.Fatal(err)
	}
	if err := b.AddScores("order", results.Live, scores); err != nil {
		t.Fatal(err)
	}
	b.SetModel("digest")
	b.WarnRouter("a warning about order")
	b.Warn("a warning about the samples")
	if got := b.Gap(); got.Value != 0.25 || got.State != eval.GapEstablished {
		t.Errorf("gap %+v, want 0.25 and established", got)
	}
	doc := b.Result()
	if !slices.Contains(doc.Warnings, "a warning about the samples") || doc.Samples != n || doc.Clusters != n {
		t.Errorf("%d samples in %d clusters with warnings %q", doc.Samples, doc.Clusters, doc.Warnings)
	}
	oracle, random, order := doc.Routers[1], doc.Routers[2], doc.Routers[3]
	if got := float64(random.Metrics.APGR.Value); math.Abs(got-0.5) > 1e-12 || len(random.Warnings) != 0 || random.Scores != results.ClosedForm {
		t.Errorf("random: APGR %v, warnings %q, scores %q, want 0.5, none and closed form", got, random.Warnings, random.Scores)
	}
	if got := float64(oracle.Metrics.APGR.Value); math.Abs(got-0.875) > 1e-12 || oracle.Metrics.Headroom.Value != 1 || len(oracle.Warnings) != 0 {
		t.Errorf("oracle: APGR %v, headroom %v, warnings %q, want 0.875, 1 and none", got, oracle.Metrics.Headroom.Value, oracle.Warnings)
	}
	if order.ModelSHA256 == nil || *order.ModelSHA256 != "digest" || !slices.Contains(order.Warnings, "a warning about order") {
		t.Errorf("order: digest %v, warnings %q", order.ModelSHA256, order.Warnings)
	}
	if got := doc.Routers[0].Metrics; !got.APGR.Value.Exists() || !got.CPT["50"].Value.Exists() || got.Headroom.Value.Exists() {
		t.Errorf("compat: metrics %+v, want APGR and CPT50 only", got)
	}
	if tasks := order.Slices; len(tasks) != 2 || tasks[0].Task != "law" || tasks[0].Samples != n/2 || !tasks[0].APGR.Value.Exists() || tasks[1].APGR.Value.Exists() {
		t.Errorf("slices %+v, want law with an APGR and sums without", tasks)
	}
	want := "no router can be better than random on 1 task, where the strong model gains the same on every sample: sums"
	if !slices.Contains(doc.Warnings, want) {
		t.Errorf("warnings %q, want %q", doc.Warnings, want)
	}
}

// TestBootstrapWithEveryKind adds intervals beside routers that have none.
func TestBootstrapWithEveryKind(t *testing.T) {
	const n = 400
	b, err := New(results.Benchmark{}, quiz(n), eval.Points{})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.AddRandom("random"); err != nil {
		t.Fatal(err)
	}
	for name, sign := range map[string]float64{"up": 1, "down": -1} {
		scores := make([]float64, n)
		for i := range n {
			scores[i] = sign * float64(i)
		}
		if err := b.AddScores(name, results.Live, scores); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Bootstrap(eval.Bootstrap{Resamples: 200, Confidence: 0.95}); err != nil {
		t.Fatal(err)
	}
	doc := b.Result()
	sd := float64(doc.Random.APGRSD)
	if m := doc.Routers[0].Metrics.APGR; math.Abs(float64(m.Hi-m.Lo)-2*1.959964*sd) > 1e-6 {
		t.Errorf("random: range %v to %v, want 1.96 standard deviations of %v on both sides", m.Lo, m.Hi, sd)
	}
	law := doc.Routers[1].Slices[0].APGR
	if !(law.Lo < law.Value && law.Value < law.Hi) {
		t.Errorf("slice: interval [%v, %v] of %v", law.Lo, law.Hi, law.Value)
	}
}

// TestTooFewClusters asks for intervals of five samples.
// One sample is written in the singular, and two different scores are no tie, though each is
// half of the samples.
func TestWarningsOfSamplesAlone(t *testing.T) {
	for n, want := range map[int]string{1: "1 independent sample (cluster) is too few for intervals", 2: "2 independent samples (clusters) are too few for intervals"} {
		b := measured(t, n, []float64{1}, eval.Points{}, scorers, "good")
		if err := b.Bootstrap(eval.Bootstrap{Resamples: 200, Confidence: 0.95}); err != nil {
			t.Fatal(err)
		}
		doc := b.Result()
		if warnings := strings.Join(doc.Warnings, "\n"); !strings.Contains(warnings, want) {
			t.Errorf("%d samples: warnings %q, want %q", n, warnings, want)
		}
		if warnings := strings.Join(doc.Routers[0].Warnings, "\n"); strings.Contains(warnings, "same score") {
			t.Errorf("%d samples: warnings %q of different scores", n, warnings)
		}
	}
}

func TestTooFewClusters(t *testing.T) {
	for name, intervals := range map[string]func(*Benchmark) error{
		"bootstrap": func(b *Benchmark) error { return b.Bootstrap(eval.Bootstrap{Resamples: 200, Confidence: 0.95}) },
		"influence": func(b *Benchmark) error { return b.Influence(0.95) },
	} {
		b := measured(t, 5, []float64{1, 1, 1, 0.5}, eval.Points{}, scorers, "good")
		if err := intervals(b); err != nil {
			t.Fatal(err)
		}
		warnings := strings.Join(b.Result().Warnings, "\n")
		if want := "5 independent samples (clusters) are too few for intervals: at least 30 are needed"; !strings.Contains(warnings, want) {
			t.Errorf("%s: warnings %q, want %q", name, warnings, want)
		}
	}
}

// TestOneSample checks the warnings about a single sample: it ties with none, and is no task on
// which no router can be better than random.
func TestOneSample(t *testing.T) {
	b := measured(t, 1, []float64{1}, eval.Points{}, scorers, "good")
	if err := b.Bootstrap(eval.Bootstrap{Resamples: 200, Confidence: 0.95}); err != nil {
		t.Fatal(err)
	}
	doc := b.Result()
	if want := "1 independent sample (cluster) is too few for intervals: at least 30 are needed"; !slices.Contains(doc.Warnings, want) {
		t.Errorf("warnings %q, want %q", doc.Warnings, want)
	}
	if got := doc.Routers[0].Warnings; len(got) > 0 {
		t.Errorf("router's warnings %q, want none", got)
	}
}

// TestTaskWarnings names only tasks with enough samples, of several tasks.
func TestTaskWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		sizes []int // samples per task, all with the same gain
		want  int
	}{"one task": {[]int{40}, 0}, "few": {[]int{40, 3, 29}, 1}, "many": {[]int{40, 30}, 2}} {
		s := Samples{}
		for k, n := range c.sizes {
			for range n {
				s.Tasks, s.Clusters = append(s.Tasks, fmt.Sprint("t", k)), append(s.Clusters, len(s.Clusters))
				s.Outcomes.Strong, s.Outcomes.Weak = append(s.Outcomes.Strong, float64(k)), append(s.Outcomes.Weak, 0)
			}
		}
		got := strings.Join(taskWarnings(s), "")
		if c.want == 0 && got != "" || c.want > 0 && !strings.Contains(got, fmt.Sprintf("on %d task", c.want)) {
			t.Errorf("%s: %q, want %d named", name, got, c.want)
		}
	}
}

func TestNewRefusesOutcomes(t *testing.T) {
	if _, err := New(results.Benchmark{}, Samples{}, eval.Points{}); err == nil {
		t.Error("no error for no samples")
	}
}
