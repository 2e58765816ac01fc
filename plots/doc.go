// Package plots draws how a router trades quality for calls to the strong model.
//
// A figure is a value, Curves; how it looks is another, Style. Writing the same
// two gives the same bytes, in SVG, PNG and PDF: no clock, no system font and no
// map order takes part. Nothing is written unless the whole figure could be drawn.
// NewLine and NewBand make its parts from what package eval computes.
//
// The package draws on the canvases of gonum.org/v1/plot and leaves that module's
// root package out: its init parses twelve fonts and links 4 MB of them, and its
// legend has no place outside the data area. One font, Liberation Sans, is parsed
// when the first figure is written.
package plots
