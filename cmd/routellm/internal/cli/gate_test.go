package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/eval"
)

// TestRepositoryPolicy holds the built-in routers against the policy that CI uses.
func TestRepositoryPolicy(t *testing.T) {
	out := t.TempDir()
	var b bytes.Buffer
	if code := Main([]string{"eval", "--router", "mf,knn", "--bench", "all", "--out", out}, &b, &b); code != exitDone {
		t.Fatalf("exit %d: %s", code, b.String())
	}
	results := filepath.Join(out, "results.json")
	b.Reset()
	code := Main([]string{"gate", "--policy", "../../../../.github/policy.yaml", results, "--baseline", results}, &b, &b)
	if code != exitDone {
		t.Errorf("exit %d: %s", code, b.String())
	}
}

// TestGateExitCodes has one policy for each code.
func TestGateExitCodes(t *testing.T) {
	t.Chdir(t.TempDir())
	const results = `{"schema_version": 1, "benchmarks": [{"name": "quiz", "routers": [
		{"name": "r", "scores": "live", "metrics": {"apgr": {"value": 0.6, "lo": null, "hi": 0.7}}}]}]}`
	for want, policy := range map[int]string{
		exitDone:         "rules: [quiz.r.apgr > 0.5]",
		exitFailed:       "rules: [quiz.r.apgr.lo > 0.5, quiz.r.apgr > 0.6]",
		exitUsage:        "rules: []",
		exitInconclusive: "rules: [quiz.r.apgr.lo > 0.5, quiz.r.apgr > 0.5]",
	} {
		for name, text := range map[string]string{"results.json": results, "policy.yaml": policy} {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if code := Main([]string{"gate", "--policy", "policy.yaml", "results.json"}, &b, &b); code != want {
			t.Errorf("%s: exit %d, want %d: %s", policy, code, want, b.String())
		}
	}
}

// TestDifference has a router that got worse on a third of the samples.
func TestDifference(t *testing.T) {
	const n = 300
	make2 := func(worse bool) *lineup {
		c := &contest{name: "quiz", scores: [][]float64{make([]float64, n)}}
		for i := range n {
			gain := float64(i % 2)
			c.ids, c.clusters = append(c.ids, string(rune('a'+i))), append(c.clusters, string(rune('a'+i)))
			c.outcomes.Strong, c.outcomes.Weak = append(c.outcomes.Strong, gain), append(c.outcomes.Weak, 0)
			c.scores[0][i] = gain + float64(i)/(2*n)
			if worse && i%3 == 0 {
				c.scores[0][i] = -c.scores[0][i]
			}
		}
		return &lineup{routers: []string{"r"}, benches: []*contest{c}}
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
	other.benches[0].outcomes.Weak[7] = 1
	short := make2(false)
	short.benches[0].ids = short.benches[0].ids[1:]
	for name, l := range map[string]*lineup{"other qualities": other, "other samples": short, "no such router": {benches: short.benches}, "no such benchmark": {routers: []string{"r"}}} {
		if _, err := newDifference(make2(true), l, "quiz", "r"); err == nil {
			t.Errorf("%s: a difference", name)
		}
	}
}
