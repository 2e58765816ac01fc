package features

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// questionCounts counts what a text asks.
type questionCounts struct {
	marks, quotes, blanks int  // question marks, quotation marks, runs of three underscores and more
	hows, quantity        int  // words for "how", and those of them with a word such as "many" after them
	howAt                 int  // number of words before the last "how"
	open                  bool // the question ends without a mark
}

var questionCues = []cue{
	{"question_marks", "ln(1 + question marks), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.questions.marks), 12)
	}},
	{"open_end", "1 if the question, which is the text before the choices, ends with a letter, digit, comma or blank, else 0", func(s *scan) float64 {
		return flag(s.questions.open)
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

// opens reports whether the question, the text before the choices or else all of it, ends as an
// unfinished sentence does.
func opens(text string, o *outline) bool {
	if len(o.choices) > 0 {
		text = text[:o.choices[0].label]
	}
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	r, _ := utf8.DecodeLastRuneInString(text)
	return text != "" && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '_' || isComma(r))
}

// questionSign counts a sign, from i to end.
func (s *scan) questionSign(r rune, i, end int) {
	q := &s.questions
	switch {
	case isQuestionMark(r):
		q.marks++
	case r == '_' && s.before(i) != '_' && s.next(end) == '_' && s.next(end+1) == '_':
		q.blanks++
	case r == '"' || unicode.In(r, unicode.Pi, unicode.Pf) || r >= '\u300C' && r <= '\u300F':
		q.quotes++
	}
}
