package harness_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// summaryText sums up n samples in 60 buckets by a score whose skill is how much it knows of the gain.
func summaryText(n int, skill float64) string {
	rng, noise := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(3, uint64(1000*skill)))
	type key struct{ bin, bucket int }
	type sums struct{ lo, hi, n, strong, weak, gain2 float64 }
	all := map[key]*sums{}
	var order []key
	for i := range n {
		weak := float64(rng.IntN(2))
		score := skill*(1-weak) + noise.Float64()
		k := key{int(score * 32), i / 5 % 60}
		x := all[k]
		if x == nil {
			x = &sums{lo: score, hi: score}
			all[k], order = x, append(order, k)
		}
		x.lo, x.hi, x.n, x.strong, x.weak, x.gain2 = min(x.lo, score), max(x.hi, score), x.n+1, x.strong+1, x.weak+weak, x.gain2+1-weak
	}
	var b strings.Builder
	b.WriteString("bin,bucket,score_min,score_max,n,strong,weak,gain2\n")
	for _, k := range order {
		x := all[k]
		fmt.Fprintf(&b, "%d,%d,%v,%v,%v,%v,%v,%v\n", k.bin, k.bucket, x.lo, x.hi, x.n, x.strong, x.weak, x.gain2)
	}
	return b.String()
}

// openSummary opens a summary under a label.
func openSummary(t *testing.T, label, text string) *harness.Summaries {
	t.Helper()
	path := filepath.Join(t.TempDir(), "summary.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := harness.OpenSummaries(context.Background(), harness.SummaryFiles{Paths: []string{label + "=" + path}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSummaryDifference checks intervals of the difference between two summaries of a router.
func TestSummaryDifference(t *testing.T) {
	now, old := openSummary(t, "r", summaryText(4000, 0.7)), openSummary(t, "r", summaryText(4000, 0.3))
	boot := eval.Bootstrap{Resamples: 200, Confidence: 0.95, Seed: 1}
	for metric, up := range map[string]bool{"apgr": true, "cpt.50": false, "quality_at.0.5": true} {
		lo, hi, err := harness.SummaryDifferenceInterval(now, old, "r", metric, boot)
		if err != nil || !(lo < hi) || up && !(lo > 0) || !up && !(hi < 0) {
			t.Errorf("%s: %v to %v, %v", metric, lo, hi, err)
		}
	}
	if lo, hi, err := harness.SummaryDifferenceInterval(now, now, "r", "apgr", boot); lo != 0 || hi != 0 || err != nil {
		t.Errorf("the same summary: %v to %v, %v", lo, hi, err)
	}
	if _, _, err := harness.SummaryDifferenceInterval(now, old, "other", "apgr", boot); err == nil {
		t.Error("no error for a router without summaries")
	}
	if _, _, err := harness.SummaryDifferenceInterval(now, openSummary(t, "r", summaryText(4005, 0.7)), "r", "apgr", boot); err == nil {
		t.Error("no error for other samples")
	}
}

// TestSummariesDocument evaluates and compares summaries, and checks that what they do not tell is null.
func TestSummariesDocument(t *testing.T) {
	s := openSummary(t, "a", summaryText(4000, 0.7))
	s.Routers = append(s.Routers, openSummary(t, "b", summaryText(4000, 0.3)).Routers...)
	options := harness.SummaryOptions{Points: harness.DefaultPoints(), Intervals: harness.DefaultIntervals()}
	options.Intervals.Resamples = 200
	e, err := harness.EvaluateSummaries(context.Background(), s, options)
	if err != nil {
		t.Fatal(err)
	}
	b := e.Document.Benchmarks[0]
	r, err := e.Router("summary", "a")
	if err != nil {
		t.Fatal(err)
	}
	m := r.Metrics
	if b.Samples != 4000 || b.Summary.Buckets != 60 || r.Standing != results.Best || m.Headroom.Value.Exists() || m.CPT["50"].Hull.Exists() {
		t.Errorf("%+v, router %+v", b.Summary, r)
	}
	if w := m.APGR.Within; w == nil || !(w.Lo < m.APGR.Value && m.APGR.Value < w.Hi) || !(m.APGR.Lo < m.APGR.Value && m.APGR.Value < m.APGR.Hi) {
		t.Errorf("APGR %+v within %+v", m.APGR, w)
	}
	if x := m.CPT["80"]; x.SavingOverRandom.Within == nil || !(x.SavingOverRandom.Within.Lo < x.SavingOverRandom.Value) {
		t.Errorf("saving %+v", x.SavingOverRandom)
	}
	if e.HasSamples() || math.Abs(e.Random(0).APGRSD-float64(b.Random.APGRSD)) > 1e-15 {
		t.Errorf("random router %+v, want %v", e.Random(0), b.Random)
	}
	options.Intervals.Method = harness.Influence
	if _, err := harness.EvaluateSummaries(context.Background(), s, options); err == nil {
		t.Error("no error for the influence function")
	}
	compare := harness.DefaultCompare()
	compare.Resamples, compare.Permutations = 200, 99
	c, err := harness.CompareSummaries(context.Background(), s, results.Pair{}, compare)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Benchmarks[0].Pairs[0]
	if p.Verdict != "better" || p.Decisions != nil || p.Difference.Within == nil || c.Benchmarks[0].Summary == nil {
		t.Errorf("%+v", p)
	}
	s.Routers = s.Routers[:1]
	if _, err := harness.CompareSummaries(context.Background(), s, results.Pair{}, compare); err == nil {
		t.Error("no error for a single router")
	}
}
