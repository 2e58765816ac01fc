package cli

import (
	"bytes"
	"fmt"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/plots"
)

// reliabilityBins is the number of bins of equal mass.
const reliabilityBins = 10

// judge compares the scores with what they would be as probabilities, and draws the
// diagram if a file is wanted. Nothing is fitted, so that all samples report.
func (c *calibration) judge(b *bench, whole part) error {
	p, err := eval.NewProbability(whole.outcomes, whole.clusters, whole.scores, reliabilityBins, c.o.Confidence)
	if err != nil {
		return hint.With(fmt.Errorf("router %q on %s: %w", c.entrant.spec.Label, b.name, err),
			"--reliability is for routers whose scores are win rates, such as mf")
	}
	c.doc.Reliability = result.NewReliability(p)
	if c.o.Plot == "" {
		return nil
	}
	diagram := plots.Reliability{
		Title: fmt.Sprintf("%s: %s / %s, n = %s", b.title(), b.pair.Strong, b.pair.Weak, thousands(p.N)),
		Name:  c.entrant.spec.Label, Base: p.Event,
	}
	for i := range p.Bins { // from low to high scores
		x := p.Bins[len(p.Bins)-1-i]
		diagram.Bins = append(diagram.Bins, plots.ReliabilityBin{Score: x.Score, Event: x.Event, Lo: x.Interval.Lo, Hi: x.Interval.Hi})
	}
	var w bytes.Buffer
	if err := diagram.Write(&w, pictureFormat(c.o.Plot)); err != nil {
		return failure{err}
	}
	c.diagram = w.Bytes()
	return nil
}

func (p *page) reliability(doc *result.Calibration) {
	r := doc.Reliability
	p.heading(fmt.Sprintf("%s on %s as a probability that the strong model is needed: %s samples", doc.Router, inputName(doc.Reference), thousands(r.Samples)))
	t := &table.Table{Header: []string{"scores", "samples", "mean score", "needed", p.interval(doc)}}
	if p.raw() {
		t.Header = []string{"lowest", "highest", "samples", "mean_score", "needed", "lo", "hi"}
	}
	for _, b := range r.Bins {
		if p.raw() {
			t.Add(cell(b.Lowest), cell(b.Highest), fmt.Sprint(b.Samples), cell(b.Score), cell(b.Event), cell(b.Lo), cell(b.Hi))
			continue
		}
		t.Add(fmt.Sprintf("%.4f to %.4f", float64(b.Lowest), float64(b.Highest)), thousands(b.Samples),
			fmt.Sprintf("%.2f %%", 100*float64(b.Score)), fmt.Sprintf("%.2f %%", 100*float64(b.Event)), span(b.Lo, b.Hi, 100, "%.2f", " %"))
	}
	p.table(t)
	p.note(fmt.Sprintf("Brier score %.4f = %.4f miscalibration - %.4f resolution + %.4f of a constant %+.4f within bins",
		float64(r.Brier), float64(r.Miscalibration), float64(r.Resolution), float64(r.Constant), float64(r.Within)))
	if r.Skill.Exists() {
		p.note(fmt.Sprintf("skill %.1f %%: a constant %.2f %% for every prompt has the Brier score %.4f", 100*float64(r.Skill), 100*float64(r.Event), float64(r.Constant)))
	}
	p.note(fmt.Sprintf("calibration error %.2f %%: mean distance of score and share needed", 100*float64(r.Error)))
	p.note(fmt.Sprintf("needed: the strong model does better; ties, %.2f %% of the samples, do not need it", 100*float64(r.Ties)))
}
