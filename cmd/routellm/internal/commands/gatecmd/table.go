package gatecmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// writeGate writes the verdicts in one of the formats of --format.
func writeGate(w io.Writer, g *results.Gate, format string) error {
	switch format {
	case "json":
		return g.Write(w)
	case "csv":
		return gateRecords(g).CSV(w)
	}
	markdown := format == "markdown"
	heading, item := fmt.Sprintf("gate: %s (%s)", g.Status, statuses(g)), ""
	if markdown {
		heading, item = "## "+heading, "- "
	}
	fmt.Fprintf(w, "%s\n\n", heading)
	if err := render.Table(w, gateTable(g, markdown), format); err != nil {
		return err
	}
	for i, note := range gateNotes(g) {
		if i == 0 {
			fmt.Fprintln(w)
		}
		if !markdown {
			note = text.Wrap(note)
		}
		fmt.Fprintln(w, item+note)
	}
	return nil
}

// statuses returns the number of checks per status in words.
func statuses(g *results.Gate) string {
	var parts []string
	for _, status := range []string{"pass", "fail", "inconclusive", "waived"} {
		if n := g.Count(status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
		}
	}
	return strings.Join(parts, ", ")
}

// maxTarget is the width of a path in a table for a terminal, in characters.
const maxTarget = 40

// gateTable returns one row per check. Unless whole is set, long paths are shortened.
func gateTable(g *results.Gate, whole bool) *table.Table {
	t := &table.Table{Header: []string{"status", "number", "value", "wanted"}, Left: []int{1}}
	for _, v := range g.Verdicts {
		target := v.Target
		if v.Delta {
			target = "delta." + target
		}
		if !whole {
			target = render.ClipStart(target, maxTarget)
		}
		value := "?"
		if v.Value.Exists() {
			value = fmt.Sprintf("%.5g", float64(v.Value))
		}
		t.Add(v.Status, target, value, v.Op+" "+render.Exact(v.Bound))
	}
	return t
}

// gateNotes returns a note with the reason for each check that does not simply pass.
func gateNotes(g *results.Gate) []string {
	var notes []string
	for _, v := range g.Verdicts {
		if v.Reason != "" {
			notes = append(notes, fmt.Sprintf("%s: %s, %s: %s", v.Status, v.Rule, v.Target, v.Reason))
		}
	}
	return notes
}

// gateRecords returns one row per check with nothing shortened, for CSV.
func gateRecords(g *results.Gate) *table.Table {
	t := &table.Table{Header: []string{"status", "rule", "delta", "number", "value", "operator", "bound", "reason"}}
	for _, v := range g.Verdicts {
		t.Add(v.Status, v.Rule, fmt.Sprint(v.Delta), v.Target, render.Exact(v.Value), v.Op, render.Exact(v.Bound), v.Reason)
	}
	return t
}
