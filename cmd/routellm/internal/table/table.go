// Package table renders rows of text as a terminal table, Markdown or CSV. It is the only
// importer of tablewriter.
//
// Fill a [Table] with [Table.Add] and write it with [Table.Text], [Table.Markdown],
// [Table.CSV] or, in the width of a [Screen], with [Table.Screen].
package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/routellm/routellm/internal/text"
)

// Table is a header and rows, all with the same number of cells. The first column is
// aligned left, the others right unless Left lists them. Rows and columns count from 0.
type Table struct {
	Header []string
	Rows   [][]string
	Left   []int // further columns to align left

	Drop []int // columns that [Table.Screen] may leave out, in this order
	Bold []int // rows that [Table.Screen] shows in bold
}

// Add appends a row, which must have one cell per column.
func (t *Table) Add(cells ...string) { t.Rows = append(t.Rows, cells) }

// Text writes the table for a terminal, without borders or colour and with a rule under the
// header.
func (t *Table) Text(w io.Writer) error {
	none := tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off}
	rendition := tw.Rendition{
		Borders: none,
		Symbols: tw.NewSymbolCustom("plain").WithRow("-").WithColumn(" ").WithCenter("-").WithMidLeft("-").WithMidRight("-"),
		Settings: tw.Settings{
			Lines:      tw.Lines{ShowHeaderLine: tw.On},
			Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
		},
	}
	var b strings.Builder
	padding := make([]tw.Padding, len(t.Header))
	for i := range padding {
		padding[i] = tw.Padding{Right: "  ", Overwrite: true}
	}
	padding[len(padding)-1].Right = "" // otherwise the rule under the header is too long
	if err := render(&b, t, renderer.NewBlueprint(rendition), padding, text.Printable); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// Markdown writes a GitHub-flavoured Markdown table. Cells are escaped.
func (t *Table) Markdown(w io.Writer) error {
	return render(w, t, renderer.NewMarkdown(), nil, escapeMarkdown)
}

// CSV writes the table as CSV (RFC 4180), but with "\n" as line ends.
func (t *Table) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	if err := c.Write(t.Header); err != nil {
		return err
	}
	return c.WriteAll(t.Rows)
}

// render writes a table. It is no method, nor is [alignment]: every package that uses a Table would
// otherwise compile the generic types of tablewriter once more.
func render(w io.Writer, t *Table, r tw.Renderer, padding []tw.Padding, escape func(string) string) error {
	table := tablewriter.NewTable(w,
		tablewriter.WithRenderer(r),
		tablewriter.WithHeaderAutoFormat(tw.Off), // otherwise the header is upper-cased
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithAlignment(alignment(t)),
		tablewriter.WithHeaderPaddingPerColumn(padding),
		tablewriter.WithRowPaddingPerColumn(padding),
	)
	table.Header(escapeAll(t.Header, escape))
	for _, row := range t.Rows {
		if err := table.Append(escapeAll(row, escape)); err != nil {
			return err
		}
	}
	return table.Render()
}

func alignment(t *Table) tw.Alignment {
	a := make(tw.Alignment, len(t.Header))
	for i := range a {
		a[i] = tw.AlignRight
	}
	for _, i := range append([]int{0}, t.Left...) {
		a[i] = tw.AlignLeft
	}
	return a
}

// escapeMarkdown escapes what would end a Markdown cell. tablewriter does not escape.
func escapeMarkdown(s string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", " ", "\r", " ").Replace(s)
}

func escapeAll(cells []string, escape func(string) string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = escape(c)
	}
	return out
}
