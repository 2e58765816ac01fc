// Package livetest starts models for tests, and compares embedded scores with a router
// that runs.
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

// Tolerance is how far live scores may be from embedded ones.
type Tolerance struct {
	Every float64 // each of them
	Most  float64 // 99 % of them, at least
	Mean  float64 // on average
}

// Compare scores prompts of all built-in benchmarks, evenly drawn, with the live router
// and fails where they are further than the tolerance from their embedded scores. There
// are 200 of them, or all with ROUTELLM_ALL_LIVE=1. It skips the test where the benchmarks'
// prompts are not there. The test's package is two folders below the repository's root.
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
