package encoder

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// maxWordChars is the largest number of characters in a word; a longer word is unknown.
const maxWordChars = 100

// continuation marks a vocabulary entry that does not begin a word.
const continuation = "##"

// tokenizer is BERT's uncased WordPiece tokenizer. On every character it equals the
// Python library "tokenizers" (0.23) with its BertNormalizer, BertPreTokenizer and
// WordPiece model.
type tokenizer struct {
	begin   map[string]int32 // pieces that begin a word
	inside  map[string]int32 // pieces that continue a word, without the mark
	longest int              // number of bytes in the longest piece
	special []special
	unknown int32
}

// special is a token that is recognised as written, before the text is normalised.
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

// nextSpecial returns the position and kind of the first special token in the text, or
// -1.
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
		r, size := utf8.DecodeRuneInString(text[i:])
		s.unicode(r, text[i:i+size])
		i += size
	}
	s.flush()
	return s.dst
}
