package datasets

import (
	"strings"
	"testing"
)

// skip reads battles with the given winners, of which "x" is bad.
func skip(winners string) (s Skipped, hints string) {
	rows := strings.Fields(winners)
	for i, w := range rows {
		of := kind("winner", quote(strings.TrimSuffix(w, "!")))
		switch {
		case w == "error":
			s.undecide(quote(w))
		case strings.HasSuffix(w, "!"): // bad for another reason
			s.add(badCell{i + 1, "prompt", quote(""), "a prompt"}, of)
		case w == "both_worse":
			s.add(badCell{i + 1, "winner", quote(w), "a winner"})
		default:
			s.good(of)
		}
	}
	if err := s.err("f.csv", len(rows), false); err != nil {
		hints = s.advice(len(rows))
	}
	return s, hints
}

func TestSkippedAdvice(t *testing.T) {
	const good = "a b a b tie a b a b tie "
	for winners, want := range map[string]string{
		good + "a!":                         "leave them out with --skip-bad",
		good + "both_worse":                 "leave them out with --skip-bad", // one row may be a slip
		good + "both_worse both_worse":      `not a random part of the file, but 2 of 2 rows with winner "both_worse"`,
		good + "tie! tie!":                  "leave them out with --skip-bad", // half of the ties
		good + "tie! tie! tie!":             `not a random part of the file, but 3 of 5 rows with winner "tie"`,
		"both_worse both_worse a":           "most rows are bad: check that the flags name the right columns",
		"both_worse both_worse both_worse ": "every row is bad",
		good:                                "",
		good + "error":                      "",
	} {
		_, hints := skip(winners)
		if !strings.Contains(hints, want) || want == "" && hints != "" {
			t.Errorf("%s: %q, expected %q", winners, hints, want)
		}
		if biased := strings.Contains(want, "random") || strings.Contains(want, "most"); biased && strings.Contains(hints, "skip-bad") {
			t.Errorf("%s: the hint leads to biased data: %s", winners, hints)
		}
	}
}

func TestSkippedNotes(t *testing.T) {
	s, _ := skip("a b a b a both_worse both_worse both_worse tie! tie! tie error error a! b!")
	s.Ungraded = 1
	want := `f.csv: left out 7 bad rows
  row 6, column "winner": found "both_worse", expected a winner
  row 7, column "winner": found "both_worse", expected a winner
  row 8, column "winner": found "both_worse", expected a winner
  and 4 more
f.csv: warning: left out 3 of 3 rows with winner "both_worse": the other rows are not a random part of the file
f.csv: warning: left out 2 of 3 rows with winner "tie": the other rows are not a random part of the file
f.csv: left out 2 battles without a winner: 2 "error"
f.csv: left out 1 prompt with too few grades`
	if got := strings.Join(s.Notes("f.csv"), "\n"); got != want {
		t.Errorf("got\n%s", got)
	}
	if len(s.Kinds) != 4 || s.Kinds[2].String() != `1 of 3 rows with winner "b"` {
		t.Errorf("%v", s.Kinds)
	}
	if s, _ := skip("a b"); s.Notes("f.csv") != nil {
		t.Error(s.Notes("f.csv"))
	}
}
