package judging

import (
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/judging/judgetest"
	"github.com/routellm/routellm/results"
)

// holds checks that an interval holds a value and says something.
func holds(t *testing.T, c results.JudgeCheck, want float64) {
	t.Helper()
	if lo, hi := float64(c.Lo), float64(c.Hi); !(lo <= want && want <= hi) || hi-lo > 1 {
		t.Errorf("%s: %v [%v, %v], want an interval that holds %v", c.Name, c.Value, c.Lo, c.Hi, want)
	}
}

// TestChecksFindKnownFaults asks judges of known faults. TestChecksRecoverTheJudgesFaults says how
// often the intervals hold.
func TestChecksFindKnownFaults(t *testing.T) {
	biased := judgetest.Judge{First: 0.3, PerDoubling: 0.4, Noise: 1, Refuse: 0.03, Unreadable: 0.03}
	for _, c := range []struct {
		name   string
		judge  judgetest.Judge
		mode   Mode
		binary bool
		states map[string]results.JudgeState
		values map[string]float64
		trust  results.JudgeTrust
	}{
		{"grades, biased", biased, Grade, false, map[string]results.JudgeState{results.CheckLength: results.JudgeBad, results.CheckUnlabelled: results.JudgeFair},
			map[string]float64{results.CheckDoubling: 0.4, results.CheckUnlabelled: 0.0591}, results.TrustCorrected},
		{"grades, sound", judgetest.Judge{Noise: 0.3, Logprobs: true}, Grade, false, map[string]results.JudgeState{
			results.CheckAccuracy: results.JudgeGood, results.CheckAgreement: results.JudgeGood, results.CheckRelation: results.JudgeGood,
			results.CheckRepeat: results.JudgeGood, results.CheckUnlabelled: results.JudgeGood,
		}, map[string]float64{results.CheckDoubling: 0}, results.TrustYes},
		{"grades, random", judgetest.Judge{Noise: 1000}, Grade, false, map[string]results.JudgeState{results.CheckAccuracy: results.JudgeBad, results.CheckRepeat: results.JudgeBad},
			map[string]float64{results.CheckAccuracy: 0.5, results.CheckRepeat: 0}, results.TrustNo},
		{"pairs, biased", biased, Pair, false, map[string]results.JudgeState{results.CheckPosition: results.JudgeBad, results.CheckFlips: results.JudgeBad, results.CheckLength: results.JudgeBad},
			map[string]float64{results.CheckPosition: 0.3}, results.TrustCorrected},
		{"pairs, sound", judgetest.Judge{Noise: 0.2}, Pair, true, map[string]results.JudgeState{results.CheckPosition: results.JudgeGood, results.CheckFlips: results.JudgeGood, results.CheckAccuracy: results.JudgeGood},
			map[string]float64{results.CheckPosition: 0}, results.TrustYes},
	} {
		f := world{rows: 200, gap: 0.5, spread: 0.7, binary: c.binary}.file(1)
		got := checked(t, judged(t, f, c.judge, Options{Mode: c.mode, Repeat: 0.5, Concurrency: 1}), CheckOptions{Against: "quality"})
		for name, state := range c.states {
			if got[name].State != state {
				t.Errorf("%s: %s is %+v, want %s", c.name, name, got[name], state)
			}
		}
		for name, v := range c.values {
			holds(t, got[name], v)
		}
		var list []results.JudgeCheck
		for _, name := range []string{results.CheckAccuracy, results.CheckLength, results.CheckRepeat, results.CheckUnlabelled} {
			list = append(list, got[name])
		}
		if trust, why := Trust(list); trust != c.trust || !strings.HasSuffix(why, ".") {
			t.Errorf("%s: trust %s (%s), want %s", c.name, trust, why, c.trust)
		}
	}
}

// TestChecksWithoutData holds that a check without data is left out, and that none is a number made
// of nothing.
func TestChecksWithoutData(t *testing.T) {
	f := world{rows: 3, gap: 1, spread: 1}.file(1)
	got := checked(t, judged(t, f, judgetest.Judge{Noise: 1}, Options{Mode: Grade, Concurrency: 1}), CheckOptions{})
	for _, name := range []string{results.CheckAccuracy, results.CheckAgreement, results.CheckRepeat, results.CheckPosition, results.CheckVotes} {
		if c, ok := got[name]; ok {
			t.Errorf("%+v, want none", c)
		}
	}
	if c := got[results.CheckLength]; c.Lo.Exists() || c.State != results.JudgeUnknown {
		t.Errorf("length of three prompts: %+v, want no interval", c)
	}
	var list []results.JudgeCheck
	for _, c := range got {
		list = append(list, c)
	}
	if trust, _ := Trust(list); trust != results.TrustUnknown {
		t.Errorf("without known labels: trust %s", trust)
	}
	if trust, _ := Trust(nil); trust != results.TrustUnknown {
		t.Errorf("without checks: trust %s", trust)
	}
}

