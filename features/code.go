package features

import "strings"

// codeCounts counts signs of programs.
type codeCounts struct {
	ticks       int // backticks
	signs       int // brackets and other signs that prose seldom has
	lines       int // lines that look like a program's
	identifiers int // words such as max_value, maxValue, x1 and print(
	indented    bool
}

var codeCues = []cue{
	{"backticks", "ln(1 + backticks), 1 at 24", func(s *scan) float64 {
		return logScale(float64(s.code.ticks), 24)
	}},
	{"code_signs", "square root of the share of characters among {}[]<>;=_#|&~", func(s *scan) float64 {
		return rootShare(s.code.signs, s.chars)
	}},
	{"code_lines", "share of lines that begin with 2 spaces, a tab, < or }, or end with one of ;{}([", func(s *scan) float64 {
		return share(s.code.lines, s.lines)
	}},
	{"identifiers", "square root of the share of words with an underscore, a capital or a digit inside, or ( after them", func(s *scan) float64 {
		return rootShare(s.code.identifiers, s.words.count)
	}},
	{"code_words", "ln(1 + words of the list \"coding\"), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.found[codingWords]), 12)
	}},
}

// sign counts a sign.
func (c *codeCounts) sign(r rune) {
	switch {
	case r == '`':
		c.ticks++
	case strings.ContainsRune("{}[]<>;=_#|&~", r):
		c.signs++
	}
}

// beginLine notes that the line's first character that is not white space is at i.
func (c *codeCounts) beginLine(text string, i int) {
	c.indented = text[i] == '<' || text[i] == '}' || i >= 1 && text[i-1] == '\t' || i >= 2 && text[i-2:i] == "  "
}

// endLine counts the line at the end of the text.
func (c *codeCounts) endLine(text string) {
	text = strings.TrimRight(text, " \t")
	if c.indented || strings.ContainsRune(";{}([", rune(text[len(text)-1])) {
		c.lines++
	}
}
