package answers

import (
	"math"
	"testing"

	"github.com/routellm/routellm/answers/chat"
)

func TestSignals(t *testing.T) {
	half := math.Log(.5)
	a := chat.Answer{Tokens: []chat.Token{
		{Text: "a", Logprob: half, Top: []chat.Alternative{{Text: "a", Logprob: half}, {Text: "b", Logprob: half}}},
		{Text: "b", Logprob: -2},
	}}
	s := signalsOf(a)
	if s.Mean != (half-2)/2 || s.Min != -2 || math.Abs(s.FirstEntropy-math.Ln2) > 1e-15 {
		t.Errorf("got %+v", s)
	}
	if signalsOf(chat.Answer{Text: "x"}) != nil {
		t.Error("an answer without log-probabilities has signals")
	}
	for _, c := range []struct {
		top  []chat.Alternative
		want float64
	}{
		{nil, nan},
		{[]chat.Alternative{{Logprob: 0}}, 0},
		{[]chat.Alternative{{Logprob: -3}, {Logprob: -3}}, math.Ln2}, // those reported count as all
		{[]chat.Alternative{{Logprob: 0}, {Logprob: math.Inf(-1)}}, 0},
		{[]chat.Alternative{{Logprob: math.Inf(-1)}}, nan},
	} {
		if got := entropy(c.top); math.IsNaN(got) != math.IsNaN(c.want) || math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%v: entropy %v, want %v", c.top, got, c.want)
		}
	}
}

func TestAgreement(t *testing.T) {
	for _, c := range []struct {
		texts []*string
		want  []float64
	}{
		{[]*string{ptr("Yes."), ptr(" yes "), ptr("no"), nil}, []float64{.5, .5, 0, nan}},
		{[]*string{ptr("a"), nil}, []float64{nan, nan}},
		{[]*string{ptr(""), ptr("")}, []float64{1, 1}},
	} {
		got := Agreement(c.texts)
		for i := range got {
			if got[i] != c.want[i] && !(math.IsNaN(got[i]) && math.IsNaN(c.want[i])) {
				t.Errorf("%q: got %v, want %v", texts(c.texts), got, c.want)
			}
		}
	}
}
