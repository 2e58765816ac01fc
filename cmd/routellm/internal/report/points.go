package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// html renders the controls that choose an operating point, and the table at that point.
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
			ln(h.FieldSet(h.Legend(g.Text("Or set a value for one router")),
				choice("router", "router", p.routers()),
				number("threshold", "threshold"),
				number(quality, "quality"),
				number("cost per prompt", "cost"),
			)),
			ln(h.FieldSet(h.Legend(g.Text("Price per prompt")), number("strong model", "strong", h.Min("0")), number("weak model", "weak", h.Min("0")))),
			ln(h.P(h.Class("said"), h.Role("status"))),
		)),
		ln(scroll("Routers at the operating point", p.table(price))),
	}
}

// routers returns the options for the routers with thresholds. An option's value is the
// router's index.
func (p Points) routers() g.Group {
	return each(p.Routers, func(i int, r RouterPoints) g.Node {
		return g.If(r.Threshold != nil, h.Option(h.Value(strconv.Itoa(i)), g.Text(r.Name)))
	})
}

func (p Points) table(price Price) g.Node {
	columns := p.columns(price)
	return h.Table(h.Class("points"),
		h.Caption(g.Text("Every router at its threshold for "), h.Span(h.Class("share"), g.Text("50.0")), g.Text(" % strong calls")),
		ln(h.THead(h.Tr(columnHeader("router"), each(columns, func(_ int, c pointColumn) g.Node { return columnHeader(c.title) })))),
		h.TBody(each(p.Routers, func(_ int, r RouterPoints) g.Node {
			return ln(h.Tr(rowHeader(r.Name), each(columns, func(_ int, c pointColumn) g.Node {
				return h.Td(h.Data("k", c.key), g.Text(c.text(r)))
			})))
		})),
	)
}

// pointColumn is a column of the table of operating points. The page's script finds it by
// its key.
type pointColumn struct {
	title, key string
	text       func(RouterPoints) string
	interval   bool // the column needs intervals
}

// columns returns the table's columns. Without a confidence level it leaves out those that
// need intervals.
func (p Points) columns(price Price) []pointColumn {
	unit := ""
	if p.Unit != "" {
		unit = ", " + p.Unit
	}
	all := []pointColumn{
		{title: "quality" + unit, key: "quality", text: func(r RouterPoints) string { return at(r.Quality) }},
		{title: "quality, " + p.Confidence + " band", key: "band", text: func(r RouterPoints) string { return at(r.Band) }, interval: true},
		{title: "share of the strong model's quality, %", key: "retained", text: func(r RouterPoints) string { return at(r.Retained) }},
		{title: "strong calls at its threshold, %", key: "calls", text: func(r RouterPoints) string { return at(r.Calls) }},
		{title: "strong calls on further prompts, " + p.Confidence, key: "future", text: func(r RouterPoints) string { return at(r.Future) }, interval: true},
		{title: "cost per prompt", key: "cost", text: func(r RouterPoints) string { return price.cost(r.Calls) }},
		{title: "cost on further prompts, " + p.Confidence, key: "costs", text: func(r RouterPoints) string { return price.cost(r.Future) }, interval: true},
		{title: "threshold", key: "threshold", text: func(r RouterPoints) string { return at(r.Threshold) }},
	}
	return slices.DeleteFunc(all, func(c pointColumn) bool { return c.interval && p.Confidence == "" })
}

// at returns a column's initial text, at position Half.
func at(column []string) string {
	if column == nil {
		return "-"
	}
	return column[Half]
}

// cost returns the cost per prompt for a column's initial text: a share of strong calls in
// per cent, or an interval of it.
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
