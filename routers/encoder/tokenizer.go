package encoder

import (
	"context"
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

// append appends the pieces of a text. It stops early if ctx is done.
func (t *tokenizer) append(ctx context.Context, dst []int32, text string) []int32 {
	for text != "" && ctx.Err() == nil {
		at, found := t.nextSpecial(ctx, text)
		if at < 0 {
			return t.plain(ctx, dst, text)
		}
		dst = append(t.plain(ctx, dst, text[:at]), found.id)
		text = text[at+len(found.text):]
	}
	return dst
}

// stretch is the number of bytes of text between two looks at the context: some milliseconds
// of work.
const stretch = 1 << 16

// nextSpecial returns the position and kind of the first special token in the text, or
// -1 if there is none or ctx is done.
func (t *tokenizer) nextSpecial(ctx context.Context, text string) (at int, found special) {
	from, looked := 0, 0
	for {
		if from-looked > stretch {
			if looked = from; ctx.Err() != nil {
				return -1, special{}
			}
		}
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

// plain appends the pieces of a text without special tokens. It stops early if ctx is done.
func (t *tokenizer) plain(ctx context.Context, dst []int32, text string) []int32 {
	s := splitter{tokenizer: t, dst: dst}
	for i := 0; i < len(text); {
		for end := min(i+stretch, len(text)); i < end; {
			if c := text[i]; c < utf8.RuneSelf {
				s.ascii(c)
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[i:])
			s.unicode(r, text[i:i+size])
			i += size
		}
		if i < len(text) && ctx.Err() != nil {
			return s.dst
		}
	}
	s.flush()
	return s.dst
}
