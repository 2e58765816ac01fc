package render

import (
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// optimisticTable has one row per router: published figures that are chosen on the prompts that
// measure them.
func optimisticTable(p results.Pool) *table.Table {
	u := poolUnit(p)
	t := &table.Table{Header: []string{"optimistic", "AIQ", "QNC", "QNC of hull", "peak quality"}}
	for _, r := range p.Routers {
		x := r.Optimistic
		t.Add(r.Name, u.Quality(x.AIQ), costFor(p, x.QNC), costFor(p, x.QNCHull), u.Quality(x.PeakQuality))
	}
	return t
}

// compatPoolTable has the figures of another tool, one row per model and router.
func compatPoolTable(p results.Pool) *table.Table {
	c, u := costUnitOf(p.Axis), poolUnit(p)
	t := &table.Table{Header: []string{p.Compat.Tool, "cost", "quality", "AIQ"}}
	arena := p.Compat.Tool == "routerarena"
	if arena {
		t.Header = append(t.Header[:3], "score", "opt_sel", "opt_cost", "opt_acc")
	}
	for _, r := range p.Compat.Rows {
		row := []string{table.Clip(r.Name, 24), orDash(r.Cost, c.cost), orDash(r.Quality, u.Quality)}
		if arena {
			row = append(row, FourDecimals(r.Score), FourDecimals(r.OptSelection), FourDecimals(r.OptCost), FourDecimals(r.OptAccuracy))
		} else {
			row = append(row, orDash(r.AIQ, FourDecimals))
		}
		t.Add(row...)
	}
	return t
}

// orDash writes a value, "-" if the row has none.
func orDash(v results.Value, write func(results.Value) string) string {
	if !v.Exists() {
		return "-"
	}
	return write(v)
}

// figureNotes explains the tables of optimistic figures and of other tools.
func figureNotes(p results.Pool, optimistic bool) []string {
	var notes []string
	if optimistic && len(p.Routers) > 0 {
		notes = append(notes, "optimistic: chosen on the prompts that measure them, so that routers without skill look good too; AIQ: area below the hull from the cheapest to the most expensive model (RouterBench's paper); QNC: cost that reaches the best model's quality, over its cost")
	}
	switch {
	case p.Compat == nil:
	case p.Compat.Tool == "routerarena":
		notes = append(notes, "routerarena: as RouterArena's compute_scores.py computes them; routers are measured where cost does not matter; the opt figures count prompts that some model answers right")
	default:
		notes = append(notes, "routerbench: as RouterBench's program computes them, which is not AIQ as its paper defines it; its oracle costs nothing where no model is right")
	}
	return notes
}
