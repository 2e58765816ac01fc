package plots

// Point is a vertex of a curve. StrongFraction is in [0,1], Quality in the benchmark's unit.
type Point struct{ StrongFraction, Quality float64 }

// Line is one router's curve. More than about 1,000 points are thinned for drawing such that
// the outline stays. A line without points only has an entry in the legend; a line with one
// point only shows its markers.
type Line struct {
	Name   string
	Points []Point  // points in ascending order of StrongFraction
	CPT    []Marker // markers on the curve
	// Lo and Hi bound a band that is shaded in the line's colour. Set both or neither.
	Lo, Hi []Point
	Bars   []Bar // intervals, drawn in the line's colour
	// Limit marks what no router can pass, such as the oracle. If it lies so far above all else that
	// it would flatten the other lines, the vertical axis is broken below its highest point.
	Limit bool
	// Reference draws the line in the style of the random router: it is a value to compare with, and
	// not a router.
	Reference bool
}

// Marker marks CPT(Percent): the point at which a curve first recovers Percent per cent of
// the gap between the models. A share that the curve never reaches has no marker.
type Marker struct {
	Percent                 int // 0 to 100
	StrongFraction, Quality float64
}

// Dot is the operating point of a router with fixed decisions.
type Dot struct {
	Name                    string
	StrongFraction, Quality float64
	Of                      string // name of the router whose colour the dot has; "" for Name
}

// router returns the name that decides the dot's colour.
func (d Dot) router() string {
	if d.Of != "" {
		return d.Of
	}
	return d.Name
}

// Level is the quality of one model.
type Level struct {
	Name    string
	Quality float64 // mean quality, in the benchmark's unit
}

// Band is an expected curve, Mid, with its lower and upper bounds, each in ascending order of
// StrongFraction. Any of them may be empty; Lo and Hi need not have the same strong fractions.
type Band struct {
	Name        string // name in the legend; defaults to "random, pointwise 95 %"
	Lo, Mid, Hi []Point
}

// Bar is an interval of quality from Lo to Hi at a strong fraction.
type Bar struct{ StrongFraction, Lo, Hi float64 }

// Area is a shaded area between two lines, each in ascending order of StrongFraction.
type Area struct {
	Name   string // name in the legend
	Lo, Hi []Point
}

// Measure is a horizontal or vertical length, drawn as a line with an arrow head at each end.
type Measure struct {
	From, To Point
	Text     string // text beside the line
}

// Named is a point with an interval from Lo to Hi and its name beside it. No interval is drawn
// if Lo and Hi are equal.
type Named struct {
	Name            string
	StrongFraction  float64
	Quality, Lo, Hi float64
	// Reference draws the point in the colour of references, and not in that of the first line, and
	// keeps its name off the lines where there is room.
	Reference bool
}
