package datasetscmd

import (
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// writeOverlap writes the counts and the closest pairs in one of the formats of --format.
func writeOverlap(s cmdutil.Streams, o *results.Overlap, format string) error {
	switch format {
	case "json":
		return o.Write(s.Out)
	case "csv":
		return pairTable(o, [2]string{"a", "b"}, wholeID, render.Exact).CSV(s.Out)
	}
	show := shortenID
	if format == "markdown" {
		show = wholeID
	}
	if err := render.Table(s.Out, leakTable(o), format); err != nil || len(o.Pairs) == 0 {
		return err
	}
	fmt.Fprintln(s.Out)
	names := [2]string{show(o.A.Name), show(o.B.Name)}
	return render.Table(s.Out, pairTable(o, names, show, render.FourDecimals), format)
}

// leakTable returns the number of rows of A in all, of those whose prompt is in B, and of
// those with only a near-duplicate in B.
func leakTable(o *results.Overlap) *table.Table {
	t := &table.Table{Header: []string{"rows of " + shortenID(o.A.Name), "count", "share"}}
	where := "in " + shortenID(o.B.Name)
	if o.Within {
		where = "in another row"
	}
	for _, line := range []struct {
		what string
		n    int
	}{{"all", o.A.Rows}, {"same prompt " + where, o.Same}, {fmt.Sprintf("near-duplicate, cosine from %v", float64(o.Cosine)), o.Near}} {
		t.Add(line.what, text.Thousands(line.n), fmt.Sprintf("%.2f %%", 100*float64(line.n)/float64(o.A.Rows)))
	}
	return t
}

// pairTable returns one row per pair, closest first. names heads the columns of ids; id and
// number format the cells.
func pairTable(o *results.Overlap, names [2]string, id func(string) string, number func(results.Value) string) *table.Table {
	t := &table.Table{Header: []string{names[0], names[1], "cosine", "match"}, Left: []int{1, 3}}
	for _, p := range o.Pairs {
		t.Add(id(p.A), id(p.B), number(p.Cosine), p.Match)
	}
	return t
}

// wholeID returns the id as it is.
func wholeID(id string) string { return id }

// maxID is the width of an id in a table for a terminal, in characters.
const maxID = 28

// shortenID cuts the beginning of an id that is longer than maxID.
func shortenID(id string) string { return render.ClipStart(id, maxID) }
