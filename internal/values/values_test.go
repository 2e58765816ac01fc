package values

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	nan := math.NaN()
	german := Parser{Decimal: ','}
	given := Parser{Words: map[string]float64{"Good": 3, "1": 0, "none": 7, "x": 1, "X": 2}, Null: []string{"-1", " ERR ", "n.b."}}
	for _, c := range []struct {
		p    Parser
		text string
		v    float64
		kind Kind
	}{
		{Parser{}, "0.1", 0.1, Number}, {Parser{}, " 7 ", 7, Number}, {Parser{}, "-3.5e-2", -0.035, Number}, {Parser{}, "+1", 1, Number}, {Parser{}, "−1", -1, Number},
		{Parser{}, "1.", 1, Number}, {Parser{}, ".5", 0.5, Number}, {Parser{}, "5e-324", 5e-324, Number}, {Parser{}, "0.1000000000000000055511151231257827", 0.1, Number},
		{Parser{}, "\u00a00.5\t", 0.5, Number},
		{Parser{}, "1,000", nan, Bad}, {Parser{}, "1_000", nan, Bad}, {Parser{}, "0x10", nan, Bad}, {Parser{}, "0x1p4", nan, Bad}, {Parser{}, "1e999", nan, Bad}, {Parser{}, "7/10", nan, Bad},
		{Parser{}, "1 000", nan, Bad}, {Parser{}, "1'000", nan, Bad}, {Parser{}, "e", nan, Bad}, {Parser{}, "1.2.3", nan, Bad}, {Parser{}, "٣", nan, Bad}, {Parser{}, "good", nan, Bad}, {Parser{}, "a%", nan, Bad}, {Parser{}, "%", nan, Bad},
		{german, "0,5", 0.5, Number}, {german, "-1,5e3", -1500, Number}, {german, "7", 7, Number}, {german, "1.5", nan, Bad}, {german, "1.234,5", nan, Bad}, {german, "1,234,5", nan, Bad}, {german, "12,5 %", 0.125, Percent},
		{Parser{}, "100%", 1, Percent}, {Parser{}, "7.5 %", 0.075, Percent}, {Parser{}, "0%", 0, Percent},
		{Parser{}, "Correct", 1, Word}, {Parser{}, "INCORRECT", 0, Word}, {Parser{}, "right", 1, Word}, {Parser{}, "wrong", 0, Word}, {Parser{}, "pass", 1, Word}, {Parser{}, "Passed", 1, Word}, {Parser{}, "failure", 0, Word},
		{Parser{}, "yes", 1, Word}, {Parser{}, "no", 0, Word}, {Parser{}, "win", 1, Word}, {Parser{}, "tie", 0.5, Word}, {Parser{}, "loss", 0, Word},
		{Parser{}, "true", 1, Bool}, {Parser{}, "False", 0, Bool}, {Parser{}, "C", 1, Letter}, {Parser{}, "I", 0, Letter}, {Parser{}, "P", 0.5, Letter}, {Parser{}, "N", 0, Letter},
		{Parser{}, "inf", nan, Infinite}, {Parser{}, "-Infinity", nan, Infinite}, {Parser{}, "+INF", nan, Infinite}, {Parser{}, "1.#INF", nan, Infinite}, {Parser{}, "infinit", nan, Bad},
		{given, "good", 3, Given}, {given, "1", 0, Given}, {given, "2", 2, Number}, {given, "None", 7, Given}, {given, "x", 1, Given}, {given, "X", 2, Given},
		{given, "-1", nan, Missing}, {given, "-1.0", nan, Missing}, {given, "err", nan, Missing}, {given, "N.b.", nan, Missing}, {given, "-2", -2, Number},
	} {
		v, kind := c.p.Read(c.text)
		if kind != c.kind || v != c.v && !(math.IsNaN(v) && math.IsNaN(c.v)) {
			t.Errorf("%+v %q: %v, kind %d, expected %v, kind %d", c.p, c.text, v, kind, c.v, c.kind)
		}
		if n, ok := c.p.Number(c.text); ok != (c.kind != Bad) || n != v && !(math.IsNaN(n) && math.IsNaN(v)) {
			t.Errorf("%q: number %v, %v", c.text, n, ok)
		}
	}
	for _, text := range strings.Split("|  |NaN|nan|NA|N/A|n/a|<NA>|null|NULL|None|none|#N/A|-|–|—|--|-nan|NaT|-1.#IND|#N/A N/A", "|") {
		if v, kind := (Parser{}).Read(text); kind != Missing || !math.IsNaN(v) {
			t.Errorf("%q: %v, kind %d, expected a missing value", text, v, kind)
		}
	}
}

// read adds cells to a column and describes what is odd.
func read(cells string) (c Column, odd string) {
	for i, text := range strings.Fields(cells) {
		c.Add(text, i+1)
	}
	found, n, expected := c.Odd()
	if n == 0 {
		return c, ""
	}
	var texts []string
	for _, cell := range found {
		texts = append(texts, strconv.Itoa(cell.Row)+":"+cell.Text)
	}
	return c, strings.Join(texts, " ") + " of " + strconv.Itoa(n) + ", expected " + strings.SplitAfter(expected, " ")[0] + strings.Fields(expected)[1]
}

