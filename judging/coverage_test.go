package judging

import (
	"math"
	"os"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/judging/judgetest"
	"github.com/routellm/routellm/results"
)

// trial is a judge of known faults in a world, asked in a mode.
type trial struct {
	name  string
	world world
	judge judgetest.Judge
	mode  Mode
	exact map[string]float64 // what is known without a simulation
}

var trials = []trial{
	{"grades, biased", world{rows: 100, gap: 0.5, spread: 0.7}, judgetest.Judge{PerDoubling: 0.3, Noise: 1, Refuse: 0.02, Unreadable: 0.02}, Grade, map[string]float64{results.CheckDoubling: 0.3}},
	{"grades, unbiased", world{rows: 100, gap: 0.5, spread: 0.7}, judgetest.Judge{Noise: 1}, Grade, map[string]float64{results.CheckDoubling: 0, results.CheckLength: 0}},
	{"grades of right and wrong answers", world{rows: 100, gap: 1, spread: 1.5, binary: true}, judgetest.Judge{Noise: 1}, Grade, map[string]float64{results.CheckDoubling: 0, results.CheckLength: 0}},
	{"expected grades, biased", world{rows: 60, gap: 0.5, spread: 0.5}, judgetest.Judge{PerDoubling: 0.3, Opinion: 0.7, Noise: 1, Logprobs: true}, Grade, map[string]float64{results.CheckDoubling: 0.3}},
	{"grades, repeated prompts", world{rows: 50, repeats: 4, gap: 0.5, spread: 0.7}, judgetest.Judge{Noise: 1}, Grade, map[string]float64{results.CheckDoubling: 0, results.CheckLength: 0}},
	{"grades with little noise", world{rows: 50, gap: 0.5, spread: 0.7, binary: true}, judgetest.Judge{Noise: 0.1}, Grade, nil},
	{"pairs, biased", world{rows: 100, gap: 0.5, spread: 1}, judgetest.Judge{First: 0.25, PerDoubling: 0.5, Noise: 1}, Pair, map[string]float64{results.CheckPosition: 0.25}},
	{"pairs, unbiased", world{rows: 100, gap: 0.5, spread: 1}, judgetest.Judge{Noise: 1}, Pair, map[string]float64{results.CheckPosition: 0, results.CheckLength: 0, results.CheckDoubling: 0}},
	{"pairs, repeated prompts", world{rows: 50, repeats: 4, gap: 0.5, spread: 1}, judgetest.Judge{First: 0.1, Noise: 1}, Pair, map[string]float64{results.CheckPosition: 0.1}},
}

// run returns the checks of one simulated run.
func (c trial) run(t testing.TB, seed uint64, boot eval.Bootstrap) map[string]results.JudgeCheck {
	c.judge.Seed = seed
	j := judged(t, c.world.file(seed), c.judge, Options{Mode: c.mode, Repeat: 0.5, Concurrency: 1})
	return checked(t, j, CheckOptions{Against: "quality", Bootstrap: boot})
}

// truth returns the values that the checks estimate: the exact ones, and those of a large sample.
func (c trial) truth(t testing.TB) map[string]float64 {
	large := c
	large.world.rows *= 150
	out := map[string]float64{}
	for name, check := range large.run(t, 1<<40, eval.Bootstrap{Resamples: 39, Confidence: 0.95}) {
		out[name] = float64(check.Value)
	}
	for name, v := range c.exact {
		if math.Abs(out[name]-v) > 0.02 {
			t.Errorf("%s, %s: %v in a large sample, want %v", c.name, name, out[name], v)
		}
		out[name] = v
	}
	return out
}

// TestChecksRecoverTheJudgesFaults simulates runs with judges of known faults. At least 92 % of the
// 95 % intervals of each check must hold the true value, and at most 5 % of the runs with an
// unbiased judge may report a bias.
func TestChecksRecoverTheJudgesFaults(t *testing.T) {
	if os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
	}
	const runs = 400
	for k, c := range trials {
		truth := c.truth(t)
		held, alarms, missing := map[string]int{}, map[string]int{}, map[string]int{}
		for run := range uint64(runs) {
			seed := uint64(k)<<20 | run
			for name, check := range c.run(t, seed, eval.Bootstrap{Resamples: 399, Confidence: 0.95, Seed: seed}) {
				if v := truth[name]; float64(check.Lo) <= v && v <= float64(check.Hi) {
					held[name]++
				}
				if !check.Lo.Exists() {
					missing[name]++
				}
				if check.State == results.JudgeFair || check.State == results.JudgeBad {
					alarms[name]++
				}
			}
		}
		for name, v := range truth {
			share, alarm := float64(held[name])/runs, float64(alarms[name])/runs
			t.Logf("%-34s %-18s true %7.3f  held %5.1f %%  alarms %5.1f %%  missing %d", c.name, name, v, 100*share, 100*alarm, missing[name])
			if share < 0.92 {
				t.Errorf("%s, %s: the interval holds the true value in %.1f %% of the runs", c.name, name, 100*share)
			}
			if bias := name == results.CheckPosition || name == results.CheckLength; bias && v == 0 && alarm > 0.05 {
				t.Errorf("%s, %s: %.1f %% false alarms", c.name, name, 100*alarm)
			}
		}
	}
}
