package features

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// numberCounts counts numbers. A number is a run of decimal digits of any script; a single '.' or
// ',' between two digits does not end it. Labels of lists are not counted.
type numberCounts struct {
	count, digits    int // numbers, and their digits
	longest          int // the largest number of digits before the decimal sign
	decimals, years  int // numbers with decimals, and whole ones of four digits from 1000 to 2099
	money, percent   int // numbers with a currency sign or word, with a per cent sign
	fractions, units int // numbers such as 1/2, and numbers with a unit after them
	end              int // where the last number ends
	currency         int // where the last currency sign ends
}

var numberCues = []cue{
	{"numbers", "ln(1 + numbers), 1 at 60", func(s *scan) float64 {
		return logScale(float64(s.numbers.count), 60)
	}},
	{"number_share", "square root of the share of words and numbers that are numbers", func(s *scan) float64 {
		return rootShare(s.numbers.count, s.numbers.count+s.words.all())
	}},
	{"number_size", "largest number of digits before the decimal sign, divided by 12", func(s *scan) float64 {
		return float64(s.numbers.longest) / 12
	}},
	{"decimals", "share of numbers with decimals", func(s *scan) float64 {
		return share(s.numbers.decimals, s.numbers.count)
	}},
	{"years", "ln(1 + whole numbers from 1000 to 2099 without separators), 1 at 10", func(s *scan) float64 {
		return logScale(float64(s.numbers.years), 10)
	}},
	{"money", "ln(1 + numbers with a currency sign or the name of a currency), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.numbers.money), 12)
	}},
	{"percent", "ln(1 + per cent signs after numbers, and words for per cent), 1 at 8", func(s *scan) float64 {
		return logScale(float64(s.numbers.percent+s.found[percentWords]), 8)
	}},
	{"units", "ln(1 + numbers with a unit of measurement or time after them), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.numbers.units), 12)
	}},
	{"fractions", "ln(1 + fractions such as 1/2 and \u00BD), 1 at 8", func(s *scan) float64 {
		return logScale(float64(s.numbers.fractions), 8)
	}},
	{"number_words", "ln(1 + words for numbers and multiples: three, half, twice), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.found[numberWords]), 12)
	}},
}

// number reads the number that begins at i and returns where it ends.
func (s *scan) number(i int) int {
	whole, digits, point, lastPart, separators := 0, 0, false, 0, 0
	end := i
	for end < len(s.text) {
		size := s.digitAt(end)
		if size > 0 {
			digits++
			lastPart++
			if !point {
				whole++
			}
			end += size
			continue
		}
		c := s.text[end]
		if c != '.' && c != ',' || s.digitAt(end+1) == 0 {
			break
		}
		separators++
		point = point || c == '.'
		lastPart = 0
		end++
	}
	n := &s.numbers
	n.count++
	n.digits += digits
	s.chars += digits + separators
	if separators == 1 && (point || lastPart != 3) {
		n.decimals++
		if !point { // a comma that was taken for one between thousands
			whole -= lastPart
		}
	}
	n.longest = max(n.longest, whole)
	if separators == 0 && digits == 4 && (s.text[i] == '1' || s.text[i:i+2] == "20") {
		n.years++
	}
	s.sentences.words++
	s.price(i, end)
	n.end = end
	return end
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
