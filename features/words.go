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

// vocabulary ranks words.
type vocabulary struct {
	*encoder.StaticEncoder
	rarity [encoder.Ranks]float64 // ln(1 + rank) / ln(1 + ranks), by rank
}

// ranks returns the vocabulary of the built-in encoder.
var ranks = sync.OnceValue(func() *vocabulary {
	e, err := encoder.Static()
	if err != nil {
		panic(fmt.Sprintf("features: %v", err)) // the file is part of the program
	}
	v := &vocabulary{StaticEncoder: e}
	for i := range v.rarity {
		v.rarity[i] = logScale(float64(i), encoder.Ranks)
	}
	return v
})

// wordCounts counts words. A word is a run of letters, with digits, underscores and apostrophes
// inside. Two letters of a script without spaces between words count as one word.
type wordCounts struct {
	count   int     // words of scripts with spaces
	letters int     // letters of these words
	long    int     // words of 9 letters and more
	pairs   int     // pairs of letters of scripts without spaces, the last of which may lack a letter
	ranked  int     // words of two or more letters, all from a to z
	unknown int     // ranked words that the vocabulary lacks
	rare    int     // ranked words with a high rank, and unknown ones
	common  int     // ranked words with a low rank
	rarity  float64 // sum of the ranks of ranked words, on a logarithmic scale
	names   int     // words inside sentences that begin with a capital
	capital int     // words of two or more capitals

	half      bool   // the last pair still lacks its second letter
	lastStart int    // where the last letter of a script without spaces begins
	lastEnd   int    // where that letter ends
	lastHash  uint32 // hash of that letter
}

// all returns the number of words of any script.
func (w *wordCounts) all() int { return w.count + w.pairs }

// shape counts the characters of a word by kind.
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
