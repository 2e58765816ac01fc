package cmdutil

import (
	"fmt"
	"strings"
)

// Next names the commands that usually follow, for people: it writes nothing unless Err is a
// terminal. Lines are not wrapped, so that they can be pasted.
func (s Streams) Next(commands ...string) {
	if IsTerminal(s.Err) {
		fmt.Fprint(s.Err, nextLines(commands))
	}
}

func nextLines(commands []string) string {
	return "\nnext:\n  " + strings.Join(commands, "\n  ") + "\n"
}

// ShellWord quotes a word for a command that people paste into a shell, where that is needed.
func ShellWord(word string) string {
	if strings.TrimLeft(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@=,+%") == "" && word != "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
