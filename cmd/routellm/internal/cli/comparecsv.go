package cli

import (
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// pairRows is the comparison as one wide table: a row a benchmark and pair.
func pairRows(d *results.Comparison) *table.Table {
	t := &table.Table{Header: []string{
		"benchmark", "a", "b", "metric", "difference", "lo", "hi", "narrow_lo", "narrow_hi", "se", "detectable",
		"p", "p_holm", "verdict", "within_margin", "rescues", "losses", "safe", "hard", "mcnemar",
	}}
	for _, b := range d.Benchmarks {
		for _, p := range b.Pairs {
			x := p.Decisions
			t.Add(b.Name, p.A, p.B, b.Metric, cell(p.Difference.Value), cell(p.Difference.Lo), cell(p.Difference.Hi),
				cell(p.NarrowLo), cell(p.NarrowHi), cell(p.SE), cell(p.Detectable), cell(p.P), cell(p.PHolm),
				p.Verdict, strconv.FormatBool(p.WithinMargin), strconv.Itoa(x.Rescues), strconv.Itoa(x.Losses),
				strconv.Itoa(x.Safe), strconv.Itoa(x.Hard), cell(x.McNemar))
		}
	}
	return t
}

// flipRows has a row a pair and sample.
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
