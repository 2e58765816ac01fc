package encoder

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWordChars is the length in characters from which a word is unknown.
const maxWordChars = 100

// continuation marks a vocabulary entry that does not begin a word.
const continuation = "##"

// tokenizer is BERT's uncased WordPiece tokenizer, equal to the Python library
// "tokenizers" with its BertNormalizer, BertPreTokenizer and WordPiece model.
type tokenizer struct {
	begin   map[string]int32 // pieces that begin a word
	inside  map[string]int32 // pieces that continue one, without the mark
	longest int              // bytes of the longest piece
	special []special
	unknown int32
}

// special is a token that is recognised as it is written, before anything else.
type special struct {
	text string
	id   int32
}

func newTokenizer(vocabulary []string) (*tokenizer, error) {
	t := &tokenizer{begin: make(map[string]int32, len(vocabulary)), inside: map[string]int32{}, unknown: -1}
	for i, piece := range vocabulary {
		switch piece {
		case "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]":
			t.special = append(t.special, special{piece, int32(i)})
		}
		if piece == "[UNK]" {
			t.unknown = int32(i)
		}
		if rest, ok := strings.CutPrefix(piece, continuation); ok && rest != "" {
			t.inside[rest] = int32(i)
		}
		t.begin[piece] = int32(i)
		t.longest = max(t.longest, len(piece))
	}
	if t.unknown < 0 {
		return nil, errors.New("the vocabulary has no [UNK]")
	}
	return t, nil
}

// append appends the pieces of a text.
func (t *tokenizer) append(dst []int32, text string) []int32 {
	for text != "" {
		at, found := t.nextSpecial(text)
		if at < 0 {
			return t.plain(dst, text)
		}
		dst = append(t.plain(dst, text[:at]), found.id)
		text = text[at+len(found.text):]
	}
	return dst
}

// nextSpecial finds the first special token written in the text.
func (t *tokenizer) nextSpecial(text string) (at int, found special) {
	from := 0
	for {
		i := strings.IndexByte(text[from:], '[')
		if i < 0 {
			return -1, special{}
		}
		from += i
		for _, s := range t.special {
			if strings.HasPrefix(text[from:], s.text) {
				return from, s
			}
		}
		from++
	}
}

// plain appends the pieces of a text without special tokens.
func (t *tokenizer) plain(dst []int32, text string) []int32 {
	s := splitter{tokenizer: t, dst: dst}
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			s.ascii(c)
			i++
			continue
		}
		// From the first character that needs it to the next that does not,
		// so that marks are decomposed with what they stand on.
		end := i
		for end < len(text) && text[end] >= utf8.RuneSelf {
			end++
		}
		s.unicode(text[i:end])
		i = end
	}
	s.flush()
	return s.dst
}

// splitter gathers characters into words and cuts each into pieces.
type splitter struct {
	*tokenizer
	dst  []int32
	word [4 * (maxWordChars + 1)]byte // the word so far, lower case
	size int                          // its bytes
	char int                          // its characters; the bytes stop at the limit
}

// kinds of ASCII characters.
const (
	letter = iota
	space
	punctuation
	control
)

// asciiKind tells each ASCII character's kind.
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

// unicode takes a run of text beyond ASCII through BERT's normaliser: clean,
// set CJK characters apart, decompose and drop accents, lower case.
func (s *splitter) unicode(run string) {
	var cleaned strings.Builder
	for _, r := range run {
		switch {
		case r == utf8.RuneError || isControl(r):
		case unicode.IsSpace(r):
			cleaned.WriteByte(' ')
		case isCJK(r):
			cleaned.WriteByte(' ')
			cleaned.WriteRune(r)
			cleaned.WriteByte(' ')
		default:
			cleaned.WriteRune(r)
		}
	}
	for _, r := range norm.NFD.String(cleaned.String()) {
		switch {
		case r < utf8.RuneSelf:
			s.ascii(byte(r))
		case unicode.Is(unicode.Mn, r):
		default:
			s.lower(r)
		}
	}
}

// lower takes one character as lower case, which may be two.
func (s *splitter) lower(r rune) {
	if r == 'İ' { // the only one whose lower case is two characters
		s.rune('i')
		s.rune('\u0307')
		return
	}
	s.rune(unicode.ToLower(r))
}

// rune takes a character that is already normalised.
func (s *splitter) rune(r rune) {
	switch {
	case r < utf8.RuneSelf:
		s.ascii(byte(r))
	case unicode.IsSpace(r):
		s.flush()
	case unicode.Is(unicode.P, r):
		s.flush()
		s.push(r)
		s.flush()
	default:
		s.push(r)
	}
}

func (s *splitter) push(r rune) {
	s.char++
	if s.char <= maxWordChars {
		s.size += utf8.EncodeRune(s.word[s.size:], r)
	}
}

// flush cuts the word into the longest pieces from its start.
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

// isControl is BERT's class of characters to drop: Cc, Cf and Co. White space among
// them was seen before.
func isControl(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co)
}

// isCJK is BERT's list of blocks of Chinese characters.
func isCJK(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x2A6DF ||
		r >= 0x2A700 && r <= 0x2B73F || r >= 0x2B740 && r <= 0x2B81F || r >= 0x2B920 && r <= 0x2CEAF ||
		r >= 0xF900 && r <= 0xFAFF || r >= 0x2F800 && r <= 0x2FA1F
}
