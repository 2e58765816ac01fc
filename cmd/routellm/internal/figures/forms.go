package figures

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
)

// links matches a link in Markdown.
var links = regexp.MustCompile(`\[([^]]+)\]\([^)]+\)`)

// textPage returns all tables as text.
func textPage(sheets []sheet) ([]byte, error) {
	var b bytes.Buffer
	for i, s := range sheets {
		if i > 0 {
			fmt.Fprintln(&b)
		}
		fmt.Fprintf(&b, "%s\n\n", s.title)
		if err := s.page.Text(&b); err != nil {
			return nil, err
		}
		for _, note := range s.notes {
			fmt.Fprintf(&b, "\n%s\n", text.Wrap(links.ReplaceAllString(note, "$1")))
		}
	}
	return b.Bytes(), nil
}

// numbersOf is the form of a figure's or a table's numbers in figures.json.
type numbersOf struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"` // numbers, texts, and null for an empty cell
}

// numbersJSON returns the numbers of all figures and tables.
func numbersJSON(figures []figure, sheets []sheet) ([]byte, error) {
	var all []numbersOf
	for _, f := range figures {
		all = append(all, numbersOf{f.name, f.title, f.csv.Header, typed(f.csv)})
	}
	for _, s := range sheets {
		all = append(all, numbersOf{s.name, s.title, s.csv.Header, typed(s.csv)})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i, x := range all {
		b.WriteString(map[bool]string{true: "[", false: ","}[i == 0])
		if err := e.Encode(x); err != nil {
			return nil, err
		}
	}
	b.WriteString("]\n")
	return b.Bytes(), nil
}

// infinite reports whether [number] wrote an infinity.
func infinite(cell string) bool { return cell == "inf" || cell == "-inf" }

// typed returns the cells of a table as JSON has them. A column is one of numbers if each of its cells is
// a number or empty. Infinities stay the texts inf and -inf, as JSON has none.
func typed(t table.Table) [][]any {
	isNumber := make([]bool, len(t.Header))
	for k := range t.Header {
		isNumber[k] = true
		for _, row := range t.Rows {
			var x json.Number
			isNumber[k] = isNumber[k] && (row[k] == "" || infinite(row[k]) || json.Unmarshal([]byte(row[k]), &x) == nil)
		}
	}
	rows := make([][]any, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = make([]any, len(row))
		for k, cell := range row {
			switch {
			case cell == "":
			case isNumber[k] && !infinite(cell):
				rows[i][k], _ = strconv.ParseFloat(cell, 64) // as JSON has read it before
			default:
				rows[i][k] = cell
			}
		}
	}
	return rows
}
