package pages

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// newPoolSection builds the section of one pool of a results file. name, if not "", is added to
// the title to tell files apart.
func newPoolSection(p results.Pool, c results.Conventions, name string) report.PoolSection {
	s := report.PoolSection{
		Title: render.PoolTitle(p), Facts: poolFacts(p), Summary: poolSummary(p, c.Intervals), Chart: render.PoolFigure(p), Budgets: budgetsOf(p),
		Notes: render.PoolNotes(p, c.Intervals),
	}
	for _, t := range render.PoolTables(p, c.Intervals) {
		s.Tables = append(s.Tables, report.Block{Caption: t.Caption, Table: t.Table})
	}
	if name != "" {
		s.Title += " (" + name + ")"
	}
	return s
}

// poolFacts lists the number of models and samples, and the range of budgets.
func poolFacts(p results.Pool) []report.Fact {
	c := render.CostUnitOf(p)
	facts := []report.Fact{
		{Name: "models", Value: strconv.Itoa(len(p.Models))},
		{Name: "best model", Value: p.Best},
		{Name: "cheapest model", Value: p.Cheapest},
		{Name: "budgets, " + c.Name(), Value: c.Cost(p.Range.Lo) + " to " + c.Cost(p.Range.Hi)},
		{Name: "samples", Value: text.Thousands(p.Samples)},
	}
	if p.Clusters > 0 && p.Clusters < p.Samples {
		facts = append(facts, report.Fact{Name: "independent clusters", Value: text.Thousands(p.Clusters)})
	}
	if left := render.PoolExclusions(p.Excluded); left != "" {
		facts = append(facts, report.Fact{Name: "left out", Value: left})
	}
	if len(p.Prices) > 0 {
		facts = append(facts, report.Fact{Name: "costs", Value: render.PriceSources(p.Prices)})
	}
	return facts
}

// modelOf returns a model of the pool by name.
func modelOf(p results.Pool, name string) results.PoolModel {
	if i := slices.IndexFunc(p.Models, func(m results.PoolModel) bool { return m.Name == name }); i >= 0 {
		return p.Models[i]
	}
	none := results.NewMetric(math.NaN())
	return results.PoolModel{Name: name, Cost: none, Quality: none}
}

// poolSummary returns the main results in sentences: what the best model is, whether routers are
// better than the static mix, and what they cost for a share of the best model's quality.
func poolSummary(p results.Pool, i results.Intervals) []string {
	u, c, best := render.PoolUnit(p), render.CostUnitOf(p), modelOf(p, p.Best)
	cheap := modelOf(p, p.Cheapest)
	out := []string{fmt.Sprintf("%s has the highest quality of %s, %s, for %s %s; %s is the cheapest, %s for %s.",
		best.Name, text.Plural(len(p.Models), "model"), u.Quality(best.Quality.Value), c.Cost(best.Cost.Value), c.Name(), cheap.Name, u.Quality(cheap.Quality.Value), c.Cost(cheap.Cost.Value))}
	for _, r := range p.Routers {
		out = append(out, liftWords(r, u, i))
		if t, ok := r.Metrics.CostFor["0.95"]; ok && t.Value.Exists() {
			out = append(out, fmt.Sprintf("%s reaches 95 %% of %s's quality for %s of its cost.", r.Name, p.Best, withInterval(t.Metric, i)))
		}
	}
	return out
}

// liftWords says how a router compares with the static mix of models.
func liftWords(r results.PoolRouter, u render.Unit, i results.Intervals) string {
	lift := r.Metrics.Lift
	if !lift.Value.Exists() {
		return fmt.Sprintf("%s has no lift over the static mix of models: the range of budgets is empty.", r.Name)
	}
	how := "above"
	value := lift.Value
	if value < 0 {
		how, value = "below", -value
	}
	said := fmt.Sprintf("%s is on average %s %s the static mix of models that looks at no prompt", r.Name, u.Quality(value), how)
	if lift.Lo.Exists() && lift.Hi.Exists() {
		said += fmt.Sprintf(" (%s interval of the lift %s to %s)", render.Confidence(i), u.Quality(lift.Lo), u.Quality(lift.Hi))
		if lift.Lo <= 0 && lift.Hi >= 0 {
			said += ", which is not significant"
		}
	}
	return said + "."
}

