package features

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
		return rootShare(s.words.capital, s.words.count)
	}},
	{"other_scripts", "share of letters that are not Latin", func(s *scan) float64 {
		return share(s.foreign, s.letters)
	}},
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

var questionCues = []cue{
	{"question_marks", "ln(1 + question marks), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.questions.marks), 12)
	}},
	{"open_end", "1 if the question, which is the text before the choices, ends with a letter, digit, comma or blank, else 0", func(s *scan) float64 {
		return oneIf(s.questions.open)
	}},
	{"blanks", "ln(1 + gaps to fill in: runs of 3 or more underscores), 1 at 6", func(s *scan) float64 {
		return logScale(float64(s.questions.blanks), 6)
	}},
	{"asks_fact", "ln(1 + words of the list \"fact\": who, when, where), 1 at 6", func(s *scan) float64 {
		return logScale(float64(s.found[factWords]), 6)
	}},
	{"asks_reason", "ln(1 + words of the list \"reason\", such as why, and how without a word of the list \"quantity\" after it), 1 at 6", func(s *scan) float64 {
		return logScale(float64(s.found[reasonWords]+s.questions.hows-s.questions.quantity), 6)
	}},
	{"asks_quantity", "ln(1 + questions for a number: how many, combien), 1 at 4", func(s *scan) float64 {
		return logScale(float64(s.found[amountWords]+s.questions.quantity), 4)
	}},
	{"asks_selection", "ln(1 + words of the list \"selection\": which, following), 1 at 6", func(s *scan) float64 {
		return logScale(float64(s.found[selectionWords]), 6)
	}},
	{"negation", "ln(1 + words of the list \"negation\": not, never, except), 1 at 8", func(s *scan) float64 {
		return logScale(float64(s.found[negationWords]), 8)
	}},
}

var requestCues = []cue{
	{"orders", "ln(1 + sentences that begin with a word of the list \"order\", without a colon after it: write, explain, list), 1 at 6", func(s *scan) float64 {
		return logScale(float64(s.sentences.orders), 6)
	}},
	{"writing", "ln(1 + words of the list \"writing\"), 1 at 8", wordsOf(writingWords)},
	{"reasoning", "ln(1 + words of the list \"reasoning\"), 1 at 8", wordsOf(reasoningWords)},
	{"roleplay", "ln(1 + words of the list \"roleplay\"), 1 at 8", wordsOf(roleplayWords)},
	{"extraction", "ln(1 + words of the list \"extraction\"), 1 at 8", wordsOf(extractionWords)},
	{"translation", "ln(1 + words of the list \"translation\"), 1 at 8", wordsOf(translationWords)},
	{"steps", "ln(1 + words of the list \"steps\": first, then, finally), 1 at 8", wordsOf(stepWords)},
	{"constraints", "ln(1 + words of the list \"constraints\": must, exactly, format), 1 at 8", wordsOf(constraintWords)},
}

// wordsOf returns the value of a cue that counts the words of a list.
func wordsOf(list int) func(*scan) float64 {
	return func(s *scan) float64 { return logScale(float64(s.found[list]), 8) }
}
