package finalanswer

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Choices says among which answers a text chooses.
type Choices struct {
	N     int      // N is the number of choices, from 1 to 26; they are called A, B, C...
	First int      // First is the number of the first choice where choices have numbers, 0 or 1; -1 where they have letters only
	Texts []string // Texts holds what the choices say; nil if it is not known
}

func isNone(err error) bool { return errors.Is(err, ErrNone) }

// Letters returns the choices A to the n-th letter.
func Letters(n int) Choices { return Choices{N: n, First: -1} }

// Read returns the index of the choice that a text comes to: the one after the last mark, such as
// \boxed{B}, "the answer is B" or "option (b) is correct"; or else the one at which the text begins or
// ends, such as "B. Paris"; or else the only one that it names, or whose text it repeats.
//
// A letter alone is no choice where it may be a word: "A" before a noun and "I". Choices that the text
// rules out ("not A", "B is incorrect") do not count. A text that comes to several choices is
// [ErrAmbiguous].
func (c Choices) Read(text string) (int, error) {
	text, err := Spoken(text)
	if err != nil {
		return -1, err
	}
	s := normal(text)
	for _, read := range []func(string) (int, error){c.bare, c.marked, c.line, c.named, c.quoted} {
		if i, err := read(s); err == nil || !isNone(err) {
			return i, err
		}
	}
	return -1, fmt.Errorf("%w: no choice", ErrNone)
}

// Reference returns the index of a correct answer: a letter, a number where choices have numbers, or
// the text of a choice.
func (c Choices) Reference(text string) (int, error) {
	if i, err := c.bare(normal(text)); err == nil {
		return i, nil
	}
	if i, err := c.sameText(text); err == nil {
		return i, nil
	}
	if i, err := c.line(normal(text)); err == nil { // "B. Paris"
		return i, nil
	}
	return -1, fmt.Errorf("%w: %q is none of the choices", ErrNone, Excerpt(text, 40))
}

// Name returns the letter of a choice.
func (c Choices) Name(i int) string { return string(rune('A' + i)) }

// index returns the choice of a letter in either case, or of a number.
func (c Choices) index(name string) (int, bool) {
	if len(name) != 1 {
		return 0, false
	}
	i := int(name[0]|0x20) - 'a'
	if digit(name, 0) && c.First >= 0 {
		i = int(name[0]-'0') - c.First
	} else if !letter(name[0]) {
		return 0, false
	}
	return i, i >= 0 && i < c.N
}

// wrap matches what may enclose a letter: brackets, quotes and emphasis.
const wrap = "[\\s*_`\"'(\\[{$<>=-]*"

var bareChoice = regexp.MustCompile(`^` + wrap + `(?i:(?:option|choice|answer|letter)\s*:?` + wrap + `)?([A-Za-z0-9])[\s*_` + "`" + `"')\]}$>.:!,]*$`)

// bare reads a text that is a choice and nothing else.
func (c Choices) bare(s string) (int, error) {
	if len(s) > 40 {
		return -1, ErrNone
	}
	if m := bareChoice.FindStringSubmatch(s); m != nil {
		if i, ok := c.index(m[1]); ok {
			return i, nil
		}
	}
	return -1, ErrNone
}

// sameText returns the choice with the same text, but for case, spaces and punctuation at its ends.
func (c Choices) sameText(s string) (int, error) {
	found, want := -1, folded(s)
	for i, t := range c.Texts {
		if want != "" && folded(t) == want {
			if found >= 0 {
				return -1, ErrAmbiguous
			}
			found = i
		}
	}
	if found < 0 {
		return -1, ErrNone
	}
	return found, nil
}

// folded returns a text for comparisons.
func folded(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(normal(s))), " ")
	return strings.Trim(s, " .,;:!?*_`\"'()[]{}$")
}
