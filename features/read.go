package features

import (
	"unicode"
	"unicode/utf8"
)

// word reads the word that begins at i and returns where it ends.
func (s *scan) word(i int) int {
	w := shape{hash: noHash, plain: true}
	end := i
	for end < len(s.text) {
		size := s.inWord(&w, end)
		if size == 0 {
			break
		}
		end += size
	}
	s.chars += w.chars
	s.letters += w.letters
	if !isLatin(w.first) {
		s.foreign += w.letters
	}
	s.endWord(&w, i, end)
	return end
}

// inWord adds the character at i to a word. It returns the character's size, or 0 if the word
// ends before it.
func (s *scan) inWord(w *shape, i int) int {
	c := s.text[i]
	if c >= utf8.RuneSelf {
		return s.inWordUnicode(w, i)
	}
	switch {
	case kinds[c] == letter:
		w.letter(rune(c))
	case kinds[c] == digit:
		w.digits++
		w.add(rune(c))
	case c == '_' && s.next(i+1) != '_':
		w.inner = true
		w.add('_')
	case c == '\'' && unicode.IsLetter(s.next(i+1)):
		w.add('\'')
	default:
		return 0
	}
	return 1
}

func (s *scan) inWordUnicode(w *shape, i int) int {
	r, size := utf8.DecodeRuneInString(s.text[i:])
	switch {
	case unicode.IsLetter(r) && !isDense(r) || unicode.IsMark(r):
		w.letter(r)
	case unicode.IsDigit(r):
		w.digits++
		w.add(r)
	case r == '\u2019' && unicode.IsLetter(s.next(i+size)):
		w.add('\'')
	default:
		return 0
	}
	return size
}

// endWord counts a word from i to end.
func (s *scan) endWord(w *shape, i, end int) {
	s.words.count++
	s.words.letters += min(w.letters, maxWordLength)
	if w.letters > 8 {
		s.words.long++
	}
	if w.inner || w.letters > 0 && w.digits > 0 || s.next(end) == '(' {
		s.code.identifiers++
	}
	common := w.chars == 1
	if common && isVariable(w.first) {
		s.maths.variables++
		common = false
	}
	s.countCapitals(w)
	if w.plain && w.digits == 0 && w.letters > 1 {
		common = s.countRank(w.known())
	}
	s.lookUp(w.known(), i)
	s.sentences.words++
	s.compared.add(w.hash, i, common)
}

// countCapitals counts names and acronyms.
func (s *scan) countCapitals(w *shape) {
	switch {
	case w.capitals > 1 && !w.small:
		s.words.capital++
	case w.capitals == 1 && w.small && !w.inner && s.sentences.words > 0 && unicode.IsUpper(w.first):
		s.words.names++
	}
}

// countRank counts a word of letters from a to z, nil if it is long, by its rank, and reports
// whether it is a common one.
func (s *scan) countRank(word []byte) bool {
	s.words.ranked++
	v := ranks()
	rank, ok := v.Rank(word)
	if !ok {
		s.words.rarity++
		s.words.unknown++
		s.words.rare++
		return false
	}
	s.words.rarity += v.rarity[rank]
	if rank >= rareRank {
		s.words.rare++
	}
	if rank < commonRank {
		s.words.common++
	}
	return rank < commonRank
}

// denseLetter reads a letter, from i to end, of a script without spaces between words. Two letters
// that follow each other count as a word.
func (s *scan) denseLetter(r rune, i, end int) int {
	s.chars++
	s.letters++
	s.foreign++
	w, follows := &s.words, s.words.lastEnd == i && i > 0
	s.lookUp([]byte(s.text[i:end]), i)
	if follows {
		s.lookUp([]byte(s.text[w.lastStart:end]), i)
	}
	if follows && w.half {
		s.compared.add(hashOf(w.lastHash, r), w.lastStart, false)
		w.half = false
	} else {
		w.pairs++
		s.sentences.words++
		w.half = true
	}
	w.lastStart, w.lastEnd, w.lastHash = i, end, hashOf(noHash, r)
	return end
}
