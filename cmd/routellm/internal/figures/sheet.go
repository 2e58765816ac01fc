package figures

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
)

// sheet is a table in two forms: for readers on the page, and as numbers for other programs.
type sheet struct {
	name, title string
	notes       []string
	page, csv   table.Table
}

// number formats a number as the shortest decimal that parses to the same value, NaN as ""
// and infinities as "inf" and "-inf".
func number(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 0):
		return strings.ToLower(strings.TrimPrefix(fmt.Sprint(x), "+"))
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// numbers formats a value and the ends of its interval.
func (e estimate) numbers() []string { return []string{number(e.value), number(e.Lo), number(e.Hi)} }

// formatter formats a value for the page.
type formatter func(x float64) string

func decimals(n int) formatter {
	return func(x float64) string { return orWords(x, strconv.FormatFloat(x, 'f', n, 64)) }
}

// percent formats a fraction as per cent.
func percent(x float64) string { return orWords(x, fmt.Sprintf("%.1f %%", 100*x)) }

func orWords(x float64, shown string) string {
	switch {
	case math.IsNaN(x):
		return "-"
	case math.IsInf(x, 0):
		return "never"
	}
	return shown
}

// show formats a value with its interval, if it has one.
func (e estimate) show(f formatter) string {
	if math.IsNaN(e.Lo) {
		return f(e.value)
	}
	return fmt.Sprintf("%s (%s to %s)", f(e.value), strings.TrimSuffix(f(e.Lo), " %"), f(e.Hi))
}

// word returns the standing as the text of a cell.
func (v standing) word() string {
	if v == notCompared {
		return "-"
	}
	return string(v)
}
