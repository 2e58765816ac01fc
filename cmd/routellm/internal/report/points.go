package report

import (
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// html renders the controls that choose an operating point, and the table at that point.
func (p Points) html(id string, price *Price) g.Node {
	quality := "quality"
	if p.Unit != "" {
		quality += " (" + p.Unit + ")"
	}
	return g.Group{
		ln(h.H3(h.ID(id+"-point"), g.Text("Operating point"))),
		ln(h.Form(h.Class("needs-js controls"), h.Aria("labelledby", id+"-point"),
			ln(h.Label(h.Class("wide"), g.Text("strong calls "), ln(g.El("output", h.Name("shown"), g.Text("50.0 %"))),
				h.Input(h.Type("range"), h.Name("share"), h.Min("0"), h.Max(strconv.Itoa(Positions-1)), h.Value(strconv.Itoa(Half)), h.Aria("valuetext", "50.0 % strong calls")))),
			ln(h.Label(h.Class("wide budget"), g.Attr("hidden"), g.Text("budget "), ln(g.El("output", h.Name("spent"))),
				h.Input(h.Type("range"), h.Name("budget"), h.Min("0"), h.Max("1000"), h.Value("500")))),
			ln(h.FieldSet(h.Legend(g.Text("Or set a value for one router")),
				choice("router", "router", p.routers()),
				number("threshold", "threshold"),
				number(quality, "quality"),
				number("USD per 1,000 prompts", "cost"),
			)),
			ln(h.FieldSet(h.Legend(g.Text(price.legend())), number("strong model", "strong", h.Min("0")), number("weak model", "weak", h.Min("0")))),
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

func (p Points) table(price *Price) g.Node {
	columns := p.columns(price)
	return h.Table(h.Class("points"),
		h.Caption(h.Class("point"), g.Text("Every router at its threshold for 50.0 % strong calls")),
		ln(h.THead(h.Tr(columnHeader("router"), each(columns, func(_ int, c pointColumn) g.Node {
			return h.Th(h.Scope("col"), h.Data("k", c.key), c.hide(), g.Text(c.title))
		})))),
		h.TBody(each(p.Routers, func(_ int, r RouterPoints) g.Node {
			return ln(h.Tr(rowHeader(r.Name), each(columns, func(_ int, c pointColumn) g.Node {
				return h.Td(h.Data("k", c.key), c.hide(), g.Text(c.text(r)))
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
	unknown    bool // there is nothing to show until the reader gives prices
}

// hide returns the attribute that hides an unknown column.
func (c pointColumn) hide() g.Node { return g.If(c.unknown, g.Attr("hidden")) }

// columns returns the table's columns. Without a confidence level it leaves out those that
// need intervals.
func (p Points) columns(price *Price) []pointColumn {
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
		{title: "USD per 1,000 prompts", key: "cost", text: func(r RouterPoints) string { return price.spent(r) }, unknown: price == nil},
		{title: "saved against always strong, USD per 1,000 prompts", key: "saved", text: func(r RouterPoints) string { return price.saved(r) }, unknown: price == nil},
		{title: "USD per 1,000 further prompts, " + p.Confidence, key: "costs", text: func(r RouterPoints) string { return price.cost(r.Future) }, interval: true, unknown: price == nil || price.Measured},
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

// legend says what the fields for prices are for.
func (p *Price) legend() string {
	switch {
	case p == nil:
		return "Costs are not known. Prices, USD per 1,000 prompts"
	case p.Measured:
		return "Costs are measured. Other prices, USD per 1,000 prompts"
	}
	return "Prices, USD per 1,000 prompts"
}

// spent returns the initial text of a router's cost.
func (p *Price) spent(r RouterPoints) string {
	if p != nil && p.Measured {
		return at(r.USD)
	}
	return p.cost(r.Calls)
}

// saved returns the initial text of what a router saves against always calling the strong model.
func (p *Price) saved(r RouterPoints) string {
	spent, err := strconv.ParseFloat(p.spent(r), 64)
	if err != nil {
		return "-"
	}
	return p.amount(p.Strong - spent)
}

func (p *Price) amount(usd float64) string { return strconv.FormatFloat(usd, 'f', p.Decimals, 64) }

// cost returns the cost for a column's initial text: a share of strong calls in per cent, or an
// interval of it.
func (p *Price) cost(calls []string) string {
	text := at(calls)
	if text == "-" || p == nil {
		return "-"
	}
	ends := strings.Split(text, " to ")
	for i, end := range ends {
		percent, err := strconv.ParseFloat(end, 64)
		if err != nil {
			return "-"
		}
		ends[i] = p.amount((float64(p.Strong*percent) + float64(p.Weak*(100-percent))) / 100)
	}
	return strings.Join(ends, " to ")
}
