package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// html is the part of a section in which an operating point is chosen.
func (p Points) html(id string, price Price) g.Node {
	quality := "quality"
	if p.Unit != "" {
		quality += " (" + p.Unit + ")"
	}
	return g.Group{
		ln(h.H3(h.ID(id+"-point"), g.Text("Operating point"))),
		ln(h.Form(h.Class("needs-js controls"), h.Aria("labelledby", id+"-point"),
			ln(h.Label(h.Class("wide"), g.Text("strong calls "), ln(g.El("output", h.Name("shown"), g.Text("50.0 %"))),
				h.Input(h.Type("range"), h.Name("share"), h.Min("0"), h.Max(strconv.Itoa(Positions-1)), h.Value(strconv.Itoa(Half)), h.Aria("valuetext", "50.0 % strong calls")))),
			ln(h.FieldSet(h.Legend(g.Text("Or by what a router should do")),
				choice("router", "router", p.routers()),
				number("threshold", "threshold"),
				number(quality, "quality"),
				number("cost of a prompt", "cost"),
			)),
			ln(h.FieldSet(h.Legend(g.Text("Price of a prompt")), number("strong", "strong", h.Min("0")), number("weak", "weak", h.Min("0")))),
			ln(h.P(h.Class("said"), h.Role("status"))),
		)),
		ln(scroll("Routers at the operating point", p.table(price))),
	}
}

// routers are those that have thresholds, by their place.
func (p Points) routers() g.Group {
	return each(p.Routers, func(i int, r RouterPoints) g.Node {
		return g.If(r.Threshold != nil, h.Option(h.Value(strconv.Itoa(i)), g.Text(r.Name)))
	})
}

func (p Points) table(price Price) g.Node {
	columns := p.columns(price)
	return h.Table(h.Class("points"),
		h.Caption(g.Text("Every router at "), h.Span(h.Class("share"), g.Text("50.0")), g.Text(" % strong calls")),
		ln(h.THead(h.Tr(columnHeader("router"), each(columns, func(_ int, c pointColumn) g.Node { return columnHeader(c.title) })))),
		h.TBody(each(p.Routers, func(_ int, r RouterPoints) g.Node {
			return ln(h.Tr(rowHeader(r.Name), each(columns, func(_ int, c pointColumn) g.Node {
				return h.Td(h.Data("k", c.key), g.Text(c.text(r)))
			})))
		})),
	)
}

// pointColumn is a column of the operating points' table. The page's program finds it by
// its key.
type pointColumn struct {
	title, key string
	text       func(RouterPoints) string
	interval   bool
}

// columns are those that there are: without intervals fewer.
func (p Points) columns(price Price) []pointColumn {
	unit := ""
	if p.Unit != "" {
		unit = ", " + p.Unit
	}
	all := []pointColumn{
		{title: "quality" + unit, key: "quality", text: func(r RouterPoints) string { return at(r.Quality) }},
		{title: "quality, " + p.Confidence + " band", key: "band", text: func(r RouterPoints) string { return at(r.Band) }, interval: true},
		{title: "of the strong model's, %", key: "retained", text: func(r RouterPoints) string { return at(r.Retained) }},
		{title: "calls at its threshold, %", key: "calls", text: func(r RouterPoints) string { return at(r.Calls) }},
		{title: "calls on further prompts, " + p.Confidence, key: "future", text: func(r RouterPoints) string { return at(r.Future) }, interval: true},
		{title: "cost", key: "cost", text: func(r RouterPoints) string { return price.cost(r.Calls) }},
		{title: "cost on further prompts, " + p.Confidence, key: "costs", text: func(r RouterPoints) string { return price.cost(r.Future) }, interval: true},
		{title: "threshold", key: "threshold", text: func(r RouterPoints) string { return at(r.Threshold) }},
	}
	return slices.DeleteFunc(all, func(c pointColumn) bool { return c.interval && p.Confidence == "" })
}

// at is a column's text that is shown first.
func at(column []string) string {
	if column == nil {
		return "-"
	}
	return column[Half]
}

// cost is what the calls in a column's first text, or both ends of them, cost.
func (p Price) cost(calls []string) string {
	text := at(calls)
	if text == "-" {
		return text
	}
	ends := strings.Split(text, " to ")
	for i, end := range ends {
		percent, err := strconv.ParseFloat(end, 64)
		if err != nil {
			return "-"
		}
		ends[i] = fmt.Sprintf("%.4f", (float64(p.Strong*percent)+float64(p.Weak*(100-percent)))/100)
	}
	return strings.Join(ends, " to ")
}
