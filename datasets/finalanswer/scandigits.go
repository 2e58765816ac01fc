package finalanswer

import (
	"math"
	"strconv"
	"strings"
)

// digits reads a run of digits and separators, in English notation or, where only that is possible,
// in continental notation. listed says that a comma more likely separates items than decimals.
func digits(run string, listed bool) (float64, bool) {
	if strings.ContainsAny(run, "'_") {
		end := strings.LastIndexAny(run, "'_") + 4
		if end > len(run) || !grouped(strings.ReplaceAll(run[:end], "'", "_"), "_") {
			return 0, false
		}
		run = strings.NewReplacer("'", "", "_", "").Replace(run)
	}
	commas, points := strings.Count(run, ","), strings.Count(run, ".")
	comma, point := strings.LastIndexByte(run, ','), strings.LastIndexByte(run, '.')
	switch {
	case commas == 0 && points <= 1:
	case commas == 0: // 1.234.567
		if !grouped(run, ".") {
			return 0, false
		}
		run = strings.ReplaceAll(run, ".", "")
	case points == 0 && grouped(run, ",") && run[0] != '0':
		run = strings.ReplaceAll(run, ",", "")
	case points == 0 && commas == 1 && !listed && (len(run)-comma <= 3 || run[0] == '0' && comma == 1): // 12,50 and 0,125
		run = strings.Replace(run, ",", ".", 1)
	case points == 1 && comma < point && grouped(run[:point], ","): // 1,234.5
		run = strings.ReplaceAll(run, ",", "")
	case commas == 1 && comma > point && grouped(run[:comma], "."): // 1.234,5
		run = strings.Replace(strings.ReplaceAll(run, ".", ""), ",", ".", 1)
	default:
		return 0, false
	}
	v, err := strconv.ParseFloat(run, 64)
	if err != nil && !math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// grouped reports whether separators stand between thousands.
func grouped(run, separator string) bool {
	for i, g := range strings.Split(run, separator) {
		if len(g) > 3 || i > 0 && len(g) != 3 || g == "" || strings.ContainsAny(g, ".,'_") {
			return false
		}
	}
	return true
}

// currencies are symbols that stand before or after a number.
const currencies = "$€£¥₹"

// sign reads what stands before the digits: a minus sign and a currency symbol in either order, or
// the word negative or minus.
func (t *token) sign(s string) {
	before := s[:t.from]
	if trimmed := strings.TrimRight(before, currencies); len(trimmed) < len(before) {
		before = trimmed
		if strings.HasSuffix(before, "US") || strings.HasSuffix(before, "(") {
			before = strings.TrimSuffix(before, "US")
		}
	}
	minus := strings.TrimSuffix(before, "-")
	if len(minus) == len(before) {
		spaced := strings.TrimSuffix(strings.TrimRight(before, " "), "-")
		if c := strings.TrimRight(spaced, " "); len(spaced) < len(strings.TrimRight(before, " ")) && strings.HasSuffix(c, "=") {
			minus = spaced // "= - 5"
		}
	}
	switch {
	case len(minus) < len(before):
		if minus == "" || !endsTerm(minus[len(minus)-1]) {
			t.Value, t.from = -t.Value, len(minus)
		}
	case wordBefore(before, "negative"), wordBefore(before, "minus") && !termBefore(before, "minus"):
		t.Value = -t.Value
	}
}

// endsTerm reports whether a "-" after c is a minus sign between terms or a hyphen, not the sign
// of the number after it.
func endsTerm(c byte) bool { return c == ')' || '0' <= c && c <= '9' || letter(c) }

func wordBefore(s, word string) bool {
	s = strings.TrimRight(s, " ")
	return len(s) >= len(word) && strings.EqualFold(s[len(s)-len(word):], word) && (len(s) == len(word) || !letter(s[len(s)-len(word)-1]))
}

// termBefore reports whether a number or a noun stands before the word at the end of s, which then
// is an operator.
func termBefore(s, word string) bool {
	s = strings.TrimRight(s, " ")
	s = strings.TrimRight(s[:len(s)-len(word)], " ")
	return s != "" && endsTerm(s[len(s)-1]) && !wordBefore(s, "is") && !wordBefore(s, "equals") && !wordBefore(s, "be")
}

// factors lists the words that multiply the number before them.
var factors = []struct {
	word   string
	factor float64
}{
	{"%", .01}, {"percent", .01}, {"per cent", .01}, {"pct", .01}, {"cents", .01}, {"cent", .01}, {"¢", .01},
	{"dozen", 12}, {"hundred", 100}, {"thousand", 1e3}, {"million", 1e6}, {"billion", 1e9}, {"trillion", 1e12},
}

// scale reads the word after the digits.
func (t *token) scale(s string) {
	rest := s[t.to:]
	word := strings.TrimLeft(rest, " -")
	for _, f := range factors {
		if len(word) >= len(f.word) && strings.EqualFold(word[:len(f.word)], f.word) && (len(word) == len(f.word) || !letter(word[len(f.word)]) || f.word == "%") {
			t.Factor, t.to = f.factor, t.to+len(rest)-len(word)+len(f.word)
			return
		}
	}
	if rest != "" && (rest[0] == 'k' || rest[0] == 'K') && (len(rest) == 1 || !letter(rest[1])) {
		t.Factor, t.to = 1e3, t.to+1
	}
	if t.from > 0 && s[t.from-1] == '$' && rest != "" && strings.IndexByte("MB", rest[0]) >= 0 && (len(rest) == 1 || !letter(rest[1])) {
		t.Factor, t.to = map[byte]float64{'M': 1e6, 'B': 1e9}[rest[0]], t.to+1
	}
	for _, factor := range []string{`\sqrt`, `\pi`, "√", "π", `\cdot \sqrt`} {
		if strings.HasPrefix(strings.TrimLeft(rest, " "), factor) {
			t.kind = expression
		}
	}
	if before := s[:t.from]; strings.HasSuffix(before, `\sqrt{`) || strings.HasSuffix(before, "√") {
		t.kind = expression
	}
}
