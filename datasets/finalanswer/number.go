package finalanswer

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Number is a number as a text gives it.
type Number struct {
	Value float64 // Value is finite
	// Factor is what the words after the digits stand for: 0.01 for per cent and cents, 1000 for
	// thousand; 1 without such words. Value does not include it.
	Factor float64
}

// String returns the number as people write it.
func (n Number) String() string {
	digits := strconv.FormatFloat(n.Value, 'f', -1, 64)
	if a := math.Abs(n.Value); a >= 1e15 || a != 0 && a < 1e-6 {
		digits = strconv.FormatFloat(n.Value, 'g', -1, 64)
	}
	switch n.Factor {
	case 1:
		return digits
	case 0.01:
		return digits + "%"
	}
	return digits + " x " + strconv.FormatFloat(n.Factor, 'g', -1, 64)
}

// Equal reports whether two numbers are the same to within a relative tolerance, or an absolute one
// below 1. If only one of them has a factor, it may be in the other's unit: 5% equals 5 and 0.05, and
// 2 million equals 2 and 2,000,000.
func (n Number) Equal(m Number, tolerance float64) bool {
	near := func(a, b float64) bool { return math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b)) }
	if near(float64(n.Value*n.Factor), float64(m.Value*m.Factor)) && !onlySmall(n, m) {
		return true
	}
	return (n.Factor == 1) != (m.Factor == 1) && near(n.Value, m.Value)
}

// onlySmall reports whether the numbers differ although both are so near 0 that an absolute tolerance
// cannot tell.
func onlySmall(n, m Number) bool {
	a, b := math.Abs(n.Value*n.Factor), math.Abs(m.Value*m.Factor)
	return max(a, b) < 1e-6 && math.Abs(a-b) > 1e-9*max(a, b)
}

// ReadNumber returns the number that a text comes to: the one in the last \boxed{...}, after the last
// "####" or after the last "the answer is", whichever comes last and is followed by a number; or else
// the last number of the text.
//
// It reads signs, currency symbols, thousands and decimals in English and continental notation where
// only one reading is possible, scientific notation, fractions, per cent, and words such as million.
// Numbers in words count after a mark only, or if the text is nothing else. A range such as "5 to 7"
// and alternatives such as "5 or 6" after a mark are [ErrAmbiguous]. In prose, a fraction such as
// 1/2 counts only at the end or after "=": elsewhere it belongs to the question more often than to the
// answer.
func ReadNumber(text string) (Number, error) {
	text, err := Spoken(text)
	if err != nil {
		return Number{}, err
	}
	s := normal(text)
	if n, ok, err := marked(s); ok || err != nil {
		return n, err
	}
	if n, rest, ok := inWords(s); ok && strings.Trim(rest, " \t\r\n.!*") == "" {
		return n, nil
	}
	if n, ok := lastNumber(s); ok {
		return n, nil
	}
	return Number{}, fmt.Errorf("%w: no number", ErrNone)
}

// lastNumber returns the last number in prose.
func lastNumber(s string) (Number, bool) {
	tokens := tokensIn(s)
	for i := len(tokens) - 1; i >= 0; i-- {
		t := tokens[i]
		if t.kind == plain || t.kind == fraction && concludes(s, t) {
			return t.Number, true
		}
		if t.kind == expression {
			return Number{}, false
		}
	}
	return Number{}, false
}

// concludes reports whether a fraction stands at the end of a text or after an equals sign.
func concludes(s string, t token) bool {
	before := strings.TrimRight(s[:t.from], " *$(")
	return strings.HasSuffix(before, "=") || before == "" || strings.Trim(s[t.to:], " \t\r\n.!*$)]}") == ""
}
