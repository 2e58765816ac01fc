package nearcopy

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold normalises a text as the normalised digest of prompts does, except for white space.
func fold(text string) string {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return cases.Fold().String(norm.NFC.String(text))
		}
	}
	return text // ASCII: word lowers it
}

// words calls yield with the hash of each word of a folded text. Only letters, digits and marks
// count, so that quotation marks, white space and mark-up do not tell copies apart. Scripts
// that do not separate words give one word per character. Labels of choices, such as "A."
// or "(b)", are no words; first is true for the first word after one, and for the first
// word of the text.
func words(text string, yield func(hash uint64, first bool)) {
	first, lineStart := true, true
	for i := 0; i < len(text); {
		if n := label(text[i:], lineStart, i == 0 || text[i-1] == ' '); n > 0 {
			i, first, lineStart = i+n, true, false
			continue
		}
		hash, n, ok := word(text[i:])
		switch {
		case ok:
			yield(hash, first)
			first, lineStart = false, false
		case text[i] == '\n':
			lineStart = true
		}
		i += n
	}
}

// word hashes the word at the start of a text (FNV-1a). If there is none, ok is false and n
// is the length of the first character.
func word(text string) (hash uint64, n int, ok bool) {
	hash = 14695981039346656037
	for n < len(text) {
		r, size := rune(text[n]), 1
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		case 'A' <= r && r <= 'Z':
			r += 'a' - 'A'
		case r < utf8.RuneSelf:
			return hash, max(n, 1), n > 0
		default:
			r, size = utf8.DecodeRuneInString(text[n:])
			if !unicode.In(r, unicode.L, unicode.M, unicode.N) {
				if n > 0 {
					size = 0
				}
				return hash, n + size, n > 0
			}
			if alone(r) {
				if n == 0 {
					return (hash ^ uint64(r)) * 1099511628211, size, true
				}
				return hash, n, true
			}
		}
		hash = (hash ^ uint64(r)) * 1099511628211
		n += size
	}
	return hash, n, n > 0
}

// alone reports whether a character is a word by itself: its script has no spaces.
func alone(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// label returns the length of the label of a choice or list item at the start of a text, 0
// if there is none: a letter or a number of at most two digits in parentheses or brackets,
// before a closing one, or at the start of a line before a full stop or colon.
func label(text string, lineStart, spaced bool) int {
	i := 0
	open := text[0] == '(' || text[0] == '['
	if open {
		i++
	} else if !lineStart && !spaced {
		return 0
	}
	from := i
	for i < len(text) && i < from+2 && '0' <= text[i] && text[i] <= '9' {
		i++
	}
	if i == from && i < len(text) && ('a' <= text[i]|0x20 && text[i]|0x20 <= 'z') {
		i++
	}
	if i == from || i == len(text) {
		return 0
	}
	switch c := text[i]; {
	case c == ')' || c == ']':
		return i + 1
	case !open && (c == '.' || c == ':') && lineStart:
		return i + 1
	}
	return 0
}
