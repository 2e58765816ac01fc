package features

import (
	"unicode"
	"unicode/utf8"
)

// scan counts what cues are made of, in one pass over a text.
type scan struct {
	text string

	chars, letters, foreign, punctuation int // characters: all, letters, those of other scripts than Latin, punctuation
	lines, blocks                        int // lines with text, and blocks of them between empty lines

	words     wordCounts
	sentences sentenceCounts
	numbers   numberCounts
	maths     mathsCounts
	code      codeCounts
	questions questionCounts
	found     [numLists]int // number of words per list
	outline   outline
	choices   choiceCounts
	compared  comparer

	lineStart bool // nothing but white space has been read in this line
	lineFrom  int  // where the first character of this line that is not white space stands
	emptyLine bool // the line before is empty, or there is none
	gap       bool // the character before is white space, or there is none
}

// read scans a canonical text.
func (s *scan) read(text string) {
	*s = scan{text: text, outline: s.outline.cleared(), compared: s.compared.cleared(), lineStart: true, emptyLine: true, gap: true}
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			i = s.ascii(c, i)
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i = s.unicode(r, i, size)
	}
	s.endLine(len(text))
	s.outline.finish(text)
	s.choices.read(text, &s.outline)
	s.compared.compare(&s.outline)
	s.questions.open = opens(text, &s.outline)
}

// ascii reads what begins with the ASCII character c at i and returns where it ends.
func (s *scan) ascii(c byte, i int) int {
	k := kinds[c]
	switch k {
	case space:
		return s.space(i + 1)
	case newline:
		return s.newline(i, i+1)
	}
	if end := s.begin(i); end > i {
		return s.space(end) // a label, which is no word of the text
	}
	switch k {
	case letter:
		return s.word(i)
	case digit:
		return s.number(i)
	}
	return s.mark(rune(c), i, i+1)
}

// unicode reads what begins with the character r, from i to end, and returns where that ends.
func (s *scan) unicode(r rune, i, end int) int {
	end += i
	switch {
	case r == '\u0085' || r == '\u2028' || r == '\u2029':
		return s.newline(i, end)
	case unicode.IsSpace(r):
		return s.space(end)
	}
	if after := s.begin(i); after > i {
		return s.space(after)
	}
	switch {
	case unicode.IsLetter(r) && isDense(r):
		return s.denseLetter(r, i, end)
	case unicode.IsLetter(r):
		return s.word(i)
	case unicode.IsDigit(r):
		return s.number(i)
	}
	return s.mark(r, i, end)
}

// space reads white space that ends at the given place, or what counts as such.
func (s *scan) space(end int) int {
	s.chars++
	s.gap = true
	return end
}

// newline reads a line break from i to end.
func (s *scan) newline(i, end int) int {
	s.endLine(i)
	s.lineStart = true
	return s.space(end)
}

// begin notes that something other than white space begins at i. It returns the end of the label
// of a list that begins there, or i if there is none.
func (s *scan) begin(i int) int {
	after := i
	if s.gap {
		after = s.outline.look(s.text, i, s.lineStart)
	}
	if s.lineStart {
		s.beginLine(i)
	}
	s.gap = false
	return after
}

func (s *scan) beginLine(i int) {
	s.lines++
	s.lineFrom = i
	if s.emptyLine {
		s.blocks++
	}
	s.lineStart, s.emptyLine = false, false
	s.code.beginLine(s.text, i)
}

// endLine notes that the line ends before i.
func (s *scan) endLine(i int) {
	if s.lineStart {
		s.emptyLine = true
		return
	}
	s.code.endLine(s.text[:i])
	s.sentences.end()
}

// next returns the character at i, or 0 at the end of the text.
func (s *scan) next(i int) rune {
	if i >= len(s.text) {
		return 0
	}
	if c := s.text[i]; c < utf8.RuneSelf {
		return rune(c)
	}
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return r
}
