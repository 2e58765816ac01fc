package cli

import (
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
)

// noValue is a number that does not exist.
var noValue = result.Value(math.NaN())

// percentOf turns a fraction into a percentage without digits that rounding made.
func percentOf(x float64) float64 { return math.Round(x*1e8) / 1e6 }

func signed(v result.Value) string {
	if !v.Exists() {
		return "?"
	}
	return fmt.Sprintf("%+.3f", float64(v))
}

func threeDigits(v result.Value) string {
	if !v.Exists() {
		return "?"
	}
	return fmt.Sprintf("%.3f", float64(v))
}

// pText writes a p value; the smallest that permutations can give still has a digit.
func pText(p float64) string {
	switch {
	case math.IsNaN(p):
		return "-"
	case p < 0.001:
		return "<.001"
	}
	return fmt.Sprintf("%.3f", p)
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
