package encoder

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// splitter collects characters into words and cuts each word into pieces.
type splitter struct {
	*tokenizer
	dst  []int32
	word [4 * (maxWordChars + 1)]byte // the current word, in lower case
	size int                          // number of bytes in word
	char int                          // number of characters in the current word; word stops growing at the limit
}

// Kinds of ASCII characters.
const (
	letter = iota
	space
	punctuation
	control
)

// asciiKind holds the kind of each ASCII character.
var asciiKind = func() (kinds [utf8.RuneSelf]byte) {
	for c := range kinds {
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			kinds[c] = space
		case c < ' ' || c == 0x7f:
			kinds[c] = control
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
			kinds[c] = letter
		default:
			kinds[c] = punctuation
		}
	}
	return kinds
}()

func (s *splitter) ascii(c byte) {
	switch asciiKind[c] {
	case letter:
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		s.char++
		if s.char <= maxWordChars {
			s.word[s.size] = c
			s.size++
		}
	case space:
		s.flush()
	case punctuation:
		s.flush()
		s.word[0], s.size, s.char = c, 1, 1
		s.flush()
	}
}

// unicode processes a character beyond ASCII, given as r and as text, like BERT's
// normaliser: it cleans, sets Chinese characters apart, decomposes, drops accents and
// lowers case. The normaliser also sorts marks into canonical order. That makes no
// difference here: accents are dropped, and no vocabulary holds any other mark that it
// would move.
func (s *splitter) unicode(r rune, text string) {
	switch {
	case r == utf8.RuneError || isControl(r):
	case isCJK(r):
		s.flush()
		s.decompose(r, text)
		s.flush()
	default:
		s.decompose(r, text)
	}
}

// decompose processes the characters that r, given as text too, is composed of.
func (s *splitter) decompose(r rune, text string) {
	if r >= hangulFirst && r <= hangulLast {
		s.hangul(r - hangulFirst)
		return
	}
	parts := norm.NFD.PropertiesString(text).Decomposition()
	if parts == nil {
		s.decomposed(r)
	}
	for len(parts) > 0 {
		part, size := utf8.DecodeRune(parts)
		s.decomposed(part)
		parts = parts[size:]
	}
}

// Korean syllables are composed by arithmetic: section 3.12 of the Unicode standard.
const (
	hangulFirst, hangulLast = 0xAC00, 0xD7A3
	leads, vowels, trails   = 0x1100, 0x1161, 0x11A7 // first letter of each kind; for trails one less
	vowelCount, trailCount  = 21, 28
)

// hangul processes the two or three letters of a syllable.
func (s *splitter) hangul(syllable rune) {
	s.push(leads + syllable/trailCount/vowelCount)
	s.push(vowels + syllable/trailCount%vowelCount)
	if trail := syllable % trailCount; trail > 0 {
		s.push(trails + trail)
	}
}

// decomposed processes a character that does not decompose.
func (s *splitter) decomposed(r rune) {
	switch {
	case r < utf8.RuneSelf:
		s.ascii(byte(r))
	case unicode.IsSpace(r):
		s.flush()
	case isPunctuation(r):
		s.flush()
		s.push(r)
		s.flush()
	case !isAccent(r):
		s.push(unicode.ToLower(r))
	}
}

func (s *splitter) push(r rune) {
	s.char++
	if s.char <= maxWordChars {
		s.size += utf8.EncodeRune(s.word[s.size:], r)
	}
}

// flush cuts the current word into pieces, the longest that fit from its start on.
func (s *splitter) flush() {
	if s.char == 0 {
		return
	}
	word, start, table := s.word[:s.size], len(s.dst), s.begin
	if s.char > maxWordChars {
		word = nil
		s.dst = append(s.dst, s.unknown)
	}
	for len(word) > 0 {
		n := min(len(word), s.longest)
		id, ok := table[string(word[:n])]
		for !ok && n > 1 {
			n--
			id, ok = table[string(word[:n])]
		}
		if !ok {
			s.dst = append(s.dst[:start], s.unknown)
			break
		}
		s.dst = append(s.dst, id)
		word, table = word[n:], s.inside
	}
	s.size, s.char = 0, 0
}
