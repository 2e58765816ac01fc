// Package plots draws how a router trades quality for calls to the strong model.
//
// Start with [NewLine] and [NewBand], which turn results of package eval into the parts of a
// figure. Put them into a [Curves] and call [Curves.Write] for SVG, PNG or PDF. [Panels] holds several
// of them. [Pool], [Reliability], [Scatter], [Learning] and [Detectable] are figures of other kinds.
// [Style.Write] draws any [Figure] in a style other than [DefaultStyle].
//
// Writing the same figure in the same style gives the same bytes: the output does not depend
// on the clock, on system fonts or on map order. Nothing is written unless the whole figure
// can be drawn.
//
// A router has the same [Look] in every figure. [PaperStyle] suits journals. Names of lines stand
// beside them where there is room, and otherwise in the legend.
//
// The package draws on the canvases of gonum.org/v1/plot, but does not use that module's root
// package with its plot.Legend. That legend would replace 72 lines here, legend.go and layLegend,
// and add 4.4 MB to the program (66.3 MB in place of 61.9), because its package links and parses
// twelve fonts. It also has one column only, inside the data area, and does not shorten long names.
// Liberation Sans, the only font, is unpacked when the first figure is written.
package plots
