package plots

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"slices"

	"gonum.org/v1/plot/vg/vgsvg"
)

// svgFamily lists fonts with the same widths, for viewers that ignore embedded fonts.
const svgFamily = "'Liberation Sans',Arimo,Arial,Helvetica,sans-serif"

// svg returns the figure as an SVG file. To the output of vgsvg it adds a title for screen
// readers, fallback fonts, and the font reduced to the runes in use, because the whole font
// would add 550 kB per figure.
func (f *figure) svg() ([]byte, error) {
	canvas := vgsvg.New(f.width, f.height)
	picture, err := f.render(canvas)
	if err != nil {
		return nil, err
	}
	var used string
	for _, l := range f.texts() {
		used += l.text
	}
	font := base64.StdEncoding.EncodeToString(subset(trueType(), used))
	head := fmt.Sprintf("<title>%s</title>\n<defs><style>@font-face{font-family:'Liberation Sans';"+
		"src:url(data:font/ttf;base64,%s)}</style></defs>\n", html.EscapeString(f.title), font)
	start := bytes.Index(picture, []byte("<g transform"))
	picture = append(picture[:start:start], append([]byte(head), picture[start:]...)...)
	// The canvas writes the name that the font has in its file, see TestFontIsLiberationSans. A label that
	// looks like this attribute does not match: quotes in text are escaped.
	return bytes.ReplaceAll(picture, []byte(`style="font-family:Routellm Sans;`), []byte(`style="font-family:`+svgFamily+";")), nil
}

// texts returns all labels of the figure.
func (f *figure) texts() []label {
	all := f.labels
	for _, p := range f.panels {
		all = slices.Concat(all, p.labels, p.notes)
		for _, t := range p.tags {
			all = append(all, t.label)
		}
	}
	return all
}
