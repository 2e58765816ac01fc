package report

import (
	"slices"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
)

// ln adds a line break after a node, so that people can read the file as text.
//
//go:noinline
func ln(n g.Node) g.Node { return g.Group{n, h.Text("\n")} }

// each returns a node per item.
//
//go:noinline
func each[T any](list []T, node func(i int, item T) g.Node) g.Group {
	out := make(g.Group, len(list))
	for i, item := range list {
		out[i] = node(i, item)
	}
	return out
}

// titled returns a section of the page with its heading.
//
//go:noinline
func titled(id, class, title string, children ...g.Node) g.Node {
	return ln(h.Section(h.ID(id), h.If(class != "", h.Class(class)), h.Aria("labelledby", id+"-title"),
		ln(h.H2(h.ID(id+"-title"), h.Text(title))), g.Group(children)))
}

//go:noinline
func paragraphs(texts []string) g.Node {
	return each(texts, func(_ int, text string) g.Node { return ln(h.P(h.Text(text))) })
}

//go:noinline
func items(texts []string) g.Node {
	return each(texts, func(_ int, text string) g.Node { return h.Li(h.Text(text)) })
}

// scroll wraps a table that may be wider than the screen, so that it scrolls, also with the
// keyboard. It is a group rather than a region: a page has too many tables for each to be a landmark.
//
//go:noinline
func scroll(label string, table g.Node) g.Node {
	return h.Div(h.Class("scroll"), h.TabIndex("0"), h.Role("group"), h.Aria("label", label), table)
}

//go:noinline
func columnHeader(text string) g.Node { return h.Th(h.Scope("col"), h.Text(text)) }

//go:noinline
func rowHeader(text string) g.Node { return h.Th(h.Scope("row"), h.Text(text)) }

// columnHead returns the head of a column, an empty cell for a column without a name.
func columnHead(name string, left g.Node) g.Node {
	if name == "" {
		return h.Td()
	}
	return h.Th(h.Scope("col"), left, h.Text(name))
}

func (b Block) left(column int) g.Node {
	return h.If(slices.Contains(b.Table.Left, column), h.Class("left"))
}

// number returns a labelled input field for a number. rest holds further attributes.
//
//go:noinline
func number(label, name string, rest ...g.Node) g.Node {
	return ln(h.Label(h.Text(label+" "), h.Input(h.Type("number"), h.Name(name), h.Step("any"), g.Group(rest))))
}

// choice returns a labelled selection list.
//
//go:noinline
func choice(label, name string, options g.Group) g.Node {
	return ln(h.Label(h.Text(label+" "), h.Select(h.Name(name), options)))
}

// button returns a button of the page's program, which finds it by its job.
//
//go:noinline
func button(text, job string) g.Node {
	return h.Button(h.Type("button"), h.Data("job", job), h.Text(text))
}
