package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// costUnit says how the costs of an axis are shown.
type costUnit struct {
	name  string  // such as "USD per 1,000 prompts"
	scale float64 // factor from a stored cost to the shown one
}

// costUnitOf returns the unit of an axis.
func costUnitOf(a results.Axis) costUnit {
	switch a {
	case results.LatencyAxis:
		return costUnit{"seconds per prompt", 1}
	case results.CharsAxis:
		return costUnit{"characters of output per prompt", 1}
	case results.CallsAxis:
		return costUnit{"calls to the strong model per prompt", 1}
	}
	return costUnit{"USD per 1,000 prompts", 1000}
}

// cost writes a cost with four significant digits, "?" if it cannot be computed.
func (c costUnit) cost(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return significant(c.scale * float64(v))
}

// significant writes a number of 0 or more with four significant digits and without an exponent.
func significant(x float64) string {
	decimals := 3
	if x != 0 {
		decimals = 3 - int(math.Floor(math.Log10(math.Abs(x))))
	}
	return strconv.FormatFloat(x, 'f', max(0, min(decimals, 9)), 64)
}

// poolUnit returns the unit of a pool's quality.
func poolUnit(p results.Pool) Unit { return UnitOf(results.Benchmark{Unit: p.Unit}) }

// lift writes a difference of qualities with its sign.
func (u Unit) lift(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return text.Unsigned(fmt.Sprintf("%+.*f", u.decimals(), u.Scale*float64(v)))
}

// decimals returns the number of decimals of differences.
func (u Unit) decimals() int {
	if u.Scale == 100 {
		return 2
	}
	return 4
}

// plain writes a quality or a standard deviation without its unit, "?" if it does not exist.
func (u Unit) plain(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return u.number(float64(v))
}

// number writes a difference or an end of an interval.
func (u Unit) number(x float64) string {
	number := text.Unsigned(fmt.Sprintf("%.*f", u.decimals(), u.Scale*x))
	return strings.Replace(strings.Replace(number, "-0.", "-.", 1), "0.", ".", map[bool]int{true: 1}[strings.HasPrefix(number, "0.")])
}

// short writes the interval of a quality with three decimals, as of one of many models.
func (u Unit) short(m results.Metric) string {
	if u.Scale == 100 {
		return u.interval(m)
	}
	return endsOf(m, ShortNumber)
}

// interval writes the interval of a quality or of a difference of qualities.
func (u Unit) interval(m results.Metric) string {
	return endsOf(m, u.number)
}

// endsOf writes an interval as [lo, hi], "?" if there is none, and "never" for an upper end that
// is never reached.
func endsOf(m results.Metric, end func(float64) string) string {
	switch {
	case !m.Lo.Exists():
		return "?"
	case !m.Hi.Exists():
		return "[" + end(float64(m.Lo)) + ", never]"
	}
	return "[" + end(float64(m.Lo)) + ", " + end(float64(m.Hi)) + "]"
}
