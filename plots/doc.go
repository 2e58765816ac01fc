// Package plots draws how a router trades quality for calls to the strong model.
//
// Start with [NewLine] and [NewBand], which turn results of package eval into the parts of a
// figure. Put them into a [Curves] and call [Curves.Write] for SVG, PNG or PDF. [Pool], [Reliability],
// [Scatter] and [Detectable] are figures of other kinds. [Style.Write] draws a figure in a
// style other than [DefaultStyle].
//
// Writing the same figure in the same style gives the same bytes: the output does not depend
// on the clock, on system fonts or on map order. Nothing is written unless the whole figure
// can be drawn.
//
// The package draws on the canvases of gonum.org/v1/plot. It does not use that module's root
// package, whose init parses twelve fonts and links 4 MB of them, and whose legend cannot
// stand outside the data area. Liberation Sans, the only font, is parsed when the first figure
// is written.
package plots
