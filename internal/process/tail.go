package process

import (
	"strings"
	"unicode"
)

// Tail keeps the last bytes written to it.
type Tail struct{ end []byte }

// Write implements io.Writer.
func (t *Tail) Write(p []byte) (int, error) {
	const most = 4096
	t.end = append(t.end, p[max(0, len(p)-most):]...)
	t.end = t.end[max(0, len(t.end)-most):]
	return len(p), nil
}

// Lines returns the last lines that are not blank, without control characters.
func (t *Tail) Lines() []string {
	const most = 5
	var out []string
	for line := range strings.Lines(string(t.end)) {
		line = strings.TrimRightFunc(strings.Map(printable, line), unicode.IsSpace)
		if line != "" {
			out = append(out, line)
		}
	}
	return out[max(0, len(out)-most):]
}

func printable(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case unicode.IsPrint(r):
		return r
	}
	return -1
}
