package plots

import "gonum.org/v1/plot/vg"

// figure is a figure whose parts are placed, ready for any canvas.
type figure struct {
	style         Style
	title         string // title of the figure, which screen readers find in an SVG also where it is not drawn
	looks         map[string]Look
	panels        []*panel
	legend        []entry
	keys          []vg.Rectangle // one key per entry of the legend
	labels        []label        // the title and the legend's texts
	width, height vg.Length
}
