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
