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

var choiceCues = []cue{
	{"choices", "ln(1 + choices), 1 at 20; choices are the items of the last lettered, else numbered, else bulleted list of 2 or more", func(s *scan) float64 {
		return logScale(float64(len(s.outline.choices)), 20)
	}},
	{"lettered", "1 if letters or circled digits label the choices, else 0", func(s *scan) float64 {
		return flag(s.outline.chosen < numberList)
	}},
	{"list_lines", "square root of the share of lines that begin with a label or bullet", func(s *scan) float64 {
		return rootShare(s.outline.lines, s.lines)
	}},
	{"numeric_choices", "share of choices of at most 4 words that begin with a number, after a sign, bracket or currency", func(s *scan) float64 {
		return share(s.choices.numeric, len(s.outline.choices))
	}},
	{"symbolic_choices", "share of choices with fewer letters than other characters that are not white space", func(s *scan) float64 {
		return share(s.choices.symbolic, len(s.outline.choices))
	}},
	{"referring_choices", "share of choices with a word of the list \"referring\", about other choices: above, both, II", func(s *scan) float64 {
		return share(s.choices.referring, len(s.outline.choices))
	}},
	{"choice_length", "ln(1 + mean number of characters per choice), 1 at 300", func(s *scan) float64 {
		return logScale(share(s.choices.chars, len(s.outline.choices)), 300)
	}},
	{"choice_spread", "1 - characters of the shortest choice / characters of the longest", func(s *scan) float64 {
		return share(s.choices.longest-s.choices.shortest, s.choices.longest)
	}},
	{"choice_share", "share of the text's characters that are in choices", func(s *scan) float64 {
		return share(s.choices.chars, s.chars)
	}},
	{"choices_in_question", "share of the words in choices, without common ones, that stand before the choices too", func(s *scan) float64 {
		return share(s.compared.shared, s.compared.total)
	}},
	{"choices_alike", "1 - distinct words in choices / words in choices, without common ones", func(s *scan) float64 {
		return share(s.compared.total-len(s.compared.inChoices), s.compared.total)
	}},
}

// readChoices describes the choices that the outline has found.
func (s *scan) readChoices() {
	for k := range s.outline.choices {
		s.choices.add(s.outline.choice(s.text, k), k == 0)
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
