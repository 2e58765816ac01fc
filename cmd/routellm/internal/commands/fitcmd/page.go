package fitcmd

import (
	"bytes"
	"io"

	"github.com/routellm/routellm/cmd/routellm/internal/pages"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/fit"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

// writePage writes the report as HTML: what was found, then the results on the test part as report
// shows them.
func writePage(w io.Writer, r *fit.Result) error {
	page := report.Page{}
	if r.Set != nil {
		var err error
		if page, err = pages.New([]*harness.ScoreSet{r.Set}, nil); err != nil {
			return err
		}
	}
	d := r.Document
	page.Title = "A router for " + d.Data
	if r.Artifact == nil {
		page.Title = "No router for " + d.Data
	}
	page.Notes = append([]string{conclusion(d), partsWords(d)}, page.Notes...)
	found := report.Picture{ID: "fit", Title: "How it was found", Summary: warnings(d), Tables: blocks(d)}
	if said := curveWords(d); said != "" {
		found.Summary = append(found.Summary, said)
		var svg bytes.Buffer
		if err := learning(d).Curves().Write(&svg, plots.SVG); err != nil {
			return err
		}
		found.SVG = svg.Bytes()
	}
	page.Pictures = []report.Picture{found}
	return page.HTML(w)
}

// learning returns the figure of the learning curve.
func learning(d *results.Fit) plots.Learning {
	l := plots.Learning{Title: "Learning curve", YLabel: metricName(d.Metric), Name: d.Curve.Router, Shade: percent(d.Confidence) + " interval"}
	if d.Metric == results.MetricAPGR {
		l.Chance = 0.5
	}
	for _, p := range d.Curve.Points {
		l.Points = append(l.Points, plots.LearningPoint{Samples: p.Samples, Value: float64(p.Value.Value), Lo: float64(p.Value.Lo), Hi: float64(p.Value.Hi)})
	}
	return l
}
