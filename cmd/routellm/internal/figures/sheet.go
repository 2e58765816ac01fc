package figures

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
)

// sheet is a table: as it is read on the page, and as numbers for other programs.
type sheet struct {
	name, title string
	notes       []string
	page, csv   table.Table
}

// csvFile is the table's numbers.
func csvFile(name string, t *table.Table) (File, error) {
	var b bytes.Buffer
	err := t.CSV(&b)
	return File{name + ".csv", b.Bytes()}, err
}

// number writes the shortest decimal that reads back the same, "" for no value and "inf"
// or "-inf" for what is never reached.
func number(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 0):
		return strings.ToLower(strings.TrimPrefix(fmt.Sprint(x), "+"))
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// numbers writes a value and its interval.
func (e estimate) numbers() []string { return []string{number(e.value), number(e.Lo), number(e.Hi)} }

// shower writes a value for the page.
type shower func(x float64) string

func decimals(n int) shower {
	return func(x float64) string { return orWords(x, strconv.FormatFloat(x, 'f', n, 64)) }
}

// percent shows a fraction.
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

// show writes a value with its interval.
func (e estimate) show(f shower) string {
	if math.IsNaN(e.Lo) {
		return f(e.value)
	}
	return fmt.Sprintf("%s (%s to %s)", f(e.value), strings.TrimSuffix(f(e.Lo), " %"), f(e.Hi))
}

// word is the verdict in a cell.
func (v verdict) word() string {
	if v == noPartner {
		return "-"
	}
	return string(v)
}
