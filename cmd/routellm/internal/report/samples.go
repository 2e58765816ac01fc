package report

import (
	"strconv"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
)

// flipWords says what the words of a comparison of two routers mean.
const flipWords = "Each router sends the same share of the prompts to the strong model. A rescue is a sample that A answers better than B, " +
	"a loss one that A answers worse. Safe: tied and correct; hard: tied and wrong."

// kinds lists the outcomes of a sample in a comparison of two routers, A and B.
var kinds = []string{"rescues: A is better", "losses: A is worse", "safe: tied and correct", "hard: tied and wrong"}

// choices lists which samples a reader can choose. The page's program knows them by these keys.
var choices = []struct{ key, text string }{
	{"all", "all samples"},
	{"disagree", "routers call different models"},
	{"strong", "the strong model is better"},
	{"weak", "the weak model is better"},
	{"right", "tied and correct"},
	{"wrong", "tied and wrong"},
	{"flips", "flips: A and B below differ in quality"},
	{"changes", "decisions that change between the shares below"},
}

// html renders the samples, a comparison of two routers, and a comparison of two thresholds.
func (s Samples) html() g.Node {
	if s.TooMany {
		return titled(s.ID, "samples", s.Title, paragraphs(s.Notes),
			ln(h.P(h.Text("There are too many samples to list on this page: "), h.Code(h.Text("routellm compare --flips --format csv")), h.Text(" lists them."))),
			s.pairs())
	}
	return titled(s.ID, "samples", s.Title,
		ln(h.P(h.Text("Every sample with the quality of both models, and the model that each router calls at the operating point above. A sample's id opens it; its address then leads to it."))),
		paragraphs(s.Notes),
		s.Texts.note(),
		s.search(), s.table(),
		g.Iff(s.Flips != nil, func() g.Node {
			return g.Group{ln(h.H3(h.ID(s.ID+"-flips"), h.Text("Flips"))), ln(h.P(h.Text(flipWords))), s.pairs(), s.flips(), s.byTask()}
		}),
		ln(h.H3(h.ID(s.ID+"-changes"), h.Text("Change of the threshold"))),
		ln(h.P(h.Text("Which decisions of one router change if it moves from the threshold for one share of strong calls to that for another."))),
		s.changes(),
	)
}

// pairs renders the counts of every pair of routers.
func (s Samples) pairs() g.Node {
	if s.Flips == nil {
		return nil
	}
	return s.Flips.html()
}

// search renders the fields that choose samples.
func (s Samples) search() g.Node {
	tasks := g.Group{h.Option(h.Value(""), h.Text("all"))}
	for i, name := range s.TaskNames {
		tasks = append(tasks, h.Option(h.Value(strconv.Itoa(i)), h.Text(name)))
	}
	return ln(h.Form(h.Class("needs-js controls find"), h.Aria("labelledby", s.ID+"-title"), h.Role("search"),
		ln(h.Label(h.Text("search "+s.Texts.searched()), h.Input(h.Type("search"), h.Name("text"), h.Attr("spellcheck", "false")))),
		h.If(len(s.TaskNames) > 1, choice("task", "task", tasks)),
		choice("show", "show", each(choices, func(_ int, c struct{ key, text string }) g.Node {
			return h.If(s.Flips != nil || c.key != "flips" && c.key != "disagree", h.Option(h.Value(c.key), h.Text(c.text)))
		})),
		ln(h.P(h.Class("said"), h.Role("status"))),
	))
}

// table renders the head of the table of samples, which the page's program fills.
func (s Samples) table() g.Node {
	head := func(key, text string) g.Node { return h.Th(h.Scope("col"), h.Data("k", key), h.Text(text)) }
	return h.Div(h.Class("needs-js"),
		scroll("Table of "+s.Title, h.Table(h.Class("list"),
			h.Caption(h.Text(s.Title)),
			ln(h.THead(h.Tr(head("id", "sample"), h.If(len(s.TaskNames) > 1, head("task", "task")), head("strong", s.StrongModel+quality(s.Unit)), head("weak", s.WeakModel+quality(s.Unit)),
				each(s.Routers, func(i int, r SampleRouter) g.Node { return head(strconv.Itoa(i), r.Name) })))),
			h.TBody(),
		)),
		ln(h.Div(h.Class("tools pages"), h.Role("group"), h.Aria("label", "Pages of samples"),
			button("First", "first"), button("Previous", "previous"), h.Span(h.Class("page")), button("Next", "next"), button("Last", "last"), button("Download CSV", "csv"))),
	)
}

func quality(unit string) string {
	if unit == "" {
		return ""
	}
	return ", " + unit
}

// options lists the routers in a selection list.
func (s Samples) options(selected int) g.Group {
	return each(s.Routers, func(i int, r SampleRouter) g.Node {
		return h.Option(h.Value(strconv.Itoa(i)), h.If(i == selected, h.Selected()), h.Text(r.Name))
	})
}

// flips renders the comparison of two routers.
func (s Samples) flips() g.Node {
	return ln(h.Form(h.Class("needs-js controls flips"), h.Aria("labelledby", s.ID+"-title "+s.ID+"-flips"),
		choice("A", "a", s.options(0)),
		choice("B", "b", s.options(1)),
		number("strong calls, %", "share", h.Min("0"), h.Max("100"), h.Value("50")),
		choice("samples", "kind", each(kinds, func(i int, kind string) g.Node { return h.Option(h.Value(strconv.Itoa(i)), h.Text(kind)) })),
		ln(h.P(h.Class("said"), h.Role("status"))),
		ln(h.Label(h.Class("wide"), h.Span(h.Class("listed"), h.Text("samples")), h.Textarea(h.ReadOnly(), h.Rows("8"), h.Attr("spellcheck", "false")))),
		commands(s.FlipCommands),
	))
}

// byTask returns an empty table, which the page's program fills.
func (s Samples) byTask() g.Node {
	return ln(h.Details(h.Class("needs-js bytask"), ln(h.Summary(h.Text("Flips by task"))),
		scroll("Flips by task", h.Table(h.Class("sortable"),
			h.Caption(h.Text("Flips by task")),
			ln(h.THead(h.Tr(each([]string{"task", "n", "rescues", "losses", "safe", "hard"}, func(_ int, name string) g.Node { return columnHeader(name) })))),
			h.TBody(),
		)),
	))
}

// changes renders the comparison of two thresholds of one router.
func (s Samples) changes() g.Node {
	return ln(h.Form(h.Class("needs-js controls changes"), h.Aria("labelledby", s.ID+"-title "+s.ID+"-changes"),
		choice("router", "router", s.options(0)),
		number("from strong calls, %", "from", h.Min("0"), h.Max("100"), h.Value("30")),
		number("to strong calls, %", "to", h.Min("0"), h.Max("100"), h.Value("50")),
		button("Show them in the table", "show"),
		ln(h.P(h.Class("said"), h.Role("status"))),
		ln(h.Label(h.Class("wide"), h.Span(h.Class("listed"), h.Text("samples")), h.Textarea(h.ReadOnly(), h.Rows("6"), h.Attr("spellcheck", "false")))),
		commands(s.ChangeCommands),
	))
}
