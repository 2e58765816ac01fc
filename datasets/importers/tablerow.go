package importers

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/values"
)

// tableRow is one row of a tool's table, in any format. Tools of several versions call a column by
// several names, so most methods take all of them and read the first that has a value.
type tableRow struct {
	file    string
	row     int // counted from 1
	columns []string
	cells   []rows.Cell // one per column
	decimal rune
}

// cell returns the first of the columns that is not empty.
func (r tableRow) cell(columns ...string) (cell rows.Cell, column string) {
	for _, c := range columns {
		if i := slices.Index(r.columns, c); i >= 0 && r.cells[i].Kind != rows.Missing && r.cells[i].Text != "" {
			return r.cells[i], c
		}
	}
	return rows.Cell{}, columns[0]
}

// text returns a text or a number as it is written; "" if there is none.
func (r tableRow) text(columns ...string) string {
	cell, _ := r.cell(columns...)
	return cell.Text
}

// json returns the object or list in a column. CSV and some exports hold it as text.
func (r tableRow) json(columns ...string) gjson.Result {
	cell, _ := r.cell(columns...)
	text := strings.TrimSpace(cell.Text)
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") || strings.HasPrefix(text, `"`) {
		if gjson.Valid(text) {
			return gjson.Parse(text)
		}
	}
	return gjson.Result{}
}

// number returns a number, or NaN if it is not known.
func (r tableRow) number(columns ...string) (float64, error) {
	cell, column := r.cell(columns...)
	v, ok := values.Parser{Decimal: r.decimal}.Number(cell.Text)
	if !ok {
		return math.NaN(), r.bad(column, cell.Text, "a number")
	}
	return v, nil
}

// amount returns a number that cannot be negative, such as a cost; NaN if it is not known. Words
// that stand for qualities are no amounts.
func (r tableRow) amount(columns ...string) (float64, error) {
	cell, column := r.cell(columns...)
	v, kind := values.Parser{Decimal: r.decimal}.Read(cell.Text)
	if kind != values.Number && kind != values.Missing || v < 0 {
		return math.NaN(), r.bad(column, cell.Text, "a number of at least 0")
	}
	return v, nil
}

// bool reports whether a column says true. Anything but true, as programs write it, is false.
func (r tableRow) bool(columns ...string) bool {
	switch strings.ToLower(r.text(columns...)) {
	case "true", "1", "t", "yes":
		return true
	}
	return false
}

// prompt returns the text of a prompt: plain, or a conversation in any form.
func (r tableRow) prompt(mode prompttext.Mode, columns ...string) (string, error) {
	cell, column := r.cell(columns...)
	read := prompttext.FromText
	if cell.Kind == rows.JSON {
		read = prompttext.FromJSON
	}
	text, err := read(cell.Text, mode)
	if err != nil {
		return "", fmt.Errorf("%q: row %d, column %q: %w", r.file, r.row, column, err)
	}
	return text, nil
}

// bad returns the error of a value that cannot be used.
func (r tableRow) bad(column, found, expected string) error {
	return fmt.Errorf("%q: row %d, column %q: found %s, expected %s", r.file, r.row, column, shorten(found), expected)
}

// shorten quotes a value for a message, without most of a long text.
func shorten(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return fmt.Sprintf("%q", text)
}

// graded returns an answer that knows where it stands.
func (r tableRow) graded() datasets.Graded {
	g := datasets.NewGraded()
	g.File, g.Row = r.file, r.row
	return g
}

// field is a number of an answer and the columns that may hold it.
type field struct {
	to      *float64
	columns []string
}

// fill reads amounts.
func (r tableRow) fill(fields ...field) (err error) {
	for _, f := range fields {
		if *f.to, err = r.amount(f.columns...); err != nil {
			return err
		}
	}
	return nil
}

func of(to *float64, columns ...string) field { return field{to, columns} }

// has reports whether any of the columns has a value.
func (r tableRow) has(columns ...string) bool {
	return slices.ContainsFunc(columns, func(c string) bool {
		text := r.text(c)
		return text != "" && text != "{}"
	})
}

var nan = math.NaN()

// known returns the first value that is not NaN; NaN if there is none.
func known(options ...float64) float64 {
	for _, v := range options {
		if v == v {
			return v
		}
	}
	return nan
}

// numberIn returns the number at a path in JSON, which may be written as text; NaN if there is
// none.
func numberIn(v gjson.Result, path string) float64 {
	n := v.Get(path)
	if n.Type == gjson.String {
		if x, ok := (values.Parser{}).Number(n.Str); ok {
			return x
		}
	}
	if n.Type != gjson.Number {
		return nan
	}
	return n.Num
}

// amounts reads several amounts.
func (r tableRow) amounts(columns ...string) (out []float64, err error) {
	out = make([]float64, len(columns))
	for i, c := range columns {
		if out[i], err = r.amount(c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// wordValue returns the value of a word such as "correct".
func wordValue(word string) (float64, bool) {
	v, ok := values.Parser{}.Number(word)
	return v, ok && v == v
}

// promptID returns an id for a sample that has none but its prompt: the same in every file.
func promptID(prompt string) string { return datasets.SHA256Hex(prompt)[:16] }

// firstTurn returns the mode for benchmarks whose prompts are lists of the user's turns, which
// were asked one after another: a router decides at the first.
func firstTurn(mode prompttext.Mode) prompttext.Mode {
	if mode == "" {
		return prompttext.First
	}
	return mode
}
