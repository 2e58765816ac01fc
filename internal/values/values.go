// Package values reads the qualities, costs and winners that people's files hold: numbers in
// several notations, words such as "correct", and the many ways to write that a value is not
// known.
//
// A [Parser] reads single cells. A [Column] reads all cells of a column and says at the end
// whether they belong together: words count only in a column of words. [Winners] and
// [Preferences] do the same for the outcomes of battles, and [Lone] finds values that stand apart,
// such as the -1 of a judge that failed.
package values

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Parser reads values. The zero value knows the common words.
type Parser struct {
	Null    []string           // more texts that mean not measured; a number also stands for its other spellings
	Words   map[string]float64 // more words, such as "correct": 1; matched without regard to case, before all else
	Decimal rune               // decimal mark of numbers in text; 0 stands for '.'
}

// Kind says what a cell's text is.
type Kind uint8

// The kinds of texts.
const (
	Bad      Kind = iota // not a value
	Missing              // not measured
	Infinite             // an infinite number, which counts as not measured
	Number               // a number
	Percent              // a number with a per cent sign, as a fraction
	Bool                 // "true" or "false"
	Word                 // a word such as "correct"
	Letter               // a single letter such as "C"
	Given                // a word from Parser.Words
)

// Number returns the number in a cell's text: NaN if it is not measured, and false if it is
// neither. Words give 1 for correct, 0 for wrong, 0.5 for partly. A [Column] is stricter.
func (p Parser) Number(text string) (v float64, ok bool) {
	v, kind := p.Read(text)
	return v, kind != Bad
}

// Read returns the value of a cell's text and what the text is. The value is NaN for a text that
// is not measured, infinite or bad.
func (p Parser) Read(text string) (v float64, kind Kind) {
	text = strings.TrimSpace(text)
	if v, ok := p.given(text); ok {
		return v, Given
	}
	if p.missing(text) {
		return math.NaN(), Missing
	}
	if v, ok := p.decimal(text); ok {
		if p.nullNumber(v) {
			return math.NaN(), Missing
		}
		return v, Number
	}
	return p.readWord(text)
}

// readWord reads what is neither missing nor a plain number.
func (p Parser) readWord(text string) (v float64, kind Kind) {
	folded := strings.ToLower(text)
	if digits, ok := strings.CutSuffix(folded, "%"); ok {
		if v, ok := p.decimal(strings.TrimSpace(digits)); ok {
			return v / 100, Percent
		}
	}
	switch v, ok := words[folded]; {
	case folded == "true" || folded == "false":
		return v, Bool
	case ok:
		return v, Word
	}
	if v, ok := letters[folded]; ok {
		return v, Letter
	}
	if slices.Contains(infinite, strings.TrimLeft(folded, "+-")) {
		return math.NaN(), Infinite
	}
	return math.NaN(), Bad
}

// words are the words that stand for a quality, in lower case.
var words = map[string]float64{
	"correct": 1, "right": 1, "pass": 1, "passed": 1, "true": 1, "yes": 1, "win": 1, "won": 1, "success": 1, "succeeded": 1,
	"incorrect": 0, "wrong": 0, "fail": 0, "failed": 0, "failure": 0, "false": 0, "no": 0, "loss": 0, "lose": 0, "lost": 0,
	"partial": 0.5, "partially correct": 0.5, "tie": 0.5, "draw": 0.5,
}

// letters are the letters that stand for a quality: Inspect's C, I, P and N, and yes, no, true and
// false.
var letters = map[string]float64{"c": 1, "i": 0, "p": 0.5, "n": 0, "y": 1, "t": 1, "f": 0}

var infinite = []string{"inf", "infinity", "∞", "1.#inf"}

// missing are the texts that mean not measured, in lower case: those of pandas, and dashes.
var missing = []string{
	"", "nan", "-nan", "+nan", "na", "n/a", "<na>", "null", "none", "nil", "#n/a", "#n/a n/a", "#na", "nat",
	"1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "-", "--", "–", "—",
}

// longestMissing is the length of the longest of these texts, in bytes.
const longestMissing = 8

func (p Parser) missing(text string) bool {
	switch {
	case text == "":
		return true
	case '0' <= text[0] && text[0] <= '9': // most cells
	case len(text) <= longestMissing && slices.Contains(missing, strings.ToLower(text)):
		return true
	}
	return slices.ContainsFunc(p.Null, func(null string) bool { return strings.EqualFold(strings.TrimSpace(null), text) })
}

// nullNumber reports whether a number is among the texts that mean not measured.
func (p Parser) nullNumber(v float64) bool {
	return slices.ContainsFunc(p.Null, func(null string) bool {
		n, ok := p.decimal(strings.TrimSpace(null))
		return ok && n == v
	})
}

func (p Parser) given(text string) (float64, bool) {
	if len(p.Words) == 0 {
		return 0, false
	}
	if v, ok := p.Words[text]; ok {
		return v, true
	}
	best := ""
	for word := range p.Words {
		if strings.EqualFold(word, text) && (best == "" || word < best) {
			best = word
		}
	}
	v, ok := p.Words[best]
	return v, ok && best != ""
}

// decimal returns the number that a text is, exactly as strconv.ParseFloat reads it. Only digits,
// a sign, a decimal mark and an exponent make a number: no hexadecimal digits, no underscores, and
// no marks between thousands, which would be guessed.
func (p Parser) decimal(text string) (float64, bool) {
	if strings.HasPrefix(text, "\u2212") { // the minus sign of typesetters
		text = "-" + text[len("\u2212"):]
	}
	mark := p.Decimal
	if mark == 0 {
		mark = '.'
	}
	for _, r := range text {
		if r != mark && (r < '0' || r > '9') && !strings.ContainsRune("+-eE", r) {
			return 0, false
		}
	}
	if mark != '.' {
		text = strings.Replace(text, string(mark), ".", 1)
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}
