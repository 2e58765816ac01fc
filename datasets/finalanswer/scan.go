package finalanswer

import (
	"math"
	"strings"
)

// kind says what a run of digits is.
type kind int

const (
	plain      kind = iota
	fraction        // a/b, also with a whole number before it
	hour            // a time on the hour
	expression      // a factor of something that has no digits, such as 2\sqrt{3}
	other           // a time, a date, a version, an exponent: no number
)

// token is a number in a text, from its sign to the last character that belongs to it.
type token struct {
	Number
	kind     kind
	from, to int
}

// tokensIn lists the numbers in a normalised text.
func tokensIn(s string) []token {
	var out []token
	for i := 0; i < len(s); {
		if !digit(s, i) && !(s[i] == '.' && digit(s, i+1) && !digit(s, i-1)) {
			i++
			continue
		}
		found := tokensAt(s, i)
		out = append(out, found...)
		i = max(i+1, found[len(found)-1].to)
	}
	return out
}

// tokensAt reads the number that begins with the digit or point at i. A list without spaces, such as
// 1,2,3, is several numbers.
func tokensAt(s string, i int) []token {
	end := i + 1
	for end < len(s) && (digit(s, end) || strings.IndexByte(".,'_", s[end]) >= 0 && digit(s, end+1) && s[end-1] != '.' && s[end-1] != ',') {
		end++
	}
	listed := i > 0 && strings.IndexByte("([{", s[i-1]) >= 0
	value, ok := digits(s[i:end], listed)
	if !ok {
		return list(s, i, end)
	}
	t := token{Number{value, 1}, plain, i, end}
	switch {
	case strings.HasPrefix(s[end:], ":00") && !strings.HasPrefix(s[end+3:], ":"):
		t.kind, t.to = hour, end+3
	case partOfWord(s, i) || i > 0 && s[i-1] == '^' || i > 1 && s[i-2:i] == "^{" || math.IsInf(value, 0):
		t.kind = other
	case end+1 < len(s) && s[end] == ':' && digit(s, end+1) || i > 1 && s[i-1] == ':' && digit(s, i-2):
		t.kind = other
	default:
		t.power(s)
		t.over(s)
		t.scale(s)
	}
	t.sign(s)
	return []token{t}
}

// list reads a run of digits and separators that is no single number.
func list(s string, i, end int) []token {
	var out []token
	for from := i; from <= end; {
		length := strings.IndexByte(s[from:end], ',')
		if length < 0 {
			length = end - from
		}
		t := token{Number{0, 1}, other, from, from + length}
		if value, ok := digits(s[from:t.to], true); ok && !math.IsInf(value, 0) {
			t.Value, t.kind = value, plain
		}
		t.sign(s)
		out = append(out, t)
		from = t.to + 1
	}
	return out
}

// partOfWord reports whether the digit at i belongs to a name such as CO2 or x1. Codes of currencies
// are no part of a number.
func partOfWord(s string, i int) bool {
	from := i
	for from > 0 && letter(s[from-1]) {
		from--
	}
	if from == i {
		return false
	}
	switch strings.ToUpper(s[from:i]) {
	case "USD", "US", "EUR", "GBP", "INR", "RS", "CHF", "CAD", "AUD", "JPY", "CNY", "RM", "NO", "X", "BY":
		return false
	}
	return true
}

func digit(s string, i int) bool { return i >= 0 && i < len(s) && '0' <= s[i] && s[i] <= '9' }

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
