package plots

import "io"

// Reliability is the diagram of scores that are meant as probabilities: in each bin
// of scores, the share of prompts on which the strong model was needed, with its
// interval, against the mean score. On the diagonal the scores are what they say.
type Reliability struct {
	Title string
	Name  string // of the router
	Bins  []ReliabilityBin
	Base  float64 // share of all prompts that need the strong model
}

// ReliabilityBin is a point of the diagram; all numbers are in [0,1]. Bins are in
// order of Score. Lo and Hi NaN leave the interval out.
type ReliabilityBin struct{ Score, Event, Lo, Hi float64 }

// Bar is an interval of quality at a place of the horizontal axis.
type Bar struct{ StrongFraction, Lo, Hi float64 }

// Write draws the diagram in DefaultStyle. See Style.Write.
func (r Reliability) Write(w io.Writer, format Format) error {
	return r.curves().Write(w, format)
}

// curves is the diagram as a figure: scores lie on the axis of the strong fraction.
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

// capWidth is half the length of a bar's ends, in points.
const capWidth = 3

// drawBars draws the intervals of line i in its colour.
func (f *figure) drawBars(p *pen, i int) {
	ink := f.style.line(i)
	ink.Dashes = nil
	for _, b := range f.Lines[i].Bars {
		lo, hi := f.at(Point{b.StrongFraction, b.Lo}), f.at(Point{b.StrongFraction, b.Hi})
		p.StrokeLine2(ink, lo.X, lo.Y, hi.X, hi.Y)
		p.StrokeLine2(ink, lo.X-capWidth, lo.Y, lo.X+capWidth, lo.Y)
		p.StrokeLine2(ink, hi.X-capWidth, hi.Y, hi.X+capWidth, hi.Y)
	}
}

// checkBars refuses intervals that cannot be drawn.
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
