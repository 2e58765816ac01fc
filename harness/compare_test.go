package harness

import (
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
)

// TestNotes asks for a footnote wherever interval and p value disagree.
func TestNotes(t *testing.T) {
	o := CompareOptions{Confidence: 0.95, Margin: 0.02}
	some, none := eval.Interval{Lo: 0.01, Hi: 0.03}, eval.Interval{Lo: math.NaN(), Hi: math.NaN()}
	for _, c := range []struct {
		d    eval.Difference
		want string
	}{
		{eval.Difference{Verdict: eval.Better, Interval: some, P: 0.01, Holm: 0.02}, ""},
		{eval.Difference{Verdict: eval.Better, Interval: some, P: 0.06, Holm: 0.06}, "does not reject"},
		{eval.Difference{Verdict: eval.Worse, Interval: some, P: 0.04, Holm: 0.08}, "alone"},
		{eval.Difference{Verdict: eval.Equivalent, Interval: some, P: 0.04, Holm: 0.08}, "contains 0"},
		{eval.Difference{Verdict: eval.Inconclusive, Interval: some, P: 0.2, Holm: 0.2}, ""},
		{eval.Difference{Verdict: eval.Inconclusive, Interval: none, P: 0.2, Holm: 0.2}, "no interval"},
		{eval.Difference{Verdict: eval.Better, Interval: some, Narrow: some, P: math.NaN(), Holm: math.NaN(), Within: true}, "within margin: the 90 % interval, 0.010 to 0.030"},
	} {
		got := strings.Join(o.notes(c.d), "|")
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%+v: %q, want %q", c.d, got, c.want)
		}
	}
}
