package features

import "math/bits"

// lookUp counts a word in lower case, which begins at i, for the lists that hold it.
func (s *scan) lookUp(word []byte, i int) {
	set := listed[string(word)]
	if set == 0 {
		return
	}
	for rest := set; rest != 0; rest &= rest - 1 {
		s.found[bits.TrailingZeros32(rest)]++
	}
	if s.afterNumber(i) {
		s.numbers.measured(set)
	}
	if s.sentences.words == 0 && in(set, orderWords) && s.next(i+len(word)) != ':' {
		s.sentences.orders++
	}
	s.questions.how(set, s.words.all())
}
