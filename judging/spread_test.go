package judging

import (
	"math"
	"testing"

	"github.com/routellm/routellm/answers/chat"
)

// token makes a token with alternatives and their probabilities.
func token(text string, top map[string]float64) chat.Token {
	out := chat.Token{Text: text, Logprob: math.Log(top[text])}
	for _, name := range []string{"10", " 10", "9", " 9", "8", " 8", "7", " 7", "1", " 1", "2", "0", "5", "12", "seven", "\n", "7.5", "first", "second", "tie", " fir", " s", "the"} {
		if p, ok := top[name]; ok {
			out.Top = append(out.Top, chat.Alternative{Text: name, Logprob: math.Log(p)})
		}
	}
	return out
}

func close(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-9
}

func TestExpectedGrades(t *testing.T) {
	word, spaced := chat.Token{Text: "grade:"}, chat.Token{Text: "grade: "}
	for name, c := range map[string]struct {
		text       string
		tokens     []chat.Token
		ten        bool
		mean, mass float64
	}{
		"plain":                            {"grade: 8", []chat.Token{word, token(" 8", map[string]float64{" 8": 0.5, " 7": 0.25, " 9": 0.25})}, false, 8, 1},
		"with and without a space":         {"grade: 8", []chat.Token{word, token(" 8", map[string]float64{" 8": 0.25, "8": 0.25, "10": 0.5})}, false, 9, 1},
		"what is no grade is left out":     {"grade: 8", []chat.Token{word, token(" 8", map[string]float64{" 8": 0.6, "seven": 0.2, "12": 0.2, "0": 0})}, false, 8, 0.6},
		"too little is on grades":          {"grade: 8", []chat.Token{word, token(" 8", map[string]float64{" 8": 0.4, "seven": 0.3})}, false, nan, 0.4},
		"a token for ten":                  {"grade: 8", []chat.Token{word, token(" 8", map[string]float64{" 8": 0.5, "1": 0.25, "10": 0.25})}, true, 6.75, 1},
		"one token for ten elsewhere":      {"grade: 2", []chat.Token{spaced, token("2", map[string]float64{"2": 0.5, "1": 0.5})}, true, 1.5, 1},
		"one may begin ten":                {"grade: 8", []chat.Token{word, token(" 8", map[string]float64{" 8": 0.5, "1": 0.5})}, false, nan, nan},
		"a token 1 beside 9 is 10":         {"grade: 9", []chat.Token{spaced, token("9", map[string]float64{"9": 0.5, "8": 0.2, "1": 0.3})}, false, 0.5*9 + 0.2*8 + 0.3*10, 1},
		"a token 1 beside 2 is 1":          {"grade: 2", []chat.Token{spaced, token("2", map[string]float64{"2": 0.6, "1": 0.4})}, false, 1.6, 1},
		"the beginning was given":          {"grade: 8", []chat.Token{token(" 8", map[string]float64{" 8": 0.5, " 9": 0.5})}, false, 8.5, 1},
		"one is too unlikely to matter":    {"grade: 8", []chat.Token{word, token(" 8", map[string]float64{" 8": 0.99, "1": 0.01})}, false, 8, 0.99},
		"ten in two tokens":                {"grade: 10", []chat.Token{spaced, token("1", map[string]float64{"1": 0.5, "8": 0.5}), token("0", map[string]float64{"0": 0.8, "2": 0.1, "\n": 0.1})}, false, (4 + 4 + 0.05) / 0.95, 0.95},
		"one, followed by no ten":          {"grade: 1\n", []chat.Token{spaced, token("1", map[string]float64{"1": 1}), token("\n", map[string]float64{"\n": 0.9, "0": 0.1})}, false, 1.9, 1},
		"not the likeliest token":          {"grade: 8", []chat.Token{word, {Text: " 8", Logprob: math.Log(0.25), Top: token(" 9", map[string]float64{" 9": 0.75}).Top}}, false, 8.75, 1},
		"thoughts in front":                {"grade: 8", []chat.Token{{Text: "grade: 8? no, "}, word, token(" 8", map[string]float64{" 8": 0.5, " 9": 0.5})}, false, 8.5, 1},
		"no probabilities":                 {"grade: 8", []chat.Token{word, {Text: " 8"}}, false, nan, nan},
		"no tokens":                        {"grade: 8", nil, false, nan, nan},
		"tokens of another text":           {"grade: 8", []chat.Token{{Text: "x", Top: []chat.Alternative{{Text: "8"}}}}, false, nan, nan},
		"a grade between two":              {"grade: 7.5", []chat.Token{word, token(" 7", map[string]float64{" 7": 1}), {Text: ".5"}}, false, nan, nan},
		"a token that holds more than one": {"grade:8", []chat.Token{{Text: "grade:8", Top: []chat.Alternative{{Text: "grade:8"}}}}, false, nan, nan},
	} {
		r := read(Grade, chat.Answer{Text: c.text, Tokens: c.tokens})
		if r.Kind != Judged {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		if mean, mass := r.spread.expected(c.ten); !close(mean, c.mean) || !close(mass, c.mass) {
			t.Errorf("%s: mean %v, mass %v, want %v and %v", name, mean, mass, c.mean, c.mass)
		}
	}
}

func TestExpectedVerdicts(t *testing.T) {
	a := chat.Answer{Text: "verdict: first", Tokens: []chat.Token{{Text: "verdict: "}, token("first", map[string]float64{"first": 0.4, " fir": 0.1, " s": 0.2, "tie": 0.2, "the": 0.1})}}
	if mean, mass := read(Pair, a).spread.expected(false); !close(mean, 0.6/0.9) || !close(mass, 0.9) {
		t.Errorf("mean %v, mass %v", mean, mass)
	}
}

// TestExpectedLabelsStayInTheirBounds holds that rounding does not take a mean over the bounds, which
// readers of the labels check.
func TestExpectedLabelsStayInTheirBounds(t *testing.T) {
	for k := range 2000 {
		p := 0.5 + float64(k)/4001
		a := chat.Answer{Text: "grade: 10", Tokens: []chat.Token{{Text: "grade: "}, {Text: "10", Top: []chat.Alternative{{Text: "10", Logprob: math.Log(p)}}}}}
		f := three()
		f.Models = f.Models[:1]
		got := judged(t, f, &funcJudge{reply: func(chat.Request, int) (chat.Answer, error) { return a, nil }}, Options{Mode: Grade})
		if v := got.Labels("x").Values[0][0]; v > Most {
			t.Fatalf("probability %v: grade %v", p, v)
		}
	}
}
