package plots

import (
	"fmt"
	"io"
	"math"
)

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
	return DefaultStyle().Write(w, r, format)
}

func (r Reliability) panels() (Panels, error) { return r.curves().panels() }

// zoomed is the share of all scores, from 0 to 1, below which the diagram shows only the range of
// the scores. A wider one is shown from 0 to 1.
const zoomed = 0.8

// scores returns the ends of the horizontal axis, with a margin around the scores, and whether it
// shows a part of the range from 0 to 1 only.
func (r Reliability) scores() (lo, hi float64, part bool) {
	lo, hi = 1, 0
	for _, b := range r.Bins {
		lo, hi = min(lo, b.Score), max(hi, b.Score)
	}
	margin := max(0.08*(hi-lo), 0.005)
	if lo, hi = max(0, lo-margin), min(1, hi+margin); lo < hi && hi-lo < zoomed {
		return lo, hi, true
	}
	return 0, 1, false
}

// curves returns the diagram as a figure whose horizontal axis shows scores.
func (r Reliability) curves() Curves {
	lo, hi, part := r.scores()
	c := Curves{
		Title: r.Title, XLabel: "score, as a probability that the strong model is needed (%)",
		YLabel: "strong model was needed (%)", YScale: 100,
		Random: &Band{Name: "perfectly calibrated", Mid: []Point{{0, lo}, {1, hi}}},
	}
	at := func(score float64) float64 {
		if !part || math.IsNaN(score) || score < 0 || score > 1 { // the last two are errors
			return score
		}
		return (score - lo) / (hi - lo)
	}
	line := Line{Name: r.Name}
	for _, b := range r.Bins {
		line.Points = append(line.Points, Point{at(b.Score), b.Event})
		if b.Lo == b.Lo && b.Hi == b.Hi {
			line.Bars = append(line.Bars, Bar{at(b.Score), b.Lo, b.Hi})
		}
	}
	c.Lines = []Line{line, {Name: "base rate", Reference: true, Points: []Point{{0, r.Base}, {1, r.Base}}}}
	if part {
		c.XLabel += fmt.Sprintf("; the axis shows %.3g to %.3g", 100*lo, 100*hi)
		for _, t := range Ticks(100*lo, 100*hi, 8) {
			c.XTicks = append(c.XTicks, XTick{at(t.Value / 100), t.Text})
		}
	}
	return c
}
