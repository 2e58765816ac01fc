package fitcmd

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/results"
)

// tested returns a document of a router that was tested, with the given outcome.
func tested(outcome results.FitOutcome) *results.Fit {
	metric := results.Metric{Value: 0.581, Lo: 0.53, Hi: 0.632}
	return &results.Fit{
		Outcome: outcome, Confidence: 0.95, Pair: &results.Pair{Strong: "big", Weak: "small"}, Target: results.FitTarget{Target: "quality", Value: 0.95}, Metric: results.MetricAPGR, Chosen: "mf", Fallback: "big",
		Parts:      []results.FitPart{{Samples: 600}, {Samples: 200}, {Samples: 200}},
		Models:     []results.FitModel{{Name: "big", Quality: 0.9, Cost: 5}, {Name: "small", Quality: 0.6, Cost: 1}},
		Candidates: []results.FitCandidate{{Name: "mf"}, {Name: "linear"}, {Name: "subject", Control: true}},
		Test:       &results.FitTest{Samples: 200, Metric: results.MetricAPGR, Rows: []results.FitRow{{Name: "mf", Value: metric}}, Claim: results.Test{Verdict: "better", P: 0.001}},
		Power:      &results.FitPower{Effect: 0.05, Detectable: 0.07, More: 960},
	}
}

// pointed adds an operating point.
func pointed(d *results.Fit, measures ...results.Measure) *results.Fit {
	g := results.Guarantee{Target: "quality", Value: 0.95, Confidence: 0.95}
	d.Calibration = &results.Calibration{Outcomes: &results.Outcomes{Points: []results.OperatingPoint{{Guarantee: g, Measures: measures}}}}
	return d
}

func TestConclusion(t *testing.T) {
	calls := results.Measure{Name: "strong_fraction", HeldOut: 0.6, Lo: 0.5, Hi: 0.7}
	kept := results.Measure{Name: "share_of_strong", HeldOut: 0.97, Lo: 0.95, Hi: 0.99}
	saved := results.Measure{Name: "saving_usd", HeldOut: 1.6, Lo: 1.2, Hi: 2}
	unsaved := results.Measure{Name: "saving_usd", HeldOut: 0.2, Lo: -0.1, Hi: 0.5}
	hopeless := pointed(tested(results.FitUnproven))
	hopeless.Power.Calibration = -1
	small := pointed(tested(results.FitUnproven))
	small.Power.Calibration = 400
	nothing := tested(results.FitNothing)
	nothing.Fallback = "small"
	enough := tested(results.FitChance)
	enough.Power.More = 0
	cheap := tested(results.FitChance)
	cheap.Fallback = "small"
	never := pointed(tested(results.FitRouter), calls, kept)
	never.Calibration.Outcomes.Points[0].Always = results.Weak
	for name, c := range map[string]struct {
		d    *results.Fit
		want []string
	}{
		"dollars": {pointed(tested(results.FitRouter), calls, kept, saved), []string{
			"Route with mf: on 200 prompts that neither trained nor chose it, it is better than random routing: APGR 0.581, where random has 0.5 (95 % interval [0.530, 0.632]).",
			"calls big for 60 % [50 %, 70 %] of the prompts and keeps 97 % [95 %, 99 %] of its quality, which saves $1.600 [1.200, 2.000] per 1,000 prompts.",
			"Guarantee: with 95 % confidence, it keeps at least 95 % of big's quality on further prompts like these."}},
		"no saving":  {pointed(tested(results.FitRouter), calls, kept, unsaved), []string{"of its quality, which is not shown to save anything: $0.2000 [-0.1000, 0.5000] per 1,000 prompts. Guarantee"}},
		"calls":      {pointed(tested(results.FitRouter), calls, kept), []string{"it saves 40 % [30 %, 50 %] of the calls. What that is worth is not known without costs."}},
		"never":      {never, []string{"But no router is needed: small alone keeps 97 %"}},
		"chance":     {tested(results.FitChance), []string{"On these prompts no router beats chance: mf, chosen from 2 routers,", "Call big, the best one, for every prompt.", "to find one of 0.050, grade about 960 prompts more."}},
		"cheap":      {cheap, []string{"Call small for every prompt, the cheapest one that keeps 95 % of big's quality (95 % confidence, on the training part)."}},
		"power":      {enough, []string{"little is to be gained by routing these prompts."}},
		"few":        {small, []string{"But there is no guarantee: its 200 calibration prompts do not establish", "About 400 prompts more would probably establish one"}},
		"hopeless":   {hopeless, []string{"More prompts would not help", "--quality 0.9."}},
		"never lost": {nothing, []string{"There is nothing to route: on no training prompt is big better than small. Call small for every prompt."}},
	} {
		got := conclusion(c.d)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s:\n%s\nwant %q in it", name, got, want)
			}
		}
	}
}

func TestCurveWords(t *testing.T) {
	d := tested(results.FitRouter)
	if got := curveWords(d); got != "" {
		t.Errorf("without a curve: %q", got)
	}
	d.Curve = &results.LearningCurve{Points: make([]results.LearningPoint, 4), Gain: results.Metric{Value: 0.01, Lo: 0.004, Hi: 0.016}, Reached: results.Metric{Value: 0.6, Lo: 0.55, Hi: 0.65}}
	if got := curveWords(d); !strings.HasPrefix(got, "More labels would help: twice as many training prompts would add about 0.010") {
		t.Errorf("a rising curve: %q", got)
	}
	d.Curve.Gain.Lo = -0.004
	if got := curveWords(d); !strings.HasPrefix(got, "The learning curve does not show that more labels would help") {
		t.Errorf("a flat curve: %q", got)
	}
	d.Curve.Gain.Lo, d.Curve.Reached.Lo = 0.004, 0.49
	if got := curveWords(d); !strings.HasPrefix(got, "The learning curve does not show that more labels would help") {
		t.Errorf("a curve that rises to chance: %q", got)
	}
}

// TestLucky holds when the paragraph says that a value is probably too high.
func TestLucky(t *testing.T) {
	for name, c := range map[string]struct {
		metric     string
		value      results.Value
		detectable results.Value
		want       bool
	}{
		"APGR found with less than 80 % power": {results.MetricAPGR, 0.581, 0.09, true},
		"APGR":                                 {results.MetricAPGR, 0.581, 0.08, false},
		"lift found with less than 80 % power": {results.MetricLift, 0.02, 0.03, true},
		"lift":                                 {results.MetricLift, 0.04, 0.03, false},
		"unknown power":                        {results.MetricLift, 0.04, results.Missing, false},
	} {
		d := pointed(tested(results.FitRouter), results.Measure{Name: "strong_fraction", HeldOut: 0.6}, results.Measure{Name: "share_of_strong", HeldOut: 0.97})
		d.Test.Metric, d.Test.Rows[0].Value.Value, d.Power.Detectable = c.metric, c.value, c.detectable
		if got := strings.Contains(conclusion(d), "is probably too high."); got != c.want {
			t.Errorf("%s: too high is %v, want %v: %s", name, got, c.want, conclusion(d))
		}
	}
}
