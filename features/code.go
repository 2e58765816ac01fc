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
