package report

import (
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
)

// html renders the controls that choose an operating point, and the table at that point.
func (p Points) html(id string, price *Price) g.Node {
	quality := "quality"
	if p.Unit != "" {
		quality += " (" + p.Unit + ")"
	}
	return g.Group{
		ln(h.H3(h.ID(id+"-point"), h.Text("Operating point"))),
		ln(h.Form(h.Class("needs-js controls"), h.Aria("labelledby", id+"-title "+id+"-point"),
			ln(h.Label(h.Class("wide"), h.Text("strong calls "), ln(h.El("output", h.Name("shown"), h.Text("50.0 %"))),
				h.Input(h.Type("range"), h.Name("share"), h.Min("0"), h.Max(strconv.Itoa(Positions-1)), h.Value(strconv.Itoa(Half)), h.Aria("valuetext", "50.0 % strong calls")))),
			ln(h.Label(h.Class("wide budget"), h.Attr("hidden"), h.Text("budget "), ln(h.El("output", h.Name("spent"))),
				h.Input(h.Type("range"), h.Name("budget"), h.Min("0"), h.Max("1000"), h.Value("500")))),
			ln(h.FieldSet(h.Legend(h.Text("Or set a value for one router")),
				choice("router", "router", p.routers()),
				number("threshold", "threshold"),
				number(quality, "quality"),
				number("USD per 1,000 prompts", "cost"),
			)),
			ln(h.FieldSet(h.Legend(h.Text(price.legend())), number("strong model", "strong", h.Min("0")), number("weak model", "weak", h.Min("0")))),
			ln(h.P(h.Class("said"), h.Role("status"))),
		)),
		ln(scroll("Routers at the operating point", p.table(price))),
		p.steps(price),
	}
}

// routers returns the options for the routers with thresholds. An option's value is the
// router's index.
func (p Points) routers() g.Group {
	return each(p.Routers, func(i int, r RouterPoints) g.Node {
		return h.If(r.Threshold != nil, h.Option(h.Value(strconv.Itoa(i)), h.If(i == p.Lead, h.Selected()), h.Text(r.Name)))
	})
}

