package comparecmd

import (
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// pairRows returns one row per benchmark and pair, for CSV.
func pairRows(d *results.Comparison) *table.Table {
	t := &table.Table{Header: []string{
		"benchmark", "a", "b", "metric", "difference", "lo", "hi", "narrow_lo", "narrow_hi", "se", "detectable",
		"p", "p_holm", "verdict", "within_margin", "rescues", "losses", "safe", "hard", "mcnemar", "p_adjusted", "verdict_alone",
	}}
	for _, b := range d.Benchmarks {
		for _, p := range b.Pairs {
			row := []string{
				b.Name, p.A, p.B, b.Metric, render.Exact(p.Difference.Value), render.Exact(p.Difference.Lo), render.Exact(p.Difference.Hi),
				render.Exact(p.NarrowLo), render.Exact(p.NarrowHi), render.Exact(p.SE), render.Exact(p.Detectable), render.Exact(p.P), render.Exact(p.PHolm),
				p.Verdict, strconv.FormatBool(p.WithinMargin),
			}
			t.Add(append(append(row, decisionCells(p.Decisions)...), render.Exact(p.PAdjusted), p.VerdictAlone)...)
		}
	}
	return t
}

// decisionCells returns what becomes of the samples; nothing if they are not known.
func decisionCells(x *results.PairedDecisions) []string {
	if x == nil {
		return make([]string, 5)
	}
	return []string{strconv.Itoa(x.Rescues), strconv.Itoa(x.Losses), strconv.Itoa(x.Safe), strconv.Itoa(x.Hard), render.Exact(x.McNemar)}
}

// flipRows returns one row per benchmark, pair and sample, for CSV.
func flipRows(d *results.Comparison) *table.Table {
	t := &table.Table{Header: []string{"benchmark", "a", "b", "task", "sample_id", "flip"}}
	for _, b := range d.Benchmarks {
		for _, p := range b.Pairs {
			for _, x := range p.Decisions.Tasks {
				for _, list := range []struct {
					name string
					ids  []string
				}{{"rescue", x.Rescues}, {"loss", x.Losses}, {"safe", x.Safe}, {"hard", x.Hard}} {
					for _, id := range list.ids {
						t.Add(b.Name, p.A, p.B, x.Task, id, list.name)
					}
				}
			}
		}
	}
	return t
}
