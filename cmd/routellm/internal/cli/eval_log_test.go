package cli

import (
	"bytes"
	"testing"

	"github.com/routellm/routellm/results"
)

// TestEvalLog takes a decision log to a table and evaluates it. The strong model's answers are
// right with a probability of 0.85 and the weak model's with 0.55, whatever the score.
func TestEvalLog(t *testing.T) {
	workFolder(t)
	var out, errs bytes.Buffer
	for _, args := range [][]string{
		{"log", "examples/decisions.jsonl", "--out", "traffic.parquet"},
		{"eval", "--log", "traffic.parquet", "--at", "10%,30%,60%", "--format", "json"},
	} {
		out.Reset()
		if code := Main(args, &out, &errs); code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, errs.String())
		}
	}
	d, err := results.ReadLogEvaluation(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if x := d.Decisions; x.Estimated != 400 || x.Rated != 400 || len(x.Fixed) != 0 || d.Router != "mf" || len(d.Warnings) != 0 {
		t.Errorf("%+v of %q, warnings %q", x, d.Router, d.Warnings)
	}
	inForce := 0
	for _, x := range d.Thresholds {
		calls := float64(x.StrongFraction)
		truth, logged := 0.55+0.3*calls, 0.55+0.3*(0.8*0.365+0.2*0.5) // 36.5 % of the scores reach 0.25
		for what, c := range map[string]struct {
			results.Metric
			truth float64
		}{
			"quality": {x.Quality, truth}, "ips": {x.IPS, truth}, "snips": {x.SNIPS, truth}, "dr": {x.DR, truth}, "sndr": {x.SNDR, truth},
			"less logged": {x.AgainstLogged, truth - logged}, "less random": {x.OverRandom, 0},
		} {
			if x.Always != "" && what == "less random" {
				continue
			}
			if !(float64(c.Lo) <= c.truth && c.truth <= float64(c.Hi)) {
				t.Errorf("threshold %v: %s %v, the truth is %v", x.Threshold, what, c.Metric, c.truth)
			}
		}
		if x.InForce {
			inForce++
		}
	}
	if len(d.Thresholds) != 6 || inForce != 1 {
		t.Errorf("%d thresholds, %d in force", len(d.Thresholds), inForce)
	}
}
