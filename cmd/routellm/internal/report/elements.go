package report

import (
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// ln adds a line break after a node, so that people can read the file as text.
func ln(n g.Node) g.Node { return g.Group{n, g.Text("\n")} }

// each returns a node per item.
func each[T any](list []T, node func(i int, item T) g.Node) g.Group {
	out := make(g.Group, len(list))
	for i, item := range list {
		out[i] = node(i, item)
	}
	return out
}

// titled returns a section of the page with its heading.
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

// scroll wraps a table that may be wider than the screen, so that it scrolls, also with the
// keyboard.
func scroll(label string, table g.Node) g.Node {
	return h.Div(h.Class("scroll"), h.TabIndex("0"), h.Role("region"), h.Aria("label", label), table)
}

func columnHeader(text string) g.Node { return h.Th(h.Scope("col"), g.Text(text)) }

func rowHeader(text string) g.Node { return h.Th(h.Scope("row"), g.Text(text)) }

func (b Block) left(column int) g.Node {
	return g.If(slices.Contains(b.Table.Left, column), h.Class("left"))
}

// number returns a labelled input field for a number. rest holds further attributes.
func number(label, name string, rest ...g.Node) g.Node {
	return ln(h.Label(g.Text(label+" "), h.Input(h.Type("number"), h.Name(name), h.Step("any"), g.Group(rest))))
}

// choice returns a labelled selection list.
func choice(label, name string, options g.Group) g.Node {
	return ln(h.Label(g.Text(label+" "), h.Select(h.Name(name), options)))
}

// button returns a button of the page's program, which finds it by its job.
func button(text, job string) g.Node {
	return h.Button(h.Type("button"), h.Data("job", job), g.Text(text))
}
