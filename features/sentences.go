package features

// sentenceCounts counts sentences with words. A sentence ends at a full stop, question mark or
// exclamation mark of any script, and with its line.
type sentenceCounts struct {
	count, total int // sentences, and words in them
	words        int // words of the current sentence
	commas       int
	orders       int // sentences that begin with a verb of request
}

// end ends the current sentence.
func (s *sentenceCounts) end() {
	if s.words == 0 {
		return
	}
	s.count++
	s.total += s.words
	s.words = 0
}
