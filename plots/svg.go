package plots

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"gonum.org/v1/plot/vg/vgsvg"
)

// svgFamily names fonts of the same widths, for viewers that refuse embedded ones.
const svgFamily = "'Liberation Sans',Arimo,Arial,Helvetica,sans-serif"

// svg adds to what vgsvg writes a title for screen readers, families to fall back
// on, and the font cut down to the runes in use: whole it is 550 kB a figure.
func (f *figure) svg() ([]byte, error) {
	canvas := vgsvg.New(f.layout.width, f.layout.height)
	picture, err := f.render(canvas)
	if err != nil {
		return nil, err
	}
	var used string
	for _, l := range append(f.layout.labels, f.layout.notes...) {
		used += l.text
	}
	font := base64.StdEncoding.EncodeToString(subset(liberationsansregular.TTF, used))
	head := fmt.Sprintf("<title>%s</title>\n<defs><style>@font-face{font-family:'Liberation Sans';"+
		"src:url(data:font/ttf;base64,%s)}</style></defs>\n", html.EscapeString(clean(f.Title)), font)
	start := bytes.Index(picture, []byte("<g transform"))
	picture = append(picture[:start:start], append([]byte(head), picture[start:]...)...)
	// The quote keeps a label that reads like a style from being changed: in text it is escaped.
	return bytes.ReplaceAll(picture, []byte(`style="font-family:Liberation Sans;`), []byte(`style="font-family:`+svgFamily+";")), nil
}
