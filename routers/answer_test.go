package routers

import (
	"math"
	"strings"
	"testing"
)

func TestAnswersAreChecked(t *testing.T) {
	unknown := UnknownAnswer()
	for name, c := range map[string]struct {
		change func(*Answer)
		want   string // part of the error; "" for none
	}{
		"nothing known":          {func(*Answer) {}, ""},
		"certain":                {func(a *Answer) { a.LogprobMean, a.LogprobMin, a.PTrue, a.Agreement = 0, 0, 1, 1 }, ""},
		"no tokens":              {func(a *Answer) { a.Tokens = 0 }, ""},
		"logprob above 0":        {func(a *Answer) { a.LogprobMean = 0.1 }, "mean log-probability is 0.1"},
		"a logprob of -infinity": {func(a *Answer) { a.LogprobMin = math.Inf(-1) }, "smallest log-probability is -Inf"},
		"negative entropy":       {func(a *Answer) { a.FirstEntropy = -1 }, "entropy"},
		"agreement above 1":      {func(a *Answer) { a.Agreement = 1.5 }, "agreement is 1.5"},
		"P(true) above 1":        {func(a *Answer) { a.PTrue = 2 }, "being right"},
		"infinitely many tokens": {func(a *Answer) { a.Tokens = math.Inf(1) }, "tokens is +Inf"},
	} {
		a := unknown
		c.change(&a)
		err := (&Prompt{ID: "s", Answer: &a}).CheckAnswer()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
	if err := (&Prompt{ID: "s"}).CheckAnswer(); err == nil || !strings.Contains(err.Error(), `"s"`) {
		t.Errorf("without an answer: %v", err)
	}
}
