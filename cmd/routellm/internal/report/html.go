package report

import (
	"bytes"
	"encoding/json"
	"io"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
)

// HTML writes the page as one HTML file, which contains its style, script and data.
func (p Page) HTML(w io.Writer) error {
	all, err := dataOf(p)
	if err != nil {
		return err
	}
	data, err := json.Marshal(all) // Marshal escapes <, so no text can end the script element
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.document(string(data), newPalette(p)).Render(&b); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

func (p Page) document(data string, looks palette) g.Node {
	return shell(p.Title, looks.css(), p.Live, g.Group{
		ln(h.Header(
			ln(h.H1(h.Text(p.Title))),
			paragraphs(p.Notes),
			h.NoScript(h.P(h.Text("Without JavaScript, all tables are shown, but the slider, sorting and the table of samples do not work."))),
		)),
		ln(p.contents()),
		ln(h.Main(h.ID("main"),
			each(p.Pictures, func(_ int, x Picture) g.Node { return x.html() }),
			each(p.Sections, func(_ int, s Section) g.Node { return s.html(looks) }),
			each(p.Pools, func(_ int, s PoolSection) g.Node { return s.html(looks) }),
			each(p.Samples, func(_ int, s Samples) g.Node { return s.html() }),
			g.Iff(len(p.Provenance) > 0, func() g.Node {
				return titled("provenance", "", "Provenance", each(p.Provenance, func(_ int, b Block) g.Node { return b.html() }))
			}),
		)),
		ln(h.Script(h.Type("application/json"), h.ID("data"), g.Raw(data))),
		ln(h.Script(g.Raw(program))),
	})
}

// shell returns a document with the style of reports. css are further rules, live is as in
// [Page.Live].
func shell(title, css, live string, body g.Node) g.Node {
	return h.Doctype(ln(h.HTML(h.Lang("en"), h.If(live != "", h.Data("live", live)),
		ln(h.Head(
			ln(h.Meta(h.Charset("utf-8"))),
			ln(h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1"))),
			ln(h.Meta(h.Name("color-scheme"), h.Content("light dark"))),
			ln(h.Meta(h.Attr("http-equiv", "Content-Security-Policy"), h.Content(policy(live != "")))),
			ln(h.TitleEl(h.Text(title))),
			ln(h.StyleEl(g.Raw("\n"+style+css))),
		)),
		h.Body(
			ln(h.A(h.Class("skip"), h.Href("#main"), h.Text("Skip to the results"))),
			body,
			h.If(live != "", ln(h.Script(g.Raw(reload)))),
		),
	)))
}

// contents returns the links to the sections of the page.
func (p Page) contents() g.Node {
	link := func(id, title string) g.Node { return ln(h.Li(h.A(h.Href("#"+id), h.Text(title)))) }
	return h.Nav(h.Aria("label", "Contents"), h.Ul(
		h.If(p.Up != "", ln(h.Li(h.A(h.Href(p.Up), h.Text("All results"))))),
		each(p.Links, func(_ int, l Link) g.Node { return ln(h.Li(h.A(h.Href(l.Href), h.Text(l.Text)))) }),
		each(p.Pictures, func(_ int, x Picture) g.Node { return link(x.ID, x.Title) }),
		each(p.Sections, func(_ int, s Section) g.Node { return link(s.ID, s.Title) }),
		each(p.Pools, func(_ int, s PoolSection) g.Node { return link(s.ID, s.Title) }),
		each(p.Samples, func(_ int, s Samples) g.Node { return link(s.ID, s.Title) }),
		h.If(len(p.Provenance) > 0, link("provenance", "Provenance")),
	))
}

// html renders one benchmark.
func (s Section) html(looks palette) g.Node {
	return titled(s.ID, "bench", s.Title,
		ln(h.Dl(each(s.Facts, func(_ int, f Fact) g.Node { return h.Div(h.Dt(h.Text(f.Name)), h.Dd(h.Text(f.Value))) }))),
		ln(h.Ul(h.Class("summary"), items(s.Summary))),
		newChart(s.Chart).html(s.Title, looks),
		s.Points.html(s.ID, s.Price),
		commands(s.Commands),
		ln(h.H3(h.Text("Metrics"))),
		each(s.Tables, func(_ int, b Block) g.Node { return b.html() }),
		g.Iff(s.Tasks != nil, func() g.Node {
			return ln(h.Details(h.Attr("open"), ln(h.Summary(h.Text("By task"))), s.Tasks.html(), s.Small.html(looks)))
		}),
		h.If(len(s.Notes) > 0, g.Group{ln(h.H3(h.Text("Notes"))), ln(h.Ul(h.Class("notes"), items(s.Notes)))}),
	)
}

// html renders a sortable table.
func (b Block) html() g.Node {
	return ln(scroll(b.Caption, h.Table(h.Class("sortable"),
		h.Caption(h.Text(b.Caption)),
		ln(h.THead(h.Tr(each(b.Table.Header, func(i int, name string) g.Node { return columnHead(name, b.left(i)) })))),
		h.TBody(each(b.Table.Rows, func(_ int, cells []string) g.Node {
			return ln(h.Tr(each(cells, func(i int, cell string) g.Node {
				if i == 0 {
					return rowHeader(cell)
				}
				return h.Td(b.left(i), h.Text(cell))
			})))
		})),
	)))
}
