package plots

import "io"

// Curves is one figure: routers' quality against the share of prompts that the
// strong model answers. The zero value draws an empty frame.
//
// Strong fractions are in [0,1] and are drawn as 0 to 100 per cent. Qualities are
// in the benchmark's own unit and are multiplied by YScale for display.
type Curves struct {
	// Title stands above the figure. A long one takes two lines, then smaller type.
	Title string
	// YLabel names the quality and its unit, e.g. "accuracy (%)".
	YLabel string
	// YScale is 100 for accuracies shown in per cent and 1 for grades; 0 means 1.
	YScale float64

	// XLabel and XTicks replace the horizontal axis where it shows something else than
	// the strong fraction; Points still lie in [0,1].
	XLabel string
	XTicks []XTick
	// YTicks replace the marks of the vertical axis where qualities stand for something
	// else, such as logarithms. Those outside the axis are left out.
	YTicks []YTick

	// Strong and Weak are the qualities of the two models alone, drawn as dotted
	// horizontals. A level with no name is left out.
	Strong, Weak Level
	// Random is the random router; nil leaves it out.
	Random *Band
	// Lines are routers with a threshold; colour and dashes follow their order.
	Lines []Line
	// Shade is the legend's name for the bands of the lines; an empty one is left out.
	Shade string
	// Dots are routers with fixed decisions, which have one point and no curve.
	Dots []Dot

	// Area is shaded, behind all lines; nil leaves it out.
	Area *Area
	// Measures are lengths in the figure, with a text beside each.
	Measures []Measure
	// Named are points with their names written beside them.
	Named []Named
	// Include are qualities that the vertical axis reaches in any case, so that figures
	// side by side have the same one.
	Include []float64
}

// XTick is a label at a place of the horizontal axis, in [0,1].
type XTick struct {
	At   float64
	Text string
}

// YTick is a label at a quality, in the unit of the figure's points.
type YTick struct {
	At   float64
	Text string
}

// Point is a vertex of a curve: StrongFraction in [0,1], Quality in the benchmark's unit.
type Point struct{ StrongFraction, Quality float64 }

// Line is one router's curve, in order of StrongFraction. More than about 1,000
// vertices are thinned for drawing; the outline stays. No points draws only the
// legend's entry, one point draws nothing but its markers. Bars are drawn in its colour.
type Line struct {
	Name   string
	Points []Point
	CPT    []Marker
	// Lo and Hi bound a band that is shaded in the line's colour. None or both.
	Lo, Hi []Point
	Bars   []Bar
}

// Marker is the point where a curve first recovers Percent (0 to 100) of the gap
// between the models: CPT(Percent). Levels not reached have no marker.
type Marker struct {
	Percent                 int
	StrongFraction, Quality float64
}

// Dot is a router whose decisions are given: one operating point.
type Dot struct {
	Name                    string
	StrongFraction, Quality float64
}

// Level is one model's quality, in the benchmark's unit.
type Level struct {
	Name    string
	Quality float64
}

// Band is an expected curve with its lower and upper bounds, each in order of
// StrongFraction. Any of them may be empty; Lo and Hi need not share abscissae.
// An empty Name reads "random, pointwise 95 %".
type Band struct {
	Name        string
	Lo, Mid, Hi []Point
}

// Write draws the figure in DefaultStyle. See Style.Write.
func (c Curves) Write(w io.Writer, format Format) error {
	return DefaultStyle().Write(w, c, format)
}

// scale is YScale with its zero value read as 1.
func (c Curves) scale() float64 {
	if c.YScale == 0 {
		return 1
	}
	return c.YScale
}

// level is a model's quality to be drawn and the model's role in the pair.
type level struct {
	Level
	role  string
	style int // see Style.level
}

// levels leaves out a model with no name.
func (c Curves) levels() []level {
	var named []level
	for _, l := range []level{{c.Strong, "strong", 0}, {c.Weak, "weak", 1}} {
		if l.Name != "" {
			named = append(named, l)
		}
	}
	return named
}
