package harness

import (
	"testing"

	"github.com/routellm/routellm/eval"
)

// TestDifference has a router that got worse on a third of the samples.
func TestDifference(t *testing.T) {
	const n = 300
	make2 := func(worse bool) *ScoreSet {
		c := &ScoredBenchmark{Name: "quiz", Scores: [][]float64{make([]float64, n)}}
		for i := range n {
			gain := float64(i % 2)
			c.IDs, c.Clusters = append(c.IDs, string(rune('a'+i))), append(c.Clusters, string(rune('a'+i)))
			c.Outcomes.Strong, c.Outcomes.Weak = append(c.Outcomes.Strong, gain), append(c.Outcomes.Weak, 0)
			c.Scores[0][i] = gain + float64(i)/(2*n)
			if worse && i%3 == 0 {
				c.Scores[0][i] = -c.Scores[0][i]
			}
		}
		return &ScoreSet{Routers: []string{"r"}, Benchmarks: []*ScoredBenchmark{c}}
	}
	boot := eval.Bootstrap{Resamples: 200, Confidence: 0.95, Seed: 1}
	d, err := newDifference(make2(true), make2(false), "quiz", "r")
	if err != nil {
		t.Fatal(err)
	}
	for metric, down := range map[string]bool{"apgr": true, "auc": true, "cpt.80": false, "quality_at.0.5": true, "fraction_for.0.9": false} {
		lo, hi, err := d.interval(metric, boot)
		if err != nil || !(lo < hi) || down && !(hi < 0) || !down && !(lo > 0) {
			t.Errorf("%s: %v to %v, %v", metric, lo, hi, err)
		}
	}
	for _, metric := range []string{"headroom", "cpt", "cpt.x", "apgr.1"} {
		if _, _, err := d.interval(metric, boot); err == nil {
			t.Errorf("%s: an interval", metric)
		}
	}
	if d, err = newDifference(make2(true), make2(true), "quiz", "r"); err != nil {
		t.Fatal(err)
	}
	if lo, hi, err := d.interval("apgr", boot); lo != 0 || hi != 0 || err != nil {
		t.Errorf("same scores: %v to %v, %v", lo, hi, err)
	}
	other := make2(false)
	other.Benchmarks[0].Outcomes.Weak[7] = 1
	short := make2(false)
	short.Benchmarks[0].IDs = short.Benchmarks[0].IDs[1:]
	for name, l := range map[string]*ScoreSet{"other qualities": other, "other samples": short, "no such router": {Benchmarks: short.Benchmarks}, "no such benchmark": {Routers: []string{"r"}}} {
		if _, err := newDifference(make2(true), l, "quiz", "r"); err == nil {
			t.Errorf("%s: a difference", name)
		}
	}
}
