package report

import (
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// ln ends a line of the file, for those who read it as text.
func ln(n g.Node) g.Node { return g.Group{n, g.Text("\n")} }

// each is a list's nodes.
func each[T any](list []T, node func(i int, item T) g.Node) g.Group {
	out := make(g.Group, len(list))
	for i, item := range list {
		out[i] = node(i, item)
	}
	return out
}

// titled is a part of the page with its heading.
func titled(id, class, title string, children ...g.Node) g.Node {
	return ln(h.Section(h.ID(id), g.If(class != "", h.Class(class)), h.Aria("labelledby", id+"-title"),
		ln(h.H2(h.ID(id+"-title"), g.Text(title))), g.Group(children)))
}

func paragraphs(texts []string) g.Node {
	return each(texts, func(_ int, text string) g.Node { return ln(h.P(g.Text(text))) })
}

func items(texts []string) g.Node {
	return each(texts, func(_ int, text string) g.Node { return h.Li(g.Text(text)) })
}

// scroll holds a table that may be wider than the screen, and that the keyboard reaches.
func scroll(label string, table g.Node) g.Node {
	return h.Div(h.Class("scroll"), h.TabIndex("0"), h.Role("region"), h.Aria("label", label), table)
}

func columnHeader(text string) g.Node { return h.Th(h.Scope("col"), g.Text(text)) }

func rowHeader(text string) g.Node { return h.Th(h.Scope("row"), g.Text(text)) }

func (b Block) left(column int) g.Node {
	return g.If(slices.Contains(b.Table.Left, column), h.Class("left"))
}

// number is a labelled field for any number. The rest are its attributes.
func number(label, name string, rest ...g.Node) g.Node {
	return ln(h.Label(g.Text(label+" "), h.Input(h.Type("number"), h.Name(name), h.Step("any"), g.Group(rest))))
}

// choice is a labelled list.
func choice(label, name string, options g.Group) g.Node {
	return ln(h.Label(g.Text(label+" "), h.Select(h.Name(name), options)))
}
