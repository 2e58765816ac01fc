package datasets

import (
	"testing"
)

func TestTextFeatures(t *testing.T) {
	for prompt, want := range map[string][4]int{
		"":                               {0, 0, 1, 0},
		" \n ":                           {3, 0, 2, 0},
		"one two\tthree\u00a0four":       {18, 4, 1, 0},
		"a\r\nb\n":                       {5, 2, 3, 0},
		"naïve 日本":                       {8, 2, 1, 0},
		"3 apples, 1,000.5 kg; v1.2 x7y": {30, 6, 1, 4},
		"1..2 3.":                        {7, 2, 1, 3},
		"\xff":                           {1, 1, 1, 0},
	} {
		chars, words, lines, numbers := TextFeatures(prompt)
		if got := [4]int{chars, words, lines, numbers}; got != want {
			t.Errorf("TextFeatures(%q) = %v, want %v", prompt, got, want)
		}
	}
}

func TestDigests(t *testing.T) {
	if got := SHA256Hex("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Error(got)
	}
	for _, same := range [][2]string{{"Straße", "STRASSE"}, {"cafe\u0301", "CAF\u00c9"}, {" a\r\n b ", "A b"}} {
		if NormSHA256Hex(same[0]) != NormSHA256Hex(same[1]) {
			t.Errorf("%q and %q differ once normalised", same[0], same[1])
		}
	}
	if NormSHA256Hex("a b") == NormSHA256Hex("ab") {
		t.Error("white space is removed, not collapsed")
	}
}

func TestFillFromPromptsReplaces(t *testing.T) {
	table := &Table{Prompt: []string{"a b"}, Features: []Column{{"own", []float64{9}}, {"words", []float64{7}}}}
	table.FillFromPrompts()
	words, _ := table.FeatureOf("words")
	own, _ := table.FeatureOf("own")
	if words[0] != 2 || own[0] != 9 || len(table.Features) != 5 || table.PromptSHA256[0] != SHA256Hex("a b") {
		t.Errorf("%+v", table)
	}
}
