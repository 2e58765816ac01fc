package features

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// numberCounts counts numbers. A number is a run of decimal digits of any script; a single '.' or
// ',' between two digits does not end it. Labels of lists are not counted.
type numberCounts struct {
	count     int // numbers
	longest   int // the largest number of digits before a decimal sign
	decimals  int // numbers with decimals
	years     int // whole numbers of four digits from 1000 to 2099
	money     int // numbers with a currency sign or word
	percent   int // numbers with a per cent sign
	fractions int // fractions such as 1/2
	units     int // numbers with a unit after them
	end       int // where the last number ends
	currency  int // where the last currency sign ends
}

// figure counts the digits and separators of a number.
type figure struct {
	digits, whole int  // digits, and those before the first point
	part          int  // digits after the last separator
	separators    int  // points and commas
	point         bool // one of the separators is a point
}

// number reads the number that begins at i and returns where it ends.
func (s *scan) number(i int) int {
	var f figure
	end := i
	for size := s.inNumber(&f, end); size > 0; size = s.inNumber(&f, end) {
		end += size
	}
	s.chars += f.digits + f.separators
	s.sentences.words++
	n := &s.numbers
	n.count++
	n.add(f)
	if f.separators == 0 && f.digits == 4 && (s.text[i] == '1' || s.text[i:i+2] == "20") {
		n.years++
	}
	s.price(i, end)
	n.end = end
	return end
}

// inNumber adds the character at i to a number. It returns the character's size, or 0 if the
// number ends before it.
func (s *scan) inNumber(f *figure, i int) int {
	if size := s.digitAt(i); size > 0 {
		f.digits++
		f.part++
		if !f.point {
			f.whole++
		}
		return size
	}
	if i >= len(s.text) || s.text[i] != '.' && s.text[i] != ',' || s.digitAt(i+1) == 0 {
		return 0
	}
	f.separators++
	f.part, f.point = 0, f.point || s.text[i] == '.'
	return 1
}

// add counts the digits of a number. A single comma that three digits follow stands between
// thousands.
func (n *numberCounts) add(f figure) {
	if f.separators == 1 && (f.point || f.part != 3) {
		n.decimals++
		if !f.point {
			f.whole -= f.part
		}
	}
	n.longest = max(n.longest, f.whole)
}

// digitAt returns the number of bytes of the decimal digit at i, or 0 if there is none.
func (s *scan) digitAt(i int) int {
	if i >= len(s.text) {
		return 0
	}
	if c := s.text[i]; c < utf8.RuneSelf {
		if kinds[c] == digit {
			return 1
		}
		return 0
	}
	r, size := utf8.DecodeRuneInString(s.text[i:])
	if unicode.IsDigit(r) {
		return size
	}
	return 0
}

// price counts a number from i to end as money if a currency sign stands before it. What goes on
// like a formula is one of LaTeX between dollar signs.
func (s *scan) price(i, end int) {
	n := &s.numbers
	if n.currency == 0 || n.currency != i && n.currency != i-1 {
		return
	}
	next := s.next(end)
	if next != 0 && strings.ContainsRune("\\^_{=+*<$", next) || unicode.IsLetter(next) && !strings.ContainsRune("kKmMbB", next) {
		return
	}
	n.money++
}

// afterNumber reports whether a number ends at i, or before a space that stands before i.
func (s *scan) afterNumber(i int) bool {
	n := s.numbers.end
	return n > 0 && (n == i || n == i-1 && s.text[n] == ' ')
}

// numberSign counts a sign next to a number, from i to end.
func (s *scan) numberSign(r rune, i, end int) {
	switch {
	case r == '/' && s.numbers.end == i && i > 0 && s.digitAt(end) > 0 || isFraction(r):
		s.numbers.fractions++
	case (r == '%' || r == '\uFF05' || r == '\u066A') && s.afterNumber(i):
		s.numbers.percent++
	case unicode.Is(unicode.Sc, r):
		if s.afterNumber(i) && r != '$' {
			s.numbers.money++
		}
		s.numbers.currency = end
	}
}

// measured notes the word after a number.
func (n *numberCounts) measured(set uint32) {
	if in(set, unitWords) {
		n.units++
	}
	if in(set, moneyWords) {
		n.money++
	}
}
