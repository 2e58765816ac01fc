package features

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kinds of ASCII characters.
const (
	mark = iota
	space
	newline
	letter
	digit
)

// kinds holds the kind of each ASCII character.
var kinds = func() (kinds [utf8.RuneSelf]byte) {
	for c := range kinds {
		switch r := rune(c); {
		case r == '\n' || r == '\r' || r == '\v' || r == '\f':
			kinds[c] = newline
		case r == ' ' || r == '\t':
			kinds[c] = space
		case unicode.IsLetter(r):
			kinds[c] = letter
		case unicode.IsDigit(r):
			kinds[c] = digit
		}
	}
	return kinds
}()

// dense holds the scripts that set no spaces between words.
var dense = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// isDense reports whether a letter belongs to a script without spaces between words.
func isDense(r rune) bool { return r >= 0x0E00 && unicode.In(r, dense...) }

// isLatin reports whether a letter is Latin.
func isLatin(r rune) bool { return r < 0x250 || unicode.Is(unicode.Latin, r) }

// isVariable reports whether a letter that stands alone may be a variable: a Latin or Greek letter
// other than the words "a" and "I".
func isVariable(r rune) bool {
	return !strings.ContainsRune("aAiI", r) && (isLatin(r) || unicode.Is(unicode.Greek, r))
}

// isFraction reports whether r is a fraction such as one half.
func isFraction(r rune) bool { return r >= '\u00BC' && r <= '\u00BE' || r >= '\u2150' && r <= '\u215E' }

// isStop reports whether r ends sentences, and isWideStop whether it does so without white space
// after it.
func isStop(r rune) bool {
	return strings.ContainsRune(".!?\u061F\u06D4\u0964\u2026", r) || isWideStop(r)
}

func isWideStop(r rune) bool { return strings.ContainsRune("\u3002\uFF01\uFF1F\uFF0E", r) }

// isQuestionMark reports whether r is a question mark of some script. In Greek that is the
// semicolon, which is not counted.
func isQuestionMark(r rune) bool { return r == '?' || r == '\uFF1F' || r == '\u061F' || r == '\u055E' }

// isComma reports whether r is a comma or semicolon of some script.
func isComma(r rune) bool { return strings.ContainsRune(",;\u060C\u061B\u3001\uFF0C\uFF1B", r) }
