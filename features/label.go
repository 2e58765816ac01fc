package features

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// label is the label of an item: "A.", "(b)", "3)".
type label struct {
	kind   int
	value  rune // the letter or the number
	closer rune // the sign after it; 0 for a circled digit, which needs none
	end    int  // where it ends; 0 if there is no label
}

// series holds the letters of labels where the next one is not the next in Unicode.
var series = [...]string{"ابجدهو", "أبجدهو", "가나다라마바", "アイウエオ", "イロハニホ", "甲乙丙丁戊", "一二三四五六七八九", "АБВГДЕ", "абвгде"}

// following returns the label after the given one.
func following(value rune) rune {
	for _, s := range series {
		if _, rest, ok := strings.Cut(s, string(value)); ok && value >= utf8.RuneSelf && rest != "" {
			next, _ := utf8.DecodeRuneInString(rest)
			return next
		}
	}
	return value + 1
}

// first reports whether a list may begin with the label. Lists of other scripts may begin with any
// letter: the next one shows whether they are lists.
func (l label) first() bool {
	switch l.kind {
	case capitalList:
		return l.value == 'A'
	case smallList:
		return l.value == 'a'
	case numberList:
		return l.value <= 1
	}
	return true
}

// isCloser reports whether r may stand after a label.
func isCloser(r rune) bool { return isBracket(r) || strings.ContainsRune(".:\uFF0E\uFF1A\u3001", r) }

func isBracket(r rune) bool { return strings.ContainsRune(")]\uFF09\uFF3D\u3011", r) }

// readLabel reads a label at i. Inside a line it must have a closing bracket.
func readLabel(text string, i int, lineStart bool) label {
	at, bold := i, lineStart && strings.HasPrefix(text[i:], "**")
	if bold {
		at += 2
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	opened := strings.ContainsRune("([\uFF08\uFF3B\u3010", r)
	if opened {
		at += size
	}
	l := labelValue(text, at)
	if l.end == 0 || l.closer == circled {
		return l
	}
	r, size = utf8.DecodeRuneInString(text[l.end:])
	end := l.end + size
	if bold {
		end += len(text[end:]) - len(strings.TrimPrefix(text[end:], "**"))
	}
	next, _ := utf8.DecodeRuneInString(text[end:])
	ends := end == len(text) || unicode.IsSpace(next) || r >= utf8.RuneSelf
	if !isCloser(r) || !isBracket(r) && (opened || !lineStart) || !ends {
		return label{}
	}
	l.closer, l.end = r, end
	return l
}

// circled marks labels that need no sign after them.
const circled = 1

// labelValue reads a letter or a number at i.
func labelValue(text string, i int) label {
	r, size := utf8.DecodeRuneInString(text[i:])
	switch {
	case r >= 'A' && r <= 'Z':
		return label{kind: capitalList, value: r, end: i + size}
	case r >= 'a' && r <= 'z':
		return label{kind: smallList, value: r, end: i + size}
	case r >= '\u2460' && r <= '\u24FF':
		return label{kind: scriptList, value: r, closer: circled, end: i + size}
	case unicode.IsDigit(r):
		return numberLabel(text, i)
	case unicode.IsLetter(r):
		return label{kind: scriptList, value: r, end: i + size}
	}
	return label{}
}

// numberLabel reads a number of up to three digits of one script at i.
func numberLabel(text string, i int) label {
	value, end := rune(0), i
	for n := 0; ; n++ {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsDigit(r) {
			return label{kind: numberList, value: value, end: end}
		}
		if n == 3 {
			return label{}
		}
		value, end = 10*value+digitValue(r), end+size
	}
}

// digitValue returns the value of a decimal digit of any script: Unicode puts the ten digits of a
// script in a row.
func digitValue(r rune) rune {
	if r < utf8.RuneSelf {
		return r - '0'
	}
	zero := r
	for r-zero < 9 && unicode.IsDigit(zero-1) {
		zero--
	}
	return r - zero
}
