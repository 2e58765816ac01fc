package datasets

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// SHA256Hex returns the SHA-256 of a prompt's UTF-8 bytes as 64 hex digits. Files are joined by
// this key.
func SHA256Hex(prompt string) string {
	return DigestBytes([]byte(prompt))
}

// NormSHA256Hex returns the SHA-256 of a normalised prompt as 64 hex digits. Prompts that leak
// from training into evaluation are found by this key. Normalising applies Unicode NFC and full
// case folding, collapses white space to single spaces and trims it. In Python:
//
//	" ".join(unicodedata.normalize("NFC", prompt).casefold().split())
func NormSHA256Hex(prompt string) string {
	return SHA256Hex(normalised(prompt))
}

func normalised(prompt string) string {
	folded := cases.Fold().String(norm.NFC.String(prompt))
	return strings.Join(strings.Fields(folded), " ")
}

// featureNames lists the features of [TextFeatures], in its order.
var featureNames = [4]string{"chars", "words", "lines", "numbers"}

// TextFeatures counts features of a prompt that a router may use without its text: Unicode code
// points, words separated by white space, lines, and numbers. "\n" begins a new line; an empty
// prompt has one line. A number is a run of ASCII digits; a single '.' or ',' between two digits
// does not end the run.
func TextFeatures(prompt string) (chars, words, lines, numbers int) {
	chars = utf8.RuneCountInString(prompt)
	lines = 1 + strings.Count(prompt, "\n")
	inWord := false
	for _, r := range prompt {
		space := unicode.IsSpace(r)
		if !space && !inWord {
			words++
		}
		inWord = !space
	}
	return chars, words, lines, countNumbers(prompt)
}

func countNumbers(prompt string) int {
	digit := func(i int) bool { return i >= 0 && i < len(prompt) && '0' <= prompt[i] && prompt[i] <= '9' }
	n := 0
	for i := range len(prompt) {
		joined := i > 0 && (prompt[i-1] == '.' || prompt[i-1] == ',') && digit(i-2)
		if digit(i) && !digit(i-1) && !joined {
			n++
		}
	}
	return n
}

// FillFromPrompts computes both digests and the features of [TextFeatures] from t.Prompt. It
// replaces existing digests and features of the same names.
func (t *Table) FillFromPrompts() {
	_ = t.fillFromPrompts(nil) // only the watch returns errors
}

// fillFromPrompts does what FillFromPrompts does, and tells how far it is.
func (t *Table) fillFromPrompts(progress watch) error {
	n := len(t.Prompt)
	t.HasPrompt = true
	t.PromptSHA256, t.PromptNormSHA256 = make([]string, n), make([]string, n)
	counts := [4][]float64{}
	for k := range counts {
		counts[k] = make([]float64, n)
	}
	for i, prompt := range t.Prompt {
		if i%watchRows == 0 {
			if err := progress.at(int64(i), int64(n)); err != nil {
				return err
			}
		}
		t.PromptSHA256[i], t.PromptNormSHA256[i] = SHA256Hex(prompt), NormSHA256Hex(prompt)
		chars, words, lines, numbers := TextFeatures(prompt)
		for k, v := range [4]int{chars, words, lines, numbers} {
			counts[k][i] = float64(v)
		}
	}
	for k, name := range featureNames {
		t.setFeature(name, counts[k])
	}
	return progress.at(1, 1)
}

func (t *Table) setFeature(name string, values []float64) {
	for i := range t.Features {
		if t.Features[i].Name == name {
			t.Features[i].Values = values
			return
		}
	}
	t.Features = append(t.Features, Column{Name: name, Values: values})
}
