package features

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mathsCounts counts signs of formulas.
type mathsCounts struct {
	latex     int // LaTeX's commands and brackets of formulas
	relations int // signs such as = and <
	operators int // signs such as + and powers
	variables int // single letters
}

// mathsSign counts a sign of a formula, from i to end.
func (s *scan) mathsSign(r rune, i, end int) {
	if r >= utf8.RuneSelf {
		s.maths.wide(r)
		return
	}
	next := s.next(end)
	switch r {
	case '\\':
		if next == '(' || next == '[' || unicode.IsLetter(next) && unicode.IsLetter(s.next(end+1)) {
			s.maths.latex++
		}
	case '$':
		if next == '$' {
			s.maths.latex++
		}
	case '=':
		s.maths.relations++
	case '<', '>':
		if before := s.before(i); (before == ' ' || unicode.IsDigit(before)) && next != '/' && next != '!' && !unicode.IsLetter(next) {
			s.maths.relations++
		}
	case '+', '^':
		s.maths.operators++
	case '*', '-':
		if before := s.before(i); before != r && next != r && !s.bullet(i) && (unicode.IsDigit(next) || next == ' ' && before == ' ') {
			s.maths.operators++
		}
	}
}

// before returns the character before i as a byte, or 0 at the start of the text.
func (s *scan) before(i int) rune {
	if i == 0 {
		return 0
	}
	return rune(s.text[i-1])
}

// bullet reports whether what stands at i, the place of a sign, begins its line.
func (s *scan) bullet(i int) bool { return s.lineFrom == i }

// wide counts a sign beyond ASCII.
func (m *mathsCounts) wide(r rune) {
	switch {
	case r >= '\u2190' && r <= '\u21FF', strings.ContainsRune("\u2208\u2209\u221D\u2223\u2225", r), r >= '\u223C' && r <= '\u228B':
		m.relations++
	case unicode.Is(unicode.Sm, r), unicode.Is(unicode.No, r) && !isFraction(r) && (r < 0x2460 || r > 0x24FF):
		m.operators++
	}
}
