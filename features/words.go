package features

import (
	"fmt"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/routellm/routellm/routers/encoder"
)

// maxKnown is the number of bytes of a word up to which it is looked up.
const maxKnown = 32

// maxWordLength is the number of letters that a longer word counts as in means.
const maxWordLength = 20

// commonRank is the rank from which on a word of the vocabulary has a meaning of its own rather
// than a function in the sentence, and rareRank the one from which on it is rare.
const commonRank, rareRank = 150, 10_000

// ranks returns the encoder, whose vocabulary ranks words.
var ranks = sync.OnceValue(func() *encoder.StaticEncoder {
	e, err := encoder.Static()
	if err != nil {
		panic(fmt.Sprintf("features: %v", err)) // the file is part of the program
	}
	return e
})

// wordCounts counts words. A word is a run of letters, with digits, underscores and apostrophes
// inside. Two letters of a script without spaces between words count as one word.
type wordCounts struct {
	count, letters, long  int     // words of scripts with spaces, their letters, words of 9 letters and more
	pairs                 int     // pairs of letters of scripts without spaces, and single ones
	ranked                int     // words of two or more letters from a to z
	unknown, rare, common int     // of these: not in the vocabulary, of a high rank or not in it, of a low rank
	rarity                float64 // sum of their ranks, on a logarithmic scale
	names, acronyms       int     // capitalised words inside sentences, words in capitals

	half               bool // the last pair still lacks its second letter
	lastStart, lastEnd int  // where the last letter of such a script begins and ends
	lastHash           uint32
}

// all returns the number of words of any script.
func (w *wordCounts) all() int { return w.count + w.pairs }

var wordCues = []cue{
	{"word_rarity", "mean ln(1 + rank) / ln(1 + ranks) of words by their rank in the built-in encoder's vocabulary, 1 if absent; words of 2 or more letters a to z", func(s *scan) float64 {
		return typical(s.words.rarity, s.words.ranked, 0.55)
	}},
	{"rare_words", "square root of the share of such words that have a rank of 10,000 or more or are absent", func(s *scan) float64 {
		return rootShare(s.words.rare, s.words.ranked)
	}},
	{"unknown_words", "square root of the share of such words that are absent", func(s *scan) float64 {
		return rootShare(s.words.unknown, s.words.ranked)
	}},
	{"common_words", "share of such words with a rank below 150: articles, pronouns, prepositions", func(s *scan) float64 {
		return typical(float64(s.words.common), s.words.ranked, 0.4)
	}},
	{"names", "square root of the share of words that begin with a capital inside a sentence and go on in small letters", func(s *scan) float64 {
		return rootShare(s.words.names, s.words.count)
	}},
	{"acronyms", "square root of the share of words that are 2 or more capitals", func(s *scan) float64 {
		return rootShare(s.words.acronyms, s.words.count)
	}},
	{"other_scripts", "share of letters that are not Latin", func(s *scan) float64 {
		return share(s.foreign, s.letters)
	}},
}

// shape is what a word looks like.
type shape struct {
	chars, letters, capitals, digits int
	small                            bool // a small letter has been read
	inner                            bool // a capital follows a small letter, or an underscore stands inside
	plain                            bool // all letters are from a to z
	first                            rune
	lower                            [maxKnown + utf8.UTFMax]byte // the first bytes in lower case
	size                             int                          // number of bytes in lower
	hash                             uint32
}

// hashOf returns the hash of a word with one more character: FNV-1a, by characters.
func hashOf(hash uint32, r rune) uint32 { return (hash ^ uint32(r)) * 16777619 }

const noHash = 2166136261

// add adds a character in lower case.
func (w *shape) add(r rune) {
	w.chars++
	w.hash = hashOf(w.hash, r)
	if w.size > maxKnown {
		return
	}
	if r < utf8.RuneSelf {
		w.lower[w.size] = byte(r)
		w.size++
		return
	}
	w.size += utf8.EncodeRune(w.lower[w.size:], r)
}

// letter adds a letter or a mark of a letter.
func (w *shape) letter(r rune) {
	lower := r
	switch {
	case r >= 'a' && r <= 'z':
		w.small = true
	case r >= 'A' && r <= 'Z':
		lower += 'a' - 'A'
	default:
		lower, w.plain = unicode.ToLower(r), false
		w.small = w.small || lower == r
	}
	if lower != r {
		w.capitals++
		w.inner = w.inner || w.small
	}
	if w.letters == 0 {
		w.first = r
	}
	w.letters++
	w.add(lower)
}

// known returns the word for looking it up; nil if it is too long.
func (w *shape) known() []byte {
	if w.size > maxKnown {
		return nil
	}
	return w.lower[:w.size]
}
