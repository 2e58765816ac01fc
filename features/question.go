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

// how notes the word with the given number for questions that begin with "how".
func (q *questionCounts) how(set uint32, number int) {
	switch {
	case in(set, howWords):
		q.howAt = number
		q.hows++
	case in(set, quantityWords) && q.howAt == number-1 && q.hows > 0:
		q.quantity++
	}
}
