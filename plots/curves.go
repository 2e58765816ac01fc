package plots

// Curves is a figure of routers' quality against the share of prompts that the strong model
// answers. The zero value draws an empty frame.
//
// Strong fractions are in [0,1] and are drawn as 0 to 100 per cent. Qualities are in the
// benchmark's own unit and are multiplied by YScale for display.
type Curves struct {
	// Title stands above the figure. A long title takes two lines, then smaller type.
	Title string
	// YLabel names the quality and its unit, such as "accuracy (%)".
	YLabel string
	// YScale multiplies qualities for display: 100 for accuracies shown in per cent, 1 for
	// grades. 0 means 1.
	YScale float64

	// XLabel and XTicks replace the label and the ticks of the horizontal axis if it shows
	// something other than the strong fraction. Points still lie in [0,1].
	XLabel string
	XTicks []XTick
	// YTicks replace the ticks of the vertical axis if qualities stand for something else,
	// such as logarithms. Ticks outside the axis are left out.
	YTicks []YTick

	// Strong and Weak are the qualities of the two models alone, drawn as dotted horizontal
	// lines. A level without a name is left out.
	Strong, Weak Level
	// Random is the random router's curve with its band. Nil leaves it out.
	Random *Band
	// Lines are the curves of routers. Their names decide their colours and dashes, see [LookOf].
	Lines []Line
	// Shade names the lines' bands in the legend. An empty string leaves the entry out.
	Shade string
	// Dots are routers with fixed decisions, which have one operating point and no curve.
	Dots []Dot

	// Area is a shaded area behind all lines. Nil leaves it out.
	Area *Area
	// Measures are lengths drawn as double arrows, each with a text beside it.
	Measures []Measure
	// Named are points with their names written beside them.
	Named []Named
	// Include are qualities that the vertical axis must reach, so that figures side by side
	// can have the same axis.
	Include []float64
}

// XTick is a labelled tick of the horizontal axis.
type XTick struct {
	At   float64 // position on the axis, in [0,1]
	Text string
}

// YTick is a labelled tick of the vertical axis.
type YTick struct {
	At   float64 // quality, in the unit of the figure's points
	Text string
}

// scale returns YScale, or 1 if it is 0.
func (c *Curves) scale() float64 {
	if c.YScale == 0 {
		return 1
	}
	return c.YScale
}

// level is a model's quality with the model's role in the pair, strong or weak.
type level struct {
	Level
	role  string
	style int // argument of Style.level
}

// levels returns the levels that have a name.
func (c *Curves) levels() []level {
	var named []level
	for _, l := range []level{{c.Strong, "strong", 0}, {c.Weak, "weak", 1}} {
		if l.Name != "" {
			named = append(named, l)
		}
	}
	return named
}
