package logcmd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// promise returns what an artifact keeps of n held-out samples, drawn by draw: whether the strong
// model was called, and the quality.
func promise(n int, draw func() (strong bool, quality float64)) *promised {
	var called []bool
	var quality []float64
	clusters := make([]int, n)
	for i := range n {
		s, q := draw()
		called, quality, clusters[i] = append(called, s), append(quality, q), i
	}
	share, ofShare := eval.Proportion(called, clusters, 0.95)
	mean, ofMean := eval.Ratio(quality, nil, eval.MeanExtremes(0, 1), clusters, 0.95)
	a := &results.Artifact{Threshold: results.ThresholdAt(0.5), HeldOut: &results.HeldOut{Samples: n, Confidence: 0.95, Measures: []results.Measure{
		{Name: "strong_fraction", HeldOut: results.Value(share), Lo: results.Value(ofShare.Lo), Hi: results.Value(ofShare.Hi)},
		{Name: "quality", HeldOut: results.Value(mean), Lo: results.Value(ofMean.Lo), Hi: results.Value(ofMean.Hi)},
		{Name: "pgr", HeldOut: 0.9, Lo: 0.8, Hi: 1},
	}}}
	return &promised{path: "a.json", artifact: a, held: a.HeldOut}
}

// logged returns a request as the log has it.
func logged(i int, strong bool, quality float64) row {
	r := row{opinion: opinion{quality: quality}}
	r.Record = decisionlog.Record{ID: fmt.Sprint("r", i), Decision: results.Decision{Side: results.SideOf(strong), Threshold: results.ThresholdAt(0.5)}, Reason: results.ReasonScore}
	return r
}

// TestPromisedHolds: where the requests are like the held-out samples, the log is seldom called
// worse: at most as often as the confidence of the rows together says.
func TestPromisedHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	draw := func() (bool, float64) {
		strong := r.Float64() < 0.4
		return strong, number01(r.Float64() < 0.8)
	}
	const runs = 300
	differ := 0
	for range runs {
		p := promise(150, draw)
		for i := range 120 {
			strong, quality := draw()
			p.add(logged(i, strong, quality))
		}
		for _, c := range p.compare() {
			if c.of.Lo > 0 || c.of.Hi < 0 {
				differ++
				break
			}
		}
	}
	if most := 0.05*runs + 3*math.Sqrt(0.05*0.95*runs); float64(differ) > most {
		t.Errorf("%d of %d logs differ from their promise, expected at most %.0f", differ, runs, most)
	}
}

// TestPromisedBroken: less quality and more strong calls are found, more quality is no fault.
func TestPromisedBroken(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	with := func(share, right float64) func() (bool, float64) {
		return func() (bool, float64) { return r.Float64() < share, number01(r.Float64() < right) }
	}
	for _, test := range []struct {
		share, right float64
		want         string
	}{
		{0.4, 0.5, "quality "}, {0.8, 0.8, "strong calls "}, {0.4, 0.99, ""}, {0.1, 0.8, ""},
	} {
		p, now := promise(400, with(0.4, 0.8)), with(test.share, test.right)
		for i := range 400 {
			strong, quality := now()
			p.add(logged(i, strong, quality))
		}
		out, verdict, err := p.text()
		if err != nil || (verdict != nil) != (test.want != "") || verdict != nil && !strings.Contains(verdict.Error(), test.want) {
			t.Errorf("%v: %v, %v\n%s", test, verdict, err, out)
		}
	}
}

// TestPromisedLeavesOut: what the threshold did not decide is counted, and says nothing.
func TestPromisedLeavesOut(t *testing.T) {
	p := promise(100, func() (bool, float64) { return true, 1 })
	other := logged(1, false, 0)
	other.Threshold = results.ThresholdAt(0.6)
	drawn, direct := logged(2, false, 0), logged(3, false, 0)
	drawn.Reason, direct.Reason = results.ReasonExplore, results.ReasonDirect
	p.artifact.Router = results.ArtifactRouter{Spec: "mf", SHA256: "aa"}
	older := logged(5, false, 0)
	older.Identity = decisionlog.Identity{Spec: "mf", SHA256: "bb"}
	for _, r := range []row{other, drawn, direct, older} {
		p.add(r)
	}
	out, verdict, err := p.text()
	if err != nil || verdict != nil || !strings.Contains(out, "4 requests are left out") || strings.Contains(out, "quality ") {
		t.Errorf("%v, %v\n%s", verdict, err, out)
	}
	p.add(logged(4, true, math.NaN()))
	if all := p.compare(); len(all) != 1 || all[0].name != "strong_fraction" || all[0].seen != 1 {
		t.Errorf("a request without a quality: %+v", all)
	}
}

// TestPromisedOnce: a request alone has no interval, and no verdict.
func TestPromisedOnce(t *testing.T) {
	i := 0
	p := promise(100, func() (bool, float64) { i++; return i%2 == 0, 1 })
	p.add(logged(1, true, 0))
	out, verdict, err := p.text()
	if err != nil || verdict != nil {
		t.Errorf("%v, %v\n%s", verdict, err, out)
	}
}

// TestPromisedPool compares decisions among several models: shares that have no interval are shown
// without a verdict.
func TestPromisedPool(t *testing.T) {
	missing := results.Missing
	a := &results.Artifact{Threshold: results.Threshold{Score: missing}, Pool: &results.PoolPolicy{}, HeldOut: &results.HeldOut{Samples: 200, Confidence: 0.95, Measures: []results.Measure{
		{Name: "quality", HeldOut: 0.8, Lo: 0.75, Hi: 0.85}, {Name: "saving_usd", HeldOut: 1, Lo: 0, Hi: 2}, {Name: "cost_usd", HeldOut: 1, Lo: 0.9, Hi: 1.1},
		{Name: "share:big", HeldOut: 0.25, Lo: missing, Hi: missing}, {Name: "share:small", HeldOut: 0.75, Lo: missing, Hi: missing},
	}}}
	p := &promised{path: "a.json", artifact: a, held: a.HeldOut}
	for i := range 200 {
		r := logged(i, false, number01(i%5 > 0))
		cost := 0.002 * float64(1+i%2)
		r.PoolDecision, r.Model, r.CostUSD = &results.PoolDecision{}, []string{"small", "big"}[i%2], &cost
		p.add(r)
	}
	p.add(logged(200, true, 1)) // between two models
	out, verdict, err := p.text()
	if err != nil || verdict == nil || verdict.Error() != "the log shows less than was promised: USD per 1,000 3.0000, promised 1.0000" {
		t.Errorf("%v, %v", verdict, err)
	}
	for _, want := range []string{"big                 200   25.00 %  50.00 %     25.00 %                  ?\n", "1 request is left out"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
