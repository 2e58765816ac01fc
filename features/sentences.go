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

var readabilityCues = []cue{
	{"sentences", "ln(1 + sentences with words), 1 at 100", func(s *scan) float64 {
		return logScale(float64(s.sentences.count), 100)
	}},
	{"sentence_length", "ln(1 + mean number of words and numbers per sentence), 1 at 80", func(s *scan) float64 {
		return logScale(typical(float64(s.sentences.total), s.sentences.count, 14), 80)
	}},
	{"word_length", "mean number of letters per word, at most 20 each, divided by 12; scripts without spaces are left out", func(s *scan) float64 {
		return typical(float64(s.words.letters), s.words.count, 4.6) / 12
	}},
	{"long_words", "square root of the share of words with 9 letters or more", func(s *scan) float64 {
		return rootShare(s.words.long, s.words.count)
	}},
	{"distinct_words", "share of distinct words among the first 100", func(s *scan) float64 {
		return typical(float64(s.compared.distinct), s.compared.first, 0.85)
	}},
	{"commas", "ln(1 + commas and semicolons per sentence), 1 at 8", func(s *scan) float64 {
		return logScale(typical(float64(s.sentences.commas), s.sentences.count, 0.8), 8)
	}},
	{"punctuation", "square root of the share of characters that are punctuation", func(s *scan) float64 {
		return rootShare(s.punctuation, s.chars)
	}},
	{"quotes", "ln(1 + quotation marks), 1 at 40", func(s *scan) float64 {
		return logScale(float64(s.questions.quotes), 40)
	}},
	{"blocks", "ln(1 + blocks of lines between empty lines), 1 at 40", func(s *scan) float64 {
		return logScale(float64(s.blocks), 40)
	}},
}
