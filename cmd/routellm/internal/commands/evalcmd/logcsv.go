package evalcmd

import (
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// logRows returns one row per threshold, for CSV.
func logRows(d *results.LogEvaluation) *table.Table {
	t := &table.Table{Header: []string{"threshold", "always", "in_force", "strong_fraction"}}
	metrics := func(x results.LoggedThreshold) []struct {
		name string
		results.Metric
	} {
		return []struct {
			name string
			results.Metric
		}{{"quality", x.Quality}, {"against_logged", x.AgainstLogged}, {"over_random", x.OverRandom}, {"cost_usd", x.Cost},
			{"ips", x.IPS}, {"snips", x.SNIPS}, {"dr", x.DR}, {"sndr", x.SNDR}}
	}
	for _, m := range metrics(results.LoggedThreshold{}) {
		t.Header = append(t.Header, m.name, m.name+"_lo", m.name+"_hi")
	}
	t.Header = append(t.Header, "effective", "matched", "against_score", "max_weight")
	for _, x := range d.Thresholds {
		row := []string{render.Exact(x.Score), string(x.Always), strconv.FormatBool(x.InForce), render.Exact(x.StrongFraction)}
		for _, m := range metrics(x) {
			row = append(row, render.Exact(m.Value), render.Exact(m.Lo), render.Exact(m.Hi))
		}
		t.Add(append(row, render.Exact(x.Effective), render.Exact(x.Matched), strconv.Itoa(x.AgainstScore), render.Exact(x.MaxWeight))...)
	}
	return t
}
