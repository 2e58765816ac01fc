package finalanswer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// introductions are words before a capital that is a choice, and not a name such as vitamin C.
var introductions = wordSet("so is be it with choose pick select say guess therefore it's think thus and or of for leaves leaving only both believe hence are not than " +
	"against out eliminate but that get conclude definitely clearly probably certainly obviously likely surely over")

// optionWords are words before a choice.
var optionWords = wordSet("option options choice choices answer answers statement statements letter letters")

// standing is a letter or digit that stands alone and names a choice.
type standing struct {
	at, choice int
	form       form
	text       string
}

// form says how a letter stands in a text.
type form int

const (
	bareLetter form = iota // between spaces or the like
	introduced             // after a word or sign that introduces a choice, or at the beginning of a sentence
	called                 // after the word option or the like
	enclosed               // in brackets or in bold type
)

// choosable reports whether what follows a letter can choose it.
func (l standing) choosable() bool {
	return l.form >= called || l.text < "a" && l.text >= "A"
}

// lettersIn lists the letters and digits in a text that stand alone and are names of choices.
func (c Choices) lettersIn(s string) []standing {
	var out []standing
	for i := range len(s) {
		if !letter(s[i]) && (c.First < 0 || !digit(s, i)) || inWord(utf8.DecodeLastRuneInString(s[:i])) || inWord(utf8.DecodeRuneInString(s[i+1:])) || wordGoesOn(s, i+1) && s[i+1] < 0x80 {
			continue
		}
		if choice, ok := c.index(s[i : i+1]); ok {
			out = append(out, standing{i, choice, formAt(s, i), s[i : i+1]})
		}
	}
	return out
}

// inWord reports whether a character next to a letter makes it part of a word.
func inWord(r rune, size int) bool {
	return r == '_' || r == '\'' || unicode.IsDigit(r) || size > 0 && unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)
}

// formAt returns how the letter at i stands.
func formAt(s string, i int) form {
	before, after := s[:i], s[i+1:]
	bold := strings.HasPrefix(strings.TrimLeft(after, ").:"), "**") && strings.HasSuffix(strings.TrimRight(before, "("), "**")
	if bold || strings.HasSuffix(before, "(") && strings.HasPrefix(after, ")") || strings.HasSuffix(before, "[") && strings.HasPrefix(after, "]") {
		return enclosed
	}
	open := strings.TrimRight(before, "(\"'*")
	spaced := strings.TrimRight(open, " ")
	trimmed := strings.TrimRight(spaced, ": ")
	apart := len(trimmed) < len(open)
	word := lastWord(trimmed)
	switch {
	case apart && optionWords[word]:
		return called
	case trimmed == "" || strings.HasSuffix(open, "\n"), apart && introductions[word],
		len(spaced) < len(open) && strings.ContainsAny(spaced[len(spaced)-1:], ".,;:!?"), strings.HasSuffix(trimmed, ">"), strings.HasSuffix(trimmed, "→"):
		return introduced
	}
	return bareLetter
}

// lastWord returns the last word of a text in lower case.
func lastWord(s string) string {
	from := len(s)
	for from > 0 && len(s)-from < 16 && (letter(s[from-1]) || s[from-1] == '\'') {
		from--
	}
	return strings.ToLower(s[from:])
}
