package report

import (
	"bytes"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// html renders a picture. The figure is drawn on white, also on a dark page.
func (x Picture) html() g.Node {
	return titled(x.ID, "", x.Title,
		ln(h.Ul(h.Class("summary"), items(x.Summary))),
		g.If(x.SVG != nil, ln(h.Figure(h.Class("picture"), g.Raw(string(inline(x.SVG)))))),
		each(x.Tables, func(_ int, b Block) g.Node { return b.html() }),
	)
}

// inline returns an SVG file without what stands before its element, for use within HTML.
func inline(svg []byte) []byte {
	if at := bytes.Index(svg, []byte("<svg")); at > 0 {
		return svg[at:]
	}
	return svg
}
