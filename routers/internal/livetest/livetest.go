// Package livetest compares a running router with its embedded scores. See [Compare].
package livetest

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// Tolerance limits the differences between live and embedded scores.
type Tolerance struct {
	Every float64 // Every limits each difference
	Most  float64 // Most limits at least 99 % of the differences
	Mean  float64 // Mean limits the mean difference
}

// Compare scores prompts of all built-in benchmarks with the live router, and fails if
// the scores differ from the embedded ones by more than the tolerance. It takes 200
// evenly spaced prompts, or all with ROUTELLM_ALL_LIVE=1. It skips the test if the
// prompts' texts are absent. The test's package must be two folders below the
// repository's root.
func Compare(t *testing.T, live, embedded routers.Router, tolerance Tolerance) {
	t.Helper()
	step := 77
	if os.Getenv("ROUTELLM_ALL_LIVE") == "1" {
		step = 1
	}
	prompts := sample(t, step)
	want, err := embedded.Scores(context.Background(), prompts)
	if err != nil {
		t.Fatal(err)
	}
	got, err := live.Scores(context.Background(), prompts)
	if err != nil {
		t.Fatal(err)
	}
	worst, mean, far := 0.0, 0.0, 0
	for i := range want {
		d := math.Abs(got[i] - want[i])
		mean += d / float64(len(want))
		worst = max(worst, d)
		if !(d <= tolerance.Every) {
			t.Errorf("sample %q: live %v, embedded %v", prompts[i].ID, got[i], want[i])
		}
		if d > tolerance.Most {
			far++
		}
	}
	if 100*far > len(want) || mean > tolerance.Mean {
		t.Errorf("%d of %d further than %v from the embedded scores, on average %v", far, len(want), tolerance.Most, mean)
	}
	t.Logf("%d prompts: largest difference %.2g, mean %.2g, %d above %v", len(want), worst, mean, far, tolerance.Most)
}

// sample returns every step-th prompt.
func sample(t *testing.T, step int) []routers.Prompt {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("skipped: no ../shared")
	}
	mmlu, gsm8k, mtBench, err := datasets.ImportRouteLLM(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []routers.Prompt
	row := 0
	for _, table := range []*datasets.Table{mtBench, mmlu, gsm8k} {
		for i, id := range table.SampleID {
			if row%step == 0 {
				out = append(out, routers.Prompt{ID: id, SHA256: table.PromptSHA256[i], Text: table.Prompt[i], HasText: true})
			}
			row++
		}
	}
	return out
}
