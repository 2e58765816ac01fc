package plots

import "io"

// Reliability is a reliability diagram, which shows how good a router's scores are as
// probabilities that the strong model is needed. It has one point per bin of scores: the share
// of prompts that need the strong model, with its interval, against the mean score. Perfectly
// calibrated scores lie on the diagonal.
type Reliability struct {
	Title string
	Name  string           // name of the router
	Bins  []ReliabilityBin // bins in ascending order of Score
	Base  float64          // share of all prompts that need the strong model, in [0,1]
}

// ReliabilityBin is one point of the diagram. Score is the mean score of the bin, and Event
// the share of its prompts that need the strong model, with an interval from Lo to Hi; all are
// in [0,1]. No interval is drawn if Lo or Hi is NaN.
type ReliabilityBin struct{ Score, Event, Lo, Hi float64 }

// Bar is an interval of quality from Lo to Hi at a strong fraction.
type Bar struct{ StrongFraction, Lo, Hi float64 }

// Write draws the diagram in [DefaultStyle]. It returns the errors of [Style.Write].
func (r Reliability) Write(w io.Writer, format Format) error {
	return r.curves().Write(w, format)
}

// curves returns the diagram as a figure whose horizontal axis shows scores.
func (r Reliability) curves() Curves {
	line := Line{Name: r.Name}
	for _, b := range r.Bins {
		line.Points = append(line.Points, Point{b.Score, b.Event})
		if b.Lo == b.Lo && b.Hi == b.Hi {
			line.Bars = append(line.Bars, Bar{b.Score, b.Lo, b.Hi})
		}
	}
	return Curves{
		Title:  r.Title,
		XLabel: "score, as a probability that the strong model is needed (%)",
		YLabel: "strong model was needed (%)", YScale: 100,
		Lines:  []Line{line, {Name: "base rate", Points: []Point{{0, r.Base}, {1, r.Base}}}},
		Random: &Band{Name: "perfectly calibrated", Mid: []Point{{0, 0}, {1, 1}}},
	}
}

// halfCap is half the width of the line at each end of a bar, in points.
const halfCap = 3

// drawBars draws the bars of line i in the line's colour.
func (f *figure) drawBars(p *pen, i int) {
	ink := f.style.line(i)
	ink.Dashes = nil
	for _, b := range f.Lines[i].Bars {
		lo, hi := f.at(Point{b.StrongFraction, b.Lo}), f.at(Point{b.StrongFraction, b.Hi})
		p.StrokeLine2(ink, lo.X, lo.Y, hi.X, hi.Y)
		p.StrokeLine2(ink, lo.X-halfCap, lo.Y, lo.X+halfCap, lo.Y)
		p.StrokeLine2(ink, hi.X-halfCap, hi.Y, hi.X+halfCap, hi.Y)
	}
}

// checkBars returns an error for the first bar that cannot be drawn.
func (c Curves) checkBars(bars []Bar) error {
	for _, b := range bars {
		for _, end := range []float64{b.Lo, b.Hi} {
			if err := c.checkPoint(Point{b.StrongFraction, end}); err != nil {
				return err
			}
		}
	}
	return nil
}
