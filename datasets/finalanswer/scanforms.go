package finalanswer

import (
	"math"
	"strconv"
	"strings"
)

// power reads an exponent: 1.2e5, 1.2 x 10^5 and 10^5.
func (t *token) power(s string) {
	rest := s[t.to:]
	if len(rest) > 1 && (rest[0] == 'e' || rest[0] == 'E') {
		if n, to := integer(s, t.to+1); to > 0 && !(to < len(s) && letter(s[to])) {
			t.times(math.Pow(10, n), to)
		}
		return
	}
	if strings.HasPrefix(rest, "^") {
		if n, to := integer(s, t.to+1); to > 0 {
			t.Value, t.to = math.Pow(t.Value, n), to
			t.checked()
		}
		return
	}
	at := t.to + len(rest) - len(strings.TrimLeft(rest, " "))
	if at >= len(s) || strings.IndexByte("xX*", s[at]) < 0 {
		return
	}
	at += 1 + len(s[at+1:]) - len(strings.TrimLeft(s[at+1:], " "))
	if strings.HasPrefix(s[at:], "10^") {
		if n, to := integer(s, at+3); to > 0 {
			t.times(math.Pow(10, n), to)
		}
	}
}

func (t *token) times(factor float64, to int) {
	t.Value, t.to = float64(t.Value*factor), to
	if factor < 1 { // 1.2e-5 is nearer to the decimal than the product
		if v, err := strconv.ParseFloat(strconv.FormatFloat(t.Value, 'g', 15, 64), 64); err == nil {
			t.Value = v
		}
	}
	t.checked()
}

// checked marks a value that is no finite number.
func (t *token) checked() {
	if t.Value-t.Value != 0 {
		t.Value, t.kind = 0, other
	}
}

// integer reads an exponent at i, with a sign and perhaps in braces. to is 0 if there is none.
func integer(s string, i int) (n float64, to int) {
	from, braces := i, false
	if from < len(s) && s[from] == '{' {
		from, braces = from+1, true
	}
	end := from
	if end < len(s) && (s[end] == '-' || s[end] == '+') {
		end++
	}
	for digit(s, end) {
		end++
	}
	v, err := strconv.Atoi(strings.TrimPrefix(s[from:end], "+"))
	if err != nil || braces && (end >= len(s) || s[end] != '}') {
		return 0, 0
	}
	if braces {
		end++
	}
	return float64(v), end
}

// over reads the rest of a fraction: 3/4, 1 1/2 and 2 and a half.
func (t *token) over(s string) {
	if t.kind != plain || t.Value != math.Trunc(t.Value) {
		return
	}
	if value, to := quotient(s, t.to, t.Value); to > 0 {
		t.Value, t.kind, t.to = value, fraction, to
		if to < len(s) && s[to] == '/' && digit(s, to+1) {
			t.kind = other // a date
		}
		return
	}
	const half = " and a half"
	if strings.HasPrefix(s[t.to:], half) {
		t.Value, t.to = t.Value+0.5, t.to+len(half)
		return
	}
	at := t.to
	for at < len(s) && s[at] == ' ' {
		at++
	}
	end := at
	for digit(s, end) {
		end++
	}
	if at == t.to || end == at || end-at > 3 {
		return
	}
	top, err := strconv.Atoi(s[at:end])
	if err != nil {
		return
	}
	if value, to := quotient(s, end, float64(top)); to > 0 && value < 1 {
		t.Value, t.kind, t.to = t.Value+value, fraction, to
	}
}

// quotient reads what a number is divided by. to is 0 if nothing divides it.
func quotient(s string, i int, top float64) (value float64, to int) {
	if i >= len(s) || s[i] != '/' || !digit(s, i+1) {
		return 0, 0
	}
	end := i + 1
	for digit(s, end) {
		end++
	}
	bottom, err := strconv.ParseFloat(s[i+1:end], 64)
	if err != nil || bottom == 0 {
		return 0, 0
	}
	return top / bottom, end
}
