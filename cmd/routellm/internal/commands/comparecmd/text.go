package comparecmd

import (
	"fmt"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// signed formats a difference with its sign to three places, "?" if it does not exist.
func signed(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return text.Unsigned(fmt.Sprintf("%+.3f", float64(v)))
}

// maxPair is the width of a pair's names in a table, in characters.
const maxPair = 24

// pairText returns "A - B". If both names do not fit into maxPair characters, their middles
// are cut out.
func pairText(a, b string) string {
	const between = " - "
	room := maxPair - len(between)
	n, m := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if n+m > room {
		n = min(n, max(room/2, room-m))
		m = room - n
	}
	return table.Clip(a, n) + between + table.Clip(b, m)
}

// letters returns the mark of note n, counted from 0: a, b, ..., z, aa, ab, ...
func letters(n int) string {
	text := string(rune('a' + n%26))
	if n >= 26 {
		return letters(n/26-1) + text
	}
	return text
}
