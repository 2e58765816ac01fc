package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
)

var (
	//go:embed page/report.html.tmpl
	pageTemplate string
	//go:embed page/report.css
	css string
	//go:embed page/report.js
	js string
)

// whole is what the template gets.
type whole struct {
	Page
	CSS  template.CSS
	JS   template.JS
	Data embedded
}

// namedChart is a chart with what it is called.
type namedChart struct {
	Name  string
	Chart chart
}

// HTML writes the page as one file of HTML: style, program and data are in it.
func (p Page) HTML(w io.Writer) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"left":    func(t *table.Table, column int) bool { return slices.Contains(t.Left, column) },
		"series":  func(i int) string { return fmt.Sprintf("c%d d%d", i%7, i%5) },
		"at":      at,
		"cost":    p.Price.cost,
		"chartOf": func(s Section) namedChart { return namedChart{s.Title, newChart(s.Chart)} },
	}).Parse(pageTemplate)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, whole{p, template.CSS(css), template.JS(js), embed(p)}); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// at is a column's text that is shown first.
func at(column []string) string {
	if column == nil {
		return "-"
	}
	return column[Half]
}

// cost is what the calls in a column's first text, or both ends of them, cost.
func (p Price) cost(calls []string) string {
	text := at(calls)
	if text == "-" {
		return text
	}
	ends := strings.Split(text, " to ")
	for i, end := range ends {
		percent, err := strconv.ParseFloat(end, 64)
		if err != nil {
			return "-"
		}
		ends[i] = fmt.Sprintf("%.4f", (float64(p.Strong*percent)+float64(p.Weak*(100-percent)))/100)
	}
	return strings.Join(ends, " to ")
}
