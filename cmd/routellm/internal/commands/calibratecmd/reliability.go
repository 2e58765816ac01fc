package calibratecmd

import (
	"fmt"
	"io"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

// drawReliability writes the reliability diagram to w as a picture.
func drawReliability(w io.Writer, style plots.Style, c *harness.Calibration, format plots.Format) error {
	p := c.Diagram
	diagram := plots.Reliability{Title: p.Title, Name: c.Document.Router, Base: p.Event}
	for i := range p.Bins { // the bins are in order of descending scores, the diagram ascends
		x := p.Bins[len(p.Bins)-1-i]
		diagram.Bins = append(diagram.Bins, plots.ReliabilityBin{Score: x.Score, Event: x.Event, Lo: x.Interval.Lo, Hi: x.Interval.Hi})
	}
	return style.Write(w, diagram, format)
}

// reliability writes how well the scores do as probabilities that the strong model is
// needed: one row per bin, then the Brier score and its parts.
func (p *page) reliability(doc *results.Calibration) {
	r := doc.Reliability
	p.heading(fmt.Sprintf("%s on %s: %s, scores as probabilities that strong is needed", doc.Router, inputName(doc.Reference), text.Plural(r.Samples, "sample")))
	t := &table.Table{Header: []string{"scores", "samples", "mean score", "needed", p.interval(doc)}}
	if p.raw() {
		t.Header = []string{"lowest", "highest", "samples", "mean_score", "needed", "lo", "hi"}
	}
	for _, b := range r.Bins {
		if p.raw() {
			t.Add(render.Exact(b.Lowest), render.Exact(b.Highest), fmt.Sprint(b.Samples), render.Exact(b.Score), render.Exact(b.Event), render.Exact(b.Lo), render.Exact(b.Hi))
			continue
		}
		t.Add(fmt.Sprintf("%.4f to %.4f", float64(b.Lowest), float64(b.Highest)), text.Thousands(b.Samples),
			fmt.Sprintf("%.2f %%", 100*float64(b.Score)), fmt.Sprintf("%.2f %%", 100*float64(b.Event)), span(b.Lo, b.Hi, 100, "%.2f", " %"))
	}
	p.table(t)
	p.note(fmt.Sprintf("Brier score %.4f = %.4f miscalibration - %.4f resolution + %.4f uncertainty %+.4f within bins",
		float64(r.Brier), float64(r.Miscalibration), float64(r.Resolution), float64(r.Constant), float64(r.Within)))
	if r.Skill.Exists() {
		p.note(fmt.Sprintf("skill %.1f %%: compared with a constant score of %.2f %%, whose Brier score is %.4f (the uncertainty)", 100*float64(r.Skill), 100*float64(r.Event), float64(r.Constant)))
	}
	p.note(fmt.Sprintf("calibration error %.2f %%: mean absolute difference between mean score and share needed, over the bins", 100*float64(r.Error)))
	p.note(fmt.Sprintf("needed: share of samples on which the strong model is better; ties (%.2f %% of the samples) do not need it", 100*float64(r.Ties)))
}
