package harness

import (
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
)

// TestNotes asks for a footnote wherever the verdict differs from that of the pair alone or of
// the permutation test.
func TestNotes(t *testing.T) {
	o := CompareOptions{Confidence: 0.95, Margin: 0.02}
	some, none := eval.Interval{Lo: 0.01, Hi: 0.03}, eval.Interval{Lo: math.NaN(), Hi: math.NaN()}
	for _, c := range []struct {
		d    eval.Difference
		want string
	}{
		{eval.Difference{Verdict: eval.Better, Alone: eval.Better, Interval: some, Holm: 0.02}, ""},
		{eval.Difference{Verdict: eval.Better, Alone: eval.Better, Interval: some, Holm: 0.06}, "does not reject equality (p = 0.060"},
		{eval.Difference{Verdict: eval.Inconclusive, Alone: eval.Worse, Interval: some, Holm: 0.08}, "worse if this were the only comparison, inconclusive after"},
		{eval.Difference{Verdict: eval.Equivalent, Alone: eval.Better, Interval: some, Holm: 0.08}, "better if this were the only comparison, equivalent after"},
		{eval.Difference{Verdict: eval.Equivalent, Alone: eval.Equivalent, Interval: some, Holm: 0.04}, "rejects equality (p = 0.040"},
		{eval.Difference{Verdict: eval.Inconclusive, Alone: eval.Inconclusive, Interval: some, Holm: 0.2}, ""},
		{eval.Difference{Verdict: eval.Inconclusive, Alone: eval.Inconclusive, Interval: none, Holm: 0.2}, "no interval"},
		{eval.Difference{Verdict: eval.Better, Alone: eval.Better, Interval: some, Narrow: some, Holm: math.NaN(), Within: true}, "within margin: the 90 % interval, 0.010 to 0.030"},
	} {
		got := strings.Join(o.notes(c.d), "|")
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%+v: %q, want %q", c.d, got, c.want)
		}
	}
}
