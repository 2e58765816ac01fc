package report

import (
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
)

// html renders one pool.
func (s PoolSection) html(looks palette) g.Node {
	return titled(s.ID, "pool", s.Title,
		ln(h.Dl(each(s.Facts, func(_ int, f Fact) g.Node { return h.Div(h.Dt(h.Text(f.Name)), h.Dd(h.Text(f.Value))) }))),
		ln(h.Ul(h.Class("summary"), items(s.Summary))),
		newPoolChart(s.Chart).html(s.Title, looks),
		g.Iff(len(s.Budgets.At) > 0, func() g.Node { return s.Budgets.html(s.ID) }),
		ln(h.H3(h.Text("Metrics"))),
		each(s.Tables, func(_ int, b Block) g.Node { return b.html() }),
		h.If(len(s.Notes) > 0, g.Group{ln(h.H3(h.Text("Notes"))), ln(h.Ul(h.Class("notes"), items(s.Notes)))}),
	)
}

// html renders the controls that choose a budget, and the table of what every router does within
// it.
func (b Budgets) html(id string) g.Node {
	start := b.start()
	return g.Group{
		ln(h.H3(h.ID(id+"-point"), h.Text("Budget"))),
		ln(h.Form(h.Class("needs-js controls"), h.Aria("labelledby", id+"-title "+id+"-point"),
			ln(h.Label(h.Class("wide"), h.Text("budget "), ln(h.El("output", h.Name("shown"), h.Text(b.Texts[start]+" "+b.Unit))),
				h.Input(h.Type("range"), h.Name("budget"), h.Min("0"), h.Max(strconv.Itoa(len(b.At)-1)), h.Value(strconv.Itoa(start)), h.Aria("valuetext", b.Texts[start]+" "+b.Unit)))),
			ln(h.FieldSet(h.Legend(h.Text("Or set a value for one router")),
				choice("router", "router", each(b.Routers, func(i int, r BudgetRow) g.Node { return h.Option(h.Value(strconv.Itoa(i)), h.Text(r.Name)) })),
				number(b.Quality, "quality"),
				number(b.Unit, "usd"),
			)),
			ln(h.P(h.Class("said"), h.Role("status"))),
		)),
		ln(scroll("Routers within the budget", b.table())),
	}
}

// budgetColumn is a column of the table of budgets. The page's script finds it by its key.
type budgetColumn struct {
	title, key string
	of         func(BudgetRow) []string
}

func (b Budgets) columns() []budgetColumn {
	return []budgetColumn{
		{b.Quality, "quality", func(r BudgetRow) []string { return r.Quality }},
		{"share of " + b.Best + "'s quality, %", "kept", func(r BudgetRow) []string { return r.Kept }},
		{"spent, " + b.Unit, "cost", func(r BudgetRow) []string { return r.Cost }},
		{"saved against always " + b.Best + ", " + b.Unit, "saved", func(r BudgetRow) []string { return r.Saved }},
		{"lambda", "lambda", func(r BudgetRow) []string { return r.Lambda }},
	}
}

func (b Budgets) table() g.Node {
	start, columns := b.start(), b.columns()
	return h.Table(h.Class("points"),
		h.Caption(h.Text("Every router within "), h.Span(h.Class("point"), h.Text(b.Texts[start]+" "+b.Unit))),
		ln(h.THead(h.Tr(columnHeader("router"), each(columns, func(_ int, c budgetColumn) g.Node { return columnHeader(c.title) }),
			h.Th(h.Scope("col"), h.Class("left"), h.Text("calls to each model"))))),
		h.TBody(each(b.Routers, func(_ int, r BudgetRow) g.Node {
			return ln(h.Tr(rowHeader(r.Name), each(columns, func(_ int, c budgetColumn) g.Node {
				return h.Td(h.Data("k", c.key), h.Text(textAt(c.of(r), start)))
			}), h.Td(h.Data("k", "calls"), h.Class("left mix"), h.Text(b.mix(r, start)))))
		})),
	)
}

func textAt(column []string, at int) string {
	if column == nil {
		return "-"
	}
	return column[at]
}

// mix writes the share of the prompts that each model answers, the largest first.
func (b Budgets) mix(r BudgetRow, at int) string {
	type part struct {
		percent float64
		text    string
	}
	var parts []part
	for m, column := range r.Calls {
		if x, err := strconv.ParseFloat(column[at], 64); err == nil && x > 0 {
			parts = append(parts, part{x, b.Models[m] + " " + column[at] + " %"})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return int(1000 * (b.percent - a.percent)) })
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.text
	}
	if len(texts) == 0 {
		return "-"
	}
	return strings.Join(texts, ", ")
}