// TestOneClassOnly holds what is unknown if all known labels are equal, or all grades are.
func TestOneClassOnly(t *testing.T) {
	f := world{rows: 20, gap: 1, spread: 1}.file(1)
	for m := range f.Labels[0].Values {
		for row := range f.Labels[0].Values[m] {
			f.Labels[0].Values[m][row] = 1
		}
	}
	got := checked(t, judged(t, f, judgetest.Judge{Noise: 1}, Options{Mode: Grade, Repeat: 1, Concurrency: 1}), CheckOptions{Against: "quality"})
	if _, ok := got[results.CheckAccuracy]; ok {
		t.Error("an order of answers that are known to be equally good")
	}
	if c := got[results.CheckRelation]; c.Value.Exists() || c.State != results.JudgeUnknown {
		t.Errorf("correlation with a constant: %+v", c)
	}
	same := checked(t, judged(t, f, says("grade: 5"), Options{Mode: Grade, Expected: Off, Repeat: 1, Concurrency: 1}), CheckOptions{Against: "quality"})
	for _, name := range []string{results.CheckAgreement, results.CheckRepeat, results.CheckLength, results.CheckDoubling} {
		if c := same[name]; c.Value.Exists() || c.State != results.JudgeUnknown {
			t.Errorf("a judge that always says the same: %+v", c)
		}
	}
}

func TestVotes(t *testing.T) {
	f := world{rows: 12, gap: 0, spread: 2}.file(1)
	votes := answers.TextColumn{Name: "winner", Values: make([]*string, 12)}
	for row := range votes.Values {
		switch d := f.Labels[0].Values[0][row] - f.Labels[0].Values[1][row]; {
		case row == 0:
		case row == 1:
			votes.Values[row] = ptr("Tie")
		case row == 2:
			votes.Values[row] = ptr("another model")
		case d > 0:
			votes.Values[row] = ptr("big")
		default:
			votes.Values[row] = ptr(" small ")
		}
	}
	f.Passed = append(f.Passed, votes)
	for _, m := range []Mode{Grade, Pair} {
		c := checked(t, judged(t, f, judgetest.Judge{Noise: 0.01, Logprobs: true}, Options{Mode: m, Concurrency: 1}), CheckOptions{Votes: "winner"})[results.CheckVotes]
		if c.Items != 9 || c.Value < 0.8 {
			t.Errorf("%s: %+v, want 9 votes that the judge agrees with", m, c)
		}
	}
}

func TestCheckErrors(t *testing.T) {
	f := world{rows: 3, gap: 1, spread: 1}.file(1)
	j := judged(t, f, judgetest.Judge{}, Options{Mode: Grade, Concurrency: 1})
	if _, err := j.Check(CheckOptions{Against: "qualty", Bootstrap: bootstrap}); err == nil || len(hint.Of(err)) == 0 {
		t.Errorf("unknown labels: %v", err)
	}
	if _, err := j.Check(CheckOptions{Votes: "winner", Bootstrap: bootstrap}); err == nil {
		t.Error("an unknown column of votes is no error")
	}
}

// TestExpectedGradesHaveLessNoise holds why expected grades are the default: asked again, the judge
// gives the same ones, also if "10" is two tokens, and they are nearer to what it thinks. docs/judge.md
// has the numbers that it logs.
func TestExpectedGradesHaveLessNoise(t *testing.T) {
	f := world{rows: 200, gap: 1, spread: 1}.file(1)
	off := func(j judgetest.Judge, e Expected) float64 {
		labels, squares, n := judged(t, f, j, Options{Mode: Grade, Expected: e, Concurrency: 1}).Labels("x").Values, 0.0, 0.0
		for m := range labels {
			for row, v := range labels[m] {
				d := v - f.Labels[0].Values[m][row]
				squares, n = squares+d*d, n+1
			}
		}
		return math.Sqrt(squares / n)
	}
	noisy := judgetest.Judge{Noise: 1, Logprobs: true}
	split := noisy
	split.SplitTen = true
	greedy := noisy
	greedy.Greedy = true
	sampled, likeliest, expected, digits := off(noisy, Off), off(greedy, Off), off(noisy, On), off(split, On)
	t.Logf("error of a grade: sampled %.3f, likeliest %.3f, expected %.3f, digit by digit %.3f", sampled, likeliest, expected, digits)
	if !(sampled > 0.9 && expected < 0.2 && digits < 0.5) {
		t.Errorf("error of a sampled grade %v, of an expected one %v, digit by digit %v", sampled, expected, digits)
	}
}

func TestDocument(t *testing.T) {
	f := world{rows: 30, gap: 1, spread: 1}.file(1)
	f.Models[1].Name = "lab/Scripted-Judge"
	j := judged(t, f, judgetest.Judge{Noise: 1, Unreadable: 0.1}, Options{Mode: Pair, Repeat: 0.2, Concurrency: 1})
	d, err := j.Document(Setup{Name: "judge", Model: "judge-1"}, CheckOptions{Labels: "judged", Bootstrap: bootstrap})
	if err != nil {
		t.Fatal(err)
	}
	p := d.Pairs[0]
	if p.WonByA+p.WonByB+p.Ties+p.None != 30 || d.Replies.Judged+d.Replies.Unreadable != d.Replies.Questions || d.Replies.Questions != 72 {
		t.Errorf("counts do not add up: %+v, %+v", p, d.Replies)
	}
	if d.Unit != "share of wins 0-1 by judge" || d.Min != 0 || d.Max != 1 || d.Models[0].Labelled != 30-p.None {
		t.Errorf("unit %q, model %+v", d.Unit, d.Models[0])
	}
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "judges its own answers") {
		t.Errorf("warnings %q, want one about the judge's own answers", d.Warnings)
	}
	meta := Metadata(d)
	if meta["routellm.labels.judged.unit"] != d.Unit || meta["routellm.labels.judged.max"] != "1" || meta["routellm.labels.judged.judge_prompt_sha256"] != j.Questions.Prompts.SHA256 {
		t.Errorf("metadata %v", meta)
	}
	d.Labels = answers.Quality
	if Metadata(d)["routellm.unit"] != d.Unit {
		t.Errorf("metadata of quality %v", Metadata(d))
	}
}
