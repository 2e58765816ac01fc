package cli

import (
	"fmt"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

func writeOverlap(s streams, o *results.Overlap, format string) error {
	switch format {
	case "json":
		return o.Write(s.out)
	case "csv":
		return pairTable(o, [2]string{"a", "b"}, wholeID, cell).CSV(s.out)
	}
	show := shortenID
	if format == "markdown" {
		show = wholeID
	}
	if err := writeTable(s.out, leakTable(o), format); err != nil || len(o.Pairs) == 0 {
		return err
	}
	fmt.Fprintln(s.out)
	names := [2]string{show(o.A.Name), show(o.B.Name)}
	return writeTable(s.out, pairTable(o, names, show, fourDigits), format)
}

// leakTable counts the rows of A.
func leakTable(o *results.Overlap) *table.Table {
	t := &table.Table{Header: []string{"rows of " + shortenID(o.A.Name), "count", "share"}}
	where := "in " + shortenID(o.B.Name)
	if o.Within {
		where = "in another row"
	}
	for _, line := range []struct {
		what string
		n    int
	}{{"all", o.A.Rows}, {"same prompt " + where, o.Same}, {fmt.Sprintf("others near one, cosine from %v", float64(o.Cosine)), o.Near}} {
		t.Add(line.what, text.Thousands(line.n), fmt.Sprintf("%.2f %%", 100*float64(line.n)/float64(o.A.Rows)))
	}
	return t
}

// pairTable lists the closest pairs.
func pairTable(o *results.Overlap, names [2]string, id func(string) string, number func(results.Value) string) *table.Table {
	t := &table.Table{Header: []string{names[0], names[1], "cosine", "match"}, Left: []int{1, 3}}
	for _, p := range o.Pairs {
		t.Add(id(p.A), id(p.B), number(p.Cosine), p.Match)
	}
	return t
}

func fourDigits(v results.Value) string { return fmt.Sprintf("%.4f", float64(v)) }

func wholeID(id string) string { return id }

// maxID is the width of an id in a terminal's table.
const maxID = 28

func shortenID(id string) string { return keepEnd(id, maxID) }

// keepEnd shortens a name to a width; the end tells names apart.
func keepEnd(name string, width int) string {
	n := utf8.RuneCountInString(name)
	if n <= width {
		return name
	}
	return "…" + string([]rune(name)[n-width+1:])
}
