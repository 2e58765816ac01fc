package report

import (
	"bytes"
	"io"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
)

// List shows several results, any two of which can be compared.
type List struct {
	Title  string
	Notes  []string
	Action string // address that compares: the form sends it two values, a and b
	Live   string // see [Page]
	Items  []Item
}

// Item is one result of a [List].
type Item struct {
	Key   string // value that the form sends for it
	Href  string // address of its page; "" for none
	Name  string
	Cells []string // one per name of [ItemColumns]
	Error string   // why the result cannot be shown; "" if it can
}

// ItemColumns returns the names of the cells of an [Item].
func ItemColumns() []string { return []string{"changed", "benchmarks", "best router"} }

// HTML writes the list as a page.
func (l List) HTML(w io.Writer) error {
	var b bytes.Buffer
	if err := shell(l.Title, "", l.Live, l.body()).Render(&b); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (l List) body() g.Node {
	places := make([]int, len(l.Items)) // of each item among those that can be shown
	shown := 0
	for k, i := range l.Items {
		places[k] = shown
		if i.Error == "" {
			shown++
		}
	}
	return g.Group{
		ln(h.Header(ln(h.H1(h.Text(l.Title))), paragraphs(l.Notes))),
		ln(h.Main(h.ID("main"),
			ln(h.Form(h.Class("pick"), h.Attr("action", l.Action), h.Attr("method", "get"),
				scroll("Results", h.Table(h.Class("results"),
					h.Caption(h.Text("Results. Choose two, A and B, to compare them.")),
					ln(h.THead(h.Tr(columnHeader("result"), each(ItemColumns(), func(_ int, name string) g.Node {
						return h.Th(h.Scope("col"), h.Class("left"), h.Text(name))
					}), columnHeader("A"), columnHeader("B")))),
					h.TBody(each(l.Items, func(k int, i Item) g.Node { return i.row(places[k]) })),
				)),
				h.If(shown > 1, ln(h.Button(h.Type("submit"), h.Text("Compare A and B")))),
			)),
		)),
	}
}

// row renders an item, the k-th of those that can be shown. A form has the first as B, the newest, and
// the second as A.
func (i Item) row(k int) g.Node {
	name := g.Node(h.Text(i.Name))
	if i.Href != "" {
		name = h.A(h.Href(i.Href), h.Text(i.Name))
	}
	if i.Error != "" {
		return ln(h.Tr(h.Th(h.Scope("row"), name), h.Td(h.Attr("colspan", "5"), h.Class("left wrong"), h.Text(i.Error))))
	}
	pick := func(side string, first int) g.Node {
		return h.Td(h.Input(h.Type("radio"), h.Name(side), h.Value(i.Key), h.Aria("label", side+": "+i.Name), h.If(k == first, h.Checked())))
	}
	return ln(h.Tr(h.Th(h.Scope("row"), name),
		each(i.Cells, func(_ int, text string) g.Node { return h.Td(h.Class("left"), h.Text(text)) }),
		pick("a", 1), pick("b", 0)))
}
