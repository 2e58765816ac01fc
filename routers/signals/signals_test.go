package signals

import (
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers"
)

// known returns an answer of which everything is known.
func known() routers.Answer {
	return routers.Answer{Text: "Perhaps 12.", HasText: true, Finish: "length", Tokens: 3, LogprobMean: -0.5, LogprobMin: -2, FirstEntropy: 1, Agreement: 0.25, PTrue: 0.75}
}

// value returns one signal of an answer.
func value(t *testing.T, a routers.Answer, name string) float64 {
	t.Helper()
	for i, s := range All() {
		if s.Name == name {
			return Of(&a)[i]
		}
	}
	t.Fatalf("no signal %q", name)
	return 0
}

// TestEverySignal compares each signal with what its definition says.
func TestEverySignal(t *testing.T) {
	want := map[string]float64{"logprob_mean": -0.5, "logprob_min": -2, "first_entropy": 1, "agreement": 0.25, "p_true": 0.75, "tokens": math.Log(4),
		"chars": math.Log(12), "cut": 1, "refusal": 0, "hedges": math.Ln2, "no_number": 0, "no_choice": 1}
	for _, s := range All() {
		w, ok := want[s.Name]
		if got := value(t, known(), s.Name); !ok || math.Abs(got-w) > 1e-12 || s.Definition == "" {
			t.Errorf("%s is %v, want %v", s.Name, got, w)
		}
	}
	if len(want) != len(All()) {
		t.Errorf("%d signals, want %d", len(All()), len(want))
	}
}

// TestUnknown: nothing is made up for what is not known, or for an answer that did not come.
func TestUnknown(t *testing.T) {
	failed := known()
	failed.Failed = true
	for name, a := range map[string]routers.Answer{"unknown": routers.UnknownAnswer(), "failed": failed} {
		for i, v := range Of(&a) {
			if !math.IsNaN(v) {
				t.Errorf("%s answer: %s is %v, want NaN", name, All()[i].Name, v)
			}
		}
	}
	empty := routers.UnknownAnswer()
	empty.HasText, empty.Finish = true, "stop"
	if c, n, f := value(t, empty, "chars"), value(t, empty, "no_number"), value(t, empty, "cut"); c != 0 || n != 1 || f != 0 {
		t.Errorf("an empty answer: chars %v, no_number %v, cut %v", c, n, f)
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		text             string
		refusal, hedging float64 // number of hedges
	}{
		{"I'm sorry, but I can’t help with that.", 1, 0},
		{"The capital is Oslo.", 0, 0},
		{"Maybe it is 12, or perhaps 13; probably 12.", 0, 3},
		{"The mightiest king lived there.", 0, 0}, // no part of a word
		{"Ich weiß es nicht, vielleicht 4.", 1, 1},
		{"Je ne sais pas.", 1, 0},
		{"我不知道", 1, 0},
		{"答案可能是四", 0, 1},
		{"おそらく東京です", 0, 1},
		{"Возможно, Москва", 0, 1},
		{"", 0, 0},
		{"\xff maybe \xff", 0, 1},
		{strings.Repeat("a ", 1<<20), 0, 0},
	} {
		a := routers.UnknownAnswer()
		a.Text, a.HasText = c.text, true
		if r, h := value(t, a, "refusal"), math.Expm1(value(t, a, "hedges")); r != c.refusal || math.Abs(h-c.hedging) > 1e-9 {
			t.Errorf("%.40q: refusal %v, %v hedges, want %v and %v", c.text, r, h, c.refusal, c.hedging)
		}
	}
}

func TestNeeds(t *testing.T) {
	if got := Needs([]string{"cut", "tokens"}, 3); got != (routers.AnswerNeeds{}) {
		t.Errorf("finish and tokens need %+v", got)
	}
	want := routers.AnswerNeeds{Text: true, Logprobs: true, Entropy: true, Samples: 3, PTrue: true}
	if got := Needs([]string{"logprob_min", "first_entropy", "agreement", "p_true", "hedges"}, 3); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestSHA256(t *testing.T) {
	before := SHA256()
	old := hedges
	hedges = append(hedges[:len(hedges):len(hedges)], "other")
	defer func() { hedges = old }()
	if SHA256() == before || len(before) != 64 {
		t.Error("the digest does not depend on the words")
	}
}

func BenchmarkOf(b *testing.B) {
	a := known()
	a.Text = strings.Repeat("The answer is probably 12, because 5 plus 7 is 12. ", 8)
	b.SetBytes(int64(len(a.Text)))
	for b.Loop() {
		Of(&a)
	}
}
