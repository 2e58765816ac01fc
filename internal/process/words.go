// Package process holds what is shared by packages that run other programs: [Words] splits a command
// line, [Together] lets a program end with its children, and [Tail] keeps the end of its output.
package process

import (
	"fmt"
	"strings"
)

// Words splits a command line like a shell, but knows only quotes: '...' and "..." keep
// what is between them, and a backslash is an ordinary character. An unclosed quote and
// an empty line are errors.
func Words(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord, quote := false, rune(0)
	for _, r := range line {
		switch {
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inWord = r, true
		case quote == 0 && strings.ContainsRune(" \t\r\n", r):
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("command %q: the quote %c is not closed", line, quote)
	}
	if inWord {
		words = append(words, word.String())
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("command %q is empty", line)
	}
	return words, nil
}
