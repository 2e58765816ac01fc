package report

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// kinds lists the outcomes of a sample in a comparison of two routers, A and B.
var kinds = []string{"rescues: A is better", "losses: A is worse", "safe: tied and correct", "hard: tied and wrong"}

// html renders the comparison of a benchmark's routers, two at a time.
func (f Flips) html() g.Node {
	var samples g.Node = g.Group{f.form(), f.byTask()}
	if f.TooMany {
		samples = ln(h.P(g.Text("There are too many samples to list on this page: "), h.Code(g.Text("routellm compare --flips --format csv")), g.Text(" lists them.")))
	}
	return titled(f.ID, "flips", f.Title, paragraphs(f.Notes), f.Counts.html(), samples)
}

func (f Flips) form() g.Node {
	routers := func(selected int) g.Group {
		return each(f.Routers, func(i int, name string) g.Node {
			return h.Option(h.Value(strconv.Itoa(i)), g.If(i == selected, h.Selected()), g.Text(name))
		})
	}
	return ln(h.Form(h.Class("needs-js controls"), h.Aria("label", "Routers to compare"),
		choice("A", "a", routers(0)),
		choice("B", "b", routers(1)),
		number("strong calls, %", "share", h.Min("0"), h.Max("100"), h.Value("50")),
		choice("samples", "kind", each(kinds, func(i int, kind string) g.Node { return h.Option(h.Value(strconv.Itoa(i)), g.Text(kind)) })),
		ln(h.P(h.Class("said"), h.Role("status"))),
		ln(h.Label(h.Class("wide"), h.Span(h.Class("listed"), g.Text("samples")), h.Textarea(h.ReadOnly(), h.Rows("8"), g.Attr("spellcheck", "false")))),
	))
}

// byTask returns an empty table, which the page's script fills.
func (f Flips) byTask() g.Node {
	return ln(h.Details(h.Class("needs-js"), ln(h.Summary(g.Text("By task"))),
		scroll("Flips by task", h.Table(h.Class("sortable"),
			h.Caption(g.Text("Flips by task")),
			ln(h.THead(h.Tr(each([]string{"task", "n", "rescues", "losses", "safe", "hard"}, func(_ int, name string) g.Node { return columnHeader(name) })))),
			h.TBody(),
		)),
	))
}
