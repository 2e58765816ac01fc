// Package features computes cues: numbers of a prompt's text that say something about how hard
// the prompt is. [All] lists them, [Of] computes them.
package features

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"
	"unicode"
)

// Feature describes one cue.
type Feature struct {
	Name       string // Name is unique
	Group      string // Group names the cues that belong together
	Definition string // Definition says what the cue is, with its unit and range
}

// All returns the cues in the order of [Of].
func All() []Feature {
	return []Feature{
		{"log_chars", "readability", "ln(1 + characters) / 8"},
		{"word_length", "readability", "mean number of characters per word, at most 20, divided by 20"},
		{"digits", "numbers", "share of characters that are digits"},
		{"upper", "numbers", "share of characters that are upper-case letters"},
		{"punctuation", "numbers", "share of characters that are punctuation or symbols"},
		{"question_marks", "question", "ln(1 + question marks) / 4, at most 1"},
		{"line_breaks", "choices", "ln(1 + line breaks) / 6, at most 1"},
		{"backslashes", "maths", "ln(1 + backslashes) / 4, at most 1"},
	}
}

// Of returns the cues of a text, one per entry of [All].
func Of(text string) []float32 {
	var chars, letters, words, digits, upper, punctuation, questions, breaks, backslashes float64
	for _, r := range text {
		chars++
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsUpper(r):
			upper++
		case unicode.IsPunct(r) || unicode.IsSymbol(r):
			punctuation++
		}
		switch r {
		case '?', '\uFF1F', '\u061F':
			questions++
		case '\n':
			breaks++
		case '\\':
			backslashes++
		}
	}
	words = float64(len(strings.Fields(text)))
	letters = chars
	share := func(n, of float64) float32 { return float32(n / max(of, 1)) }
	return []float32{
		float32(math.Log1p(chars) / 8),
		float32(min(20, letters/max(words, 1)) / 20),
		share(digits, chars), share(upper, chars), share(punctuation, chars),
		logs(questions, 4), logs(breaks, 6), logs(backslashes, 4),
	}
}

func logs(n, scale float64) float32 { return float32(min(1, math.Log1p(n)/scale)) }

// SHA256 returns the hex digest of the definitions.
func SHA256() string {
	h := sha256.New()
	for _, f := range All() {
		h.Write([]byte(f.Name + "\x00" + f.Group + "\x00" + f.Definition + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil))
}
