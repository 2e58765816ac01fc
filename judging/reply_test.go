package judging

import (
	"math"
	"testing"

	"github.com/routellm/routellm/answers/chat"
)

func TestReadGrades(t *testing.T) {
	for text, want := range map[string]float64{
		"grade: 7": 7, "grade: 10": 10, "Grade: 1": 1, "**Grade: 7**": 7, "Grade: **7**": 7, "grade = 3": 3, "grade is 4": 4,
		"The answer is right.\n\ngrade: 9\n": 9, `{"grade": 8}`: 8, "```json\n{\"grade\": 8, \"why\": \"fine\"}\n```": 8,
		"7": 7, " 7.\n": 7, "7/10": 7, "grade: 7/10": 7, "grade: 7 out of 10": 7, "`7`": 7, "**7**": 7, "grade: 6.5": 6.5, "grade: 6,5": 6.5,
		"grade: 5\nAs I said, grade: 5": 5, "<think>maybe grade: 3, no, 4</think>\ngrade: 8": 8, "Grade: 7. It is 3 lines long.": 7,
	} {
		if r := read(Grade, chat.Answer{Text: text}); r.Kind != Judged || r.Value != want || r.Why != "" {
			t.Errorf("%q: %+v, want %v", text, r, want)
		}
	}
	for text, why := range map[string]string{
		"": noLabel, "It is good.": noLabel, "grade:": noLabel, "I would say 7 of the 9 points are right": noLabel, "grade: seven": noLabel, "upgrade: 7": noLabel,
		"grade: 7 or 8": severalLabel, "grade: 7-8": severalLabel, "grade: 3\ngrade: 4": severalLabel, "grade: 1 to 10": severalLabel,
		"grade: 11": offScale, "grade: 0": offScale, "grade: -3": offScale, "grade: 100": offScale, "70/100": offScale, "grade: 4/5": offScale, "grade: 0.5": offScale,
		"<think>grade: 3": noLabel, "-3": offScale,
	} {
		if r := read(Grade, chat.Answer{Text: text}); r.Kind != Unreadable || r.Why != why || !math.IsNaN(r.Value) {
			t.Errorf("%q: %+v, want %q", text, r, why)
		}
	}
}

func TestReadVerdicts(t *testing.T) {
	for text, want := range map[string]float64{
		"verdict: first": 1, "verdict: second": 0, "Verdict: **tie**": 0.5, "first": 1, "Second.": 0, "*tie*": 0.5,
		"The first is longer, the second is right.\nverdict: second": 0, `{"verdict": "first"}`: 1, "verdict: first answer": 1,
	} {
		if r := read(Pair, chat.Answer{Text: text}); r.Kind != Judged || r.Value != want {
			t.Errorf("%q: %+v, want %v", text, r, want)
		}
	}
	for text, why := range map[string]string{
		"": noLabel, "the first is better": noLabel, "verdict: A": noLabel, "verdict: firstly": noLabel,
		"verdict: first or second": severalLabel, "verdict: first\nverdict: tie": severalLabel, "verdict: first/second": severalLabel,
	} {
		if r := read(Pair, chat.Answer{Text: text}); r.Kind != Unreadable || r.Why != why {
			t.Errorf("%q: %+v, want %q", text, r, why)
		}
	}
}

// TestNoLabelWithoutTheWholeReply holds that neither a refusal nor a reply that was cut is a label.
func TestNoLabelWithoutTheWholeReply(t *testing.T) {
	for _, c := range []struct {
		text, finish string
		want         Kind
		why          string
	}{
		{"I'm sorry, but I can't grade this.", "stop", Refused, "the judge declined"},
		{"I cannot help with that request.", "stop", Refused, "the judge declined"},
		{"Sorry, grade: 3", "stop", Judged, ""},
		{"grade: 7", "filter", Refused, "a filter stopped the judge"},
		{"grade: 1", "length", Unreadable, cutOff}, // could have become 10
		{"grade: 7\nBecause the", "length", Judged, ""},
		{"grade: 7\n\n", "length", Judged, ""},
		{"<think>Let me see", "length", Unreadable, cutOff},
	} {
		if r := read(Grade, chat.Answer{Text: c.text, Finish: c.finish}); r.Kind != c.want || r.Why != c.why {
			t.Errorf("%q, %s: %+v, want %s, %q", c.text, c.finish, r, c.want, c.why)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("grade: 7", "stop")
	f.Add("<think>verdict: first", "length")
	f.Fuzz(func(t *testing.T, text, finish string) {
		for _, m := range []Mode{Grade, Pair} {
			r := read(m, chat.Answer{Text: text, Finish: finish, Tokens: []chat.Token{{Text: text, Top: []chat.Alternative{{Text: text}}}}})
			if (r.Kind == Judged) != !math.IsNaN(r.Value) || (r.Kind == Judged) != (r.Why == "") {
				t.Errorf("%q: %+v", text, r)
			}
			if m == Grade && (r.Value < Least || r.Value > Most) {
				t.Errorf("%q: grade %v", text, r.Value)
			}
		}
	})
}