func TestColumn(t *testing.T) {
	for cells, want := range map[string]string{
		"1 0 0.5 NA - 1":          "",
		"C I N P C":               "",
		"I I I":                   "",
		"pass fail pass PASS":     "",
		"correct C incorrect I":   "",
		"y n n":                   "",
		"T F F":                   "",
		"true false 1 0 0.5":      "", // JSON mixes them
		"true false correct":      "",
		"90% 85% 100%":            "",
		"NA - null":               "",
		"7 8 C 9":                 "3:C of 1, expected a number,",
		"7 correct 9 wrong 3":     "2:correct 4:wrong of 2, expected a number,",
		"correct wrong 1 C":       "3:1 of 1, expected a word",
		"90% 85% 0.7":             "3:0.7 of 1, expected a per",
		"1 85%":                   "2:85% of 1, expected a number,",
		"P P P":                   "1:P 2:P 3:P of 3, expected a number,", // pass, positive or partly?
		"P N P":                   "1:P 2:N 3:P of 3, expected a number,",
		"P F P":                   "1:P 2:F 3:P of 3, expected a number,",
		"N N":                     "1:N 2:N of 2, expected a number,",
		"A C B C D":               "2:C 4:C of 2, expected a number,", // the answers themselves
		"C F C":                   "1:C 2:F 3:C of 3, expected a number,",
		"1 2 3 I":                 "4:I of 1, expected a number,",
		"correct wrong right N N": "4:N 5:N of 2, expected a word",
	} {
		if _, odd := read(cells); odd != want {
			t.Errorf("%s: odd %q, expected %q", cells, odd, want)
		}
	}
	c, _ := read("1 inf NA x 0 -Infinity - 7")
	if c.Measured != 3 || c.Infinite != 2 || c.Missing != 2 {
		t.Errorf("%+v", c)
	}
	c, _ = read("1 2 C 3")
	for kind, want := range map[Kind]bool{Bad: false, Missing: true, Infinite: true, Number: true, Percent: false, Bool: true, Word: false, Letter: false, Given: true} {
		if c.Fits(kind) != want {
			t.Errorf("kind %d fits: %v", kind, !want)
		}
	}
	if _, odd := read(strings.Repeat("1 ", 100) + strings.Repeat("C ", 20)); !strings.HasSuffix(odd, "of 20, expected a number,") || strings.Count(odd, ":C") != Listed {
		t.Error(odd)
	}
}

func TestWinner(t *testing.T) {
	for winner, texts := range map[string][]string{
		"model_a":        {"model_a", "model_1", "A", "a", "left", "leftvote", "1", "1.0", " Model A ", "A>B", "[[A>>B]]", "assistant_a", "winner_model_a"},
		"model_b":        {"model_b", "model_2", "B", "right", "rightvote", "2", "b>a", "[[B]]", "response_b"},
		"tie":            {"tie", "Tie (bothbad)", "tie (both bad)", "both_bad", "bothbad", "both bad", "bothbad_vote", "0", "1.5", "A=B", "[[C]]", "draw", "tievote"},
		"tie_or_model_a": {"tie_or_model_a"}, "tie_or_model_b": {"tie_or_model_b"},
	} {
		for _, text := range texts {
			if got, skipped, ok := (Parser{}).Winner(text); got != winner || skipped != "" || !ok {
				t.Errorf("%q: %q, %q, %v, expected %s", text, got, skipped, ok, winner)
			}
		}
	}
	for text, want := range map[string]string{"": "no winner", "null": "no winner", "-": "no winner", "error": "error", "Invalid": "invalid", "timeout": "timeout", "timed_out": "timed out"} {
		if got, skipped, ok := (Parser{}).Winner(text); got != "" || skipped != want || !ok {
			t.Errorf("%q: %q, %q, %v", text, got, skipped, ok)
		}
	}
	for _, text := range []string{"-1", "3", "1.2", "c", "gpt-4o", "model_c", "model_a model_b"} {
		if got, skipped, ok := (Parser{}).Winner(text); ok || got+skipped != "" {
			t.Errorf("%q: %q, %q", text, got, skipped)
		}
	}
}

func TestWinners(t *testing.T) {
	for cells, ok := range map[string]bool{"1 2 0 1": true, "0 1 1": false, "1 1": true, "0 0": true, "1 1.5 0": true, "model_a tie": true, "1 tie 0": false} {
		var w Winners
		for _, text := range strings.Fields(cells) {
			w.Add(text)
		}
		if (w.Err() == nil) != ok {
			t.Errorf("%s: %v", cells, w.Err())
		}
	}
}

func TestPreferences(t *testing.T) {
	var c Preferences
	for text, want := range map[string]float64{"1": 0, "2": 1, "1.5": 0.5, "0": 0.5, "1.25": 0.25, "NaN": math.NaN(), "": math.NaN(), "inf": math.NaN()} {
		if got, ok := c.Add(text); !ok || got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%q: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"0.5", "3", "-1", "2.01", "model_a", "true", "100%"} {
		if got, ok := c.Add(text); ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// FuzzRead expects that a number is read exactly as strconv.ParseFloat reads it, and that no
// text has a value that is not finite.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"1.5", "-0", "1e-400", "0x1p-2", "1_0", "NaN", "100%", "C", "model_a", "−7", "1,5"} {
		f.Add(text, ',')
	}
	f.Fuzz(func(t *testing.T, text string, mark rune) {
		v, kind := (Parser{}).Read(text)
		if math.IsInf(v, 0) || math.IsNaN(v) != (kind == Bad || kind == Missing || kind == Infinite) {
			t.Fatalf("%q: %v, kind %d", text, v, kind)
		}
		if want, err := strconv.ParseFloat(text, 64); kind == Number && err == nil && math.Float64bits(v) != math.Float64bits(want) {
			t.Fatalf("%q: %v, expected %v", text, v, want)
		}
		(Parser{Decimal: mark, Null: []string{text}, Words: map[string]float64{text: 1}}).Read(text)
		var c Column
		c.Add(text, 1)
		c.Odd()
		if winner, skipped, ok := (Parser{}).Winner(text); ok != (winner != "" || skipped != "") {
			t.Fatalf("%q: %q, %q, %v", text, winner, skipped, ok)
		}
	})
}