// budgetsOf returns what the routers, the static mix and the oracle do within each budget.
func budgetsOf(p results.Pool) report.Budgets {
	u, c, best := render.PoolUnit(p), render.CostUnitOf(p), modelOf(p, p.Best)
	b := report.Budgets{Unit: c.Name(), Quality: u.Label(), Best: p.Best}
	for _, m := range p.Models {
		b.Models = append(b.Models, m.Name)
	}
	for _, x := range p.Budgets {
		b.At, b.Texts = append(b.At, c.Shown(x)), append(b.Texts, c.Cost(x))
	}
	f := budgetFormat{u, c, best, len(p.Models)}
	for _, r := range p.Routers {
		b.Routers = append(b.Routers, f.row(r.Name, r.Budgets, true))
	}
	static := f.row("static mix", staticMix(p), true)
	static.Lambda = nil
	b.Routers = append(b.Routers, static)
	if p.Summary == nil && !slices.ContainsFunc(p.Routers, func(r results.PoolRouter) bool { return r.Oracle }) {
		b.Routers = append(b.Routers, f.row("oracle", along(p.Controls.Oracle, p.Budgets), false))
	}
	return b
}

// along returns the points of a control's line within each budget.
func along(line []results.PoolPoint, budgets []results.Value) []results.PoolBudget {
	out := make([]results.PoolBudget, len(budgets))
	for i, budget := range budgets {
		out[i].PoolPoint = within(line, budget)
	}
	return out
}

// staticMix returns the static mix within each budget, with the calls to its models.
func staticMix(p results.Pool) []results.PoolBudget {
	line := p.Controls.Static
	out := along(line, p.Budgets)
	for i, x := range out {
		if !x.Cost.Exists() {
			continue
		}
		out[i].Calls = make([]results.Value, len(p.Models))
		k := slices.IndexFunc(line, func(v results.PoolPoint) bool { return v.Cost >= x.Cost })
		share := results.Value(1)
		if k > 0 {
			share = (x.Cost - line[k-1].Cost) / (line[k].Cost - line[k-1].Cost)
			out[i].Calls[vertexModel(p, line[k-1])] = 1 - share
		}
		out[i].Calls[vertexModel(p, line[k])] += share
	}
	return out
}

// vertexModel returns the index of the model at a vertex of the static mix.
func vertexModel(p results.Pool, v results.PoolPoint) int {
	return max(0, slices.IndexFunc(p.Models, func(m results.PoolModel) bool {
		return m.OnHull && m.Cost.Value == v.Cost && m.Quality.Value == v.Quality
	}))
}

// within returns the point of a line whose cost rises at a budget: its end beyond it, and a missing
// one before it.
func within(line []results.PoolPoint, budget results.Value) results.PoolPoint {
	k := slices.IndexFunc(line, func(x results.PoolPoint) bool { return x.Cost >= budget })
	switch {
	case len(line) == 0 || k == 0 && line[0].Cost > budget:
		return results.PoolPoint{Lambda: results.Missing, Cost: results.Missing, Quality: results.Missing}
	case k == 0:
		return line[0]
	case k < 0:
		return line[len(line)-1]
	}
	a, z := line[k-1], line[k]
	share := float64((budget - a.Cost) / (z.Cost - a.Cost))
	return results.PoolPoint{Lambda: z.Lambda, Cost: budget, Quality: a.Quality + results.Value(share*float64(z.Quality-a.Quality))}
}

// budgetFormat writes operating points as a page shows them.
type budgetFormat struct {
	u      render.Unit
	c      render.CostUnit
	best   results.PoolModel
	models int
}

// row returns the row of one router. policy says whether it has lambdas and calls.
func (f budgetFormat) row(name string, points []results.PoolBudget, policy bool) report.BudgetRow {
	r := report.BudgetRow{Name: name}
	if policy {
		r.Calls = make([][]string, f.models)
	}
	for _, x := range points {
		r.Quality = append(r.Quality, f.number(x.Quality))
		r.Cost = append(r.Cost, orDash(x.Cost, f.c.Cost))
		r.Saved = append(r.Saved, orDash(f.best.Cost.Value-x.Cost, f.c.Cost))
		r.Kept = append(r.Kept, orDash(x.Quality/f.best.Quality.Value, func(v results.Value) string { return fmt.Sprintf("%.1f", 100*float64(v)) }))
		if !policy {
			continue
		}
		r.Lambda = append(r.Lambda, f.lambda(x))
		for m := range r.Calls {
			calls := "-"
			if m < len(x.Calls) {
				calls = orDash(x.Calls[m], func(v results.Value) string { return fmt.Sprintf("%.1f", 100*float64(v)) })
			}
			r.Calls[m] = append(r.Calls[m], calls)
		}
	}
	return r
}

// number writes a quality without its unit.
func (f budgetFormat) number(v results.Value) string {
	return orDash(v, func(v results.Value) string { return strings.TrimSuffix(f.u.Quality(v), " %") })
}

// lambda writes a lambda, which no place before the first vertex has.
func (f budgetFormat) lambda(x results.PoolBudget) string {
	return orDash(x.Lambda, func(v results.Value) string { return strconv.FormatFloat(float64(v), 'g', 4, 64) })
}

// orDash writes a value, "-" if it does not exist.
func orDash(v results.Value, write func(results.Value) string) string {
	if !v.Exists() {
		return "-"
	}
	return write(v)
}
