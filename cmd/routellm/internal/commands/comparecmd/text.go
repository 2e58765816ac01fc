package comparecmd

import (
	"fmt"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

func signed(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return fmt.Sprintf("%+.3f", float64(v))
}

// maxPair is the width of a pair's names in a table.
const maxPair = 24

// pairText names a pair; names too long for both lose their middles.
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

// letters counts a, b, ... z, aa, ab, ...
func letters(n int) string {
	text := string(rune('a' + n%26))
	if n >= 26 {
		return letters(n/26-1) + text
	}
	return text
}