func (p Points) table(price *Price) g.Node {
	columns := p.columns(price)
	return h.Table(h.Class("points"),
		h.Caption(h.Class("point"), h.Text("Every router at its threshold for 50.0 % strong calls")),
		ln(h.THead(h.Tr(columnHeader("router"), each(columns, func(_ int, c pointColumn) g.Node {
			return h.Th(h.Scope("col"), h.Data("k", c.key), c.hide(), h.Text(c.title))
		})))),
		h.TBody(each(p.Routers, func(_ int, r RouterPoints) g.Node {
			return ln(h.Tr(rowHeader(r.Name), each(columns, func(_ int, c pointColumn) g.Node {
				return h.Td(h.Data("k", c.key), c.hide(), h.Text(c.text(r)))
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
func (c pointColumn) hide() g.Node { return h.If(c.unknown, h.Attr("hidden")) }

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
		{title: "model mix", key: "mix", text: mix},
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
func (p *Price) spent(r RouterPoints) string { return p.spentAt(r, Half) }

// spentAt returns the text of a router's cost at a position.
func (p *Price) spentAt(r RouterPoints, position int) string {
	if p != nil && p.Measured {
		if r.USD == nil {
			return "-"
		}
		return r.USD[position]
	}
	if r.Calls == nil {
		return "-"
	}
	return p.costOf(r.Calls[position])
}

// saved returns the initial text of what a router saves against always calling the strong model.
func (p *Price) saved(r RouterPoints) string { return p.savedAt(r, Half) }

// savedAt returns the text of what a router saves at a position.
func (p *Price) savedAt(r RouterPoints, position int) string {
	spent, err := strconv.ParseFloat(p.spentAt(r, position), 64)
	if err != nil {
		return "-"
	}
	return p.amount(p.Strong - spent)
}

func (p *Price) amount(usd float64) string { return strconv.FormatFloat(usd, 'f', p.Decimals, 64) }

// cost returns the cost for a column's initial text.
func (p *Price) cost(calls []string) string { return p.costOf(at(calls)) }

// costOf returns the cost of a share of strong calls in per cent, or of an interval of it.
func (p *Price) costOf(text string) string {
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

// stepSize is the number of positions between two rows of the table of one router: 5 %.
const stepSize = 50

// steps renders the operating points of one router, one per row.
func (p Points) steps(price *Price) g.Node {
	if p.Lead >= len(p.Routers) {
		return nil
	}
	lead, columns := p.Routers[p.Lead], p.stepColumns(price)
	var rows g.Group
	for at := 0; at < Positions; at += stepSize {
		rows = append(rows, ln(h.Tr(h.Data("at", strconv.Itoa(at)), each(columns, func(i int, c stepColumn) g.Node {
			if i == 0 {
				return h.Th(h.Scope("row"), h.Data("k", c.key), h.Text(c.text(lead, at)))
			}
			return h.Td(h.Data("k", c.key), h.If(c.unknown, h.Attr("hidden")), h.Text(c.text(lead, at)))
		}))))
	}
	name := "Operating points of " + lead.Name
	return ln(h.Details(h.Class("steps"), ln(h.Summary(h.Text("One router, one operating point per row"))),
		scroll("Operating points of one router", h.Table(
			h.Caption(h.Text(name)),
			ln(h.THead(h.Tr(each(columns, func(_ int, c stepColumn) g.Node {
				return h.Th(h.Scope("col"), h.Data("k", c.key), h.If(c.unknown, h.Attr("hidden")), h.Text(c.title))
			})))),
			h.TBody(rows),
		)),
	))
}

// stepColumn is a column of the table of one router's operating points.
type stepColumn struct {
	title, key string
	text       func(r RouterPoints, at int) string
	unknown    bool
}

// stepColumns returns the columns of the table of one router: the share asked for, the models that are
// called, and what comes of it.
func (p Points) stepColumns(price *Price) []stepColumn {
	textAt := func(column func(RouterPoints) []string) func(RouterPoints, int) string {
		return func(r RouterPoints, at int) string {
			if x := column(r); x != nil {
				return x[at]
			}
			return "-"
		}
	}
	out := []stepColumn{
		{title: "strong calls asked for, %", key: "share", text: func(_ RouterPoints, at int) string { return strconv.Itoa(at / (Positions / 100)) }},
		{title: "calls to " + p.StrongModel + ", %", key: "calls", text: textAt(func(r RouterPoints) []string { return r.Calls })},
		{title: "calls to " + p.WeakModel + ", %", key: "rest", text: func(r RouterPoints, at int) string { return rest(r.Calls[at]) }},
	}
	quality := "quality"
	if p.Unit != "" {
		quality += ", " + p.Unit
	}
	out = append(out, stepColumn{title: quality, key: "quality", text: textAt(func(r RouterPoints) []string { return r.Quality })})
	if p.Confidence != "" {
		out = append(out, stepColumn{title: "quality, " + p.Confidence + " band", key: "band", text: textAt(func(r RouterPoints) []string { return r.Band })})
	}
	return append(out,
		stepColumn{title: "share of the strong model's quality, %", key: "retained", text: textAt(func(r RouterPoints) []string { return r.Retained })},
		stepColumn{title: "USD per 1,000 prompts", key: "cost", text: price.spentAt, unknown: price == nil},
		stepColumn{title: "saved against always strong, USD per 1,000 prompts", key: "saved", text: price.savedAt, unknown: price == nil},
		stepColumn{title: "threshold", key: "threshold", text: textAt(func(r RouterPoints) []string { return r.Threshold })},
	)
}

// rest returns what is left of 100 %.
func rest(percent string) string {
	x, err := strconv.ParseFloat(percent, 64)
	if err != nil {
		return "-"
	}
	return strconv.FormatFloat(100-x, 'f', 2, 64)
}

// mix says which models answer, by the share of strong calls.
func mix(r RouterPoints) string {
	x, err := strconv.ParseFloat(at(r.Calls), 64)
	if err != nil {
		return "-"
	}
	return strconv.FormatFloat(x, 'f', 1, 64) + " % strong, " + strconv.FormatFloat(100-x, 'f', 1, 64) + " % weak"
}
