package report

import (
	"bytes"
	"regexp"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
)

// html renders a picture. The figure is drawn on white, also on a dark page.
func (x Picture) html() g.Node {
	return titled(x.ID, "", x.Title,
		ln(h.Ul(h.Class("summary"), items(x.Summary))),
		h.If(x.SVG != nil, ln(h.Figure(h.Class("picture"), g.Raw(string(inline(x.SVG)))))),
		each(x.Tables, func(_ int, b Block) g.Node { return b.html() }),
	)
}

// standalone matches what an SVG file needs and a page does not have: the names of its XML, and the
// font, which the page's policy would refuse.
var standalone = regexp.MustCompile(`(?s)\s+xmlns(:xlink)?="[^"]*"|<style>@font-face.*?</style>`)

// inline returns the element of an SVG file for use within HTML.
func inline(svg []byte) []byte {
	if at := bytes.Index(svg, []byte("<svg")); at > 0 {
		svg = svg[at:]
	}
	return standalone.ReplaceAll(svg, nil)
}
