package pricelist

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// nan marks a price that a list does not have.
var nan = math.NaN()

// reader reads the prices of one model of a JSON document, and keeps the first defect.
type reader struct {
	list *List
	key  string
	err  error
}

// price returns the price in a field, NaN without one. shift is the power of ten by which the
// file's unit is multiplied: 6 for prices per token.
func (r *reader) price(model gjson.Result, field string, shift int) float64 {
	return r.number(model.Get(gjson.Escape(field)), field, shift)
}

func (r *reader) number(v gjson.Result, field string, shift int) float64 {
	written := v.Raw
	switch v.Type {
	case gjson.Null:
		return nan
	case gjson.String: // decimals are written so, to keep their digits
		written = strings.TrimSpace(v.Str)
	case gjson.Number:
	default:
		r.bad(field, v.Raw)
		return nan
	}
	n, ok := decimal(written, shift)
	if !ok || n < 0 {
		r.bad(field, v.Raw)
		return nan
	}
	return n
}

// decimal returns a number times a power of ten, rounded once, so that 3e-07 per token is 0.3 per
// million tokens.
func decimal(text string, shift int) (float64, bool) {
	mantissa, exponent, found := strings.Cut(strings.ToLower(text), "e")
	power := 0
	if found {
		var err error
		if power, err = strconv.Atoi(exponent); err != nil || power < -400 || power > 400 {
			return 0, false
		}
	}
	if strings.ContainsAny(mantissa, "xXpP_nN") { // hexadecimal, infinite, not a number
		return 0, false
	}
	v, err := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(power+shift), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

func (r *reader) bad(field, found string) {
	if r.err == nil {
		r.err = fmt.Errorf("%q: model %q, field %q: found %s, expected a price of 0 or more", r.list.Path, r.key, field, clip(found))
	}
}

// fail keeps a defect that concerns the whole model.
func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%q: model %q: "+format, append([]any{r.list.Path, r.key}, args...)...)
	}
}

// need records a defect unless a price has what every answer needs.
func (r *reader) need(p Price) {
	switch {
	case math.IsNaN(p.Input):
		r.fail("found no price of input tokens")
	case math.IsNaN(p.Output):
		r.fail("found no price of output tokens")
	}
}

// clip shortens a value in a message.
func clip(raw string) string {
	if len(raw) > 60 {
		return strings.ToValidUTF8(raw[:57], "") + "..."
	}
	return raw
}

// least returns the smaller of two limits, where 0 stands for none.
func least(a, b int) int {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

// limit returns a number of tokens; 0 if it is not one.
func limit(v gjson.Result) int {
	if n := v.Num; n >= 1 && n <= 1e12 {
		return int(n)
	}
	return 0
}

// anyField reports whether is holds for the value of any field or element of a document.
func anyField(doc gjson.Result, is func(gjson.Result) bool) (found bool) {
	doc.ForEach(func(_, v gjson.Result) bool {
		found = is(v)
		return !found
	})
	return found
}
