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

// Compare scores prompts of all built-in benchmarks, evenly drawn, with the live router
// and fails where one is further than tolerance from its embedded score. There are 200
// of them, or all with ROUTELLM_ALL_LIVE=1. It skips the test where the benchmarks'
// prompts are not there. The test's package is two folders below the repository's root.
func Compare(t *testing.T, live, embedded routers.Router, tolerance float64) {
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
	worst, mean := 0.0, 0.0
	for i := range want {
		d := math.Abs(got[i] - want[i])
		mean += d / float64(len(want))
		worst = max(worst, d)
		if !(d <= tolerance) {
			t.Errorf("sample %q: live %v, embedded %v", prompts[i].ID, got[i], want[i])
		}
	}
	t.Logf("%d prompts: largest difference %.2g, mean %.2g", len(want), worst, mean)
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
