package features

import "unicode"

// mark reads a sign that is neither letter nor digit nor white space, from i to end.
func (s *scan) mark(r rune, i, end int) int {
	s.chars++
	if unicode.IsPunct(r) {
		s.punctuation++
	}
	s.numberSign(r, i, end)
	s.mathsSign(r, i, end)
	s.code.sign(r)
	s.questionSign(r, i, end)
	switch {
	case isStop(r) && (isWideStop(r) || s.stops(end)):
		s.sentences.end()
	case isComma(r):
		s.sentences.commas++
	}
	return end
}

// stops reports whether a full stop that ends at the given place ends a sentence there: white
// space or a closing sign follows.
func (s *scan) stops(end int) bool {
	next := s.next(end)
	return next == 0 || unicode.IsSpace(next) || unicode.In(next, unicode.Pe, unicode.Pf) || next == '"' || next == '\''
}
