package features

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// choiceCounts describes the answer choices of a text.
type choiceCounts struct {
	numeric, symbolic, referring int // choices that are a number, formulas, and about other choices
	chars                        int // characters of all
	shortest, longest            int // characters of the shortest and the longest one
}

// read describes the choices that an outline has found.
func (c *choiceCounts) read(text string, o *outline) {
	for k := range o.choices {
		c.add(o.choice(text, k), k == 0)
	}
}

// add adds the text of a choice.
func (c *choiceCounts) add(text string, first bool) {
	chars, letters, blanks, words := 0, 0, 0, 1
	for _, r := range text {
		chars++
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsSpace(r):
			blanks++
			words++
		}
	}
	if beginsWithNumber(text) && words <= 4 {
		c.numeric++
	}
	if chars > 0 && letters < chars-blanks-letters {
		c.symbolic++
	}
	if words <= 12 && refers(text) {
		c.referring++
	}
	c.chars += chars
	c.longest = max(c.longest, chars)
	if first || chars < c.shortest {
		c.shortest = chars
	}
}

// beginsWithNumber reports whether a text begins with a number, after signs.
func beginsWithNumber(text string) bool {
	text = strings.TrimLeftFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsSymbol(r) || strings.ContainsRune("-\u2212([.\\", r)
	})
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsDigit(r) || isFraction(r)
}

// refers reports whether a short text has a word that refers to other choices.
func refers(text string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if in(listed[word], referringWords) {
			return true
		}
	}
	return false
}
