package calibratecmd

import (
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// drift writes the drift test: its statistics and the share of strong calls before and now.
func (p *page) drift(doc *results.Calibration) {
	d := doc.Drift
	p.heading(fmt.Sprintf("%s: %s (%s) against %s", doc.Router, text.Plural(d.Scores, "new score"), inputName(d.New), text.Plural(d.Calibration, "calibration score")))
	t := &table.Table{Header: []string{"KS", "p", "PSI", "strong before", "strong now", "drifted"}}
	if p.raw() {
		t.Header = []string{"ks", "p", "psi", "strong_before", "strong_now", "drifted"}
		t.Add(render.Exact(d.KS), render.Exact(d.P), render.Exact(d.PSI), render.Exact(d.StrongBefore), render.Exact(d.StrongNow), fmt.Sprint(d.Drifted))
		p.table(t)
		return
	}
	word := map[bool]string{true: "yes", false: "no"}[d.Drifted]
	if d.Undecided {
		word = "?"
	}
	t.Add(fmt.Sprintf("%.4f", float64(d.KS)), fmt.Sprintf("%.3g", float64(d.P)), fmt.Sprintf("%.4f", float64(d.PSI)),
		shareText(d.StrongBefore), shareText(d.StrongNow), word)
	p.table(t)
	p.note(fmt.Sprintf("drifted: yes if p of the two-sample Kolmogorov-Smirnov (KS) test is below %.4g and the population stability index (PSI) is at least 0.1",
		1-float64(doc.Confidence)))
	if d.KSWithin != nil {
		p.note(fmt.Sprintf("as far as the bins tell, KS lies between %.4f and %.4f, and p between %.3g and %.3g; PSI is that of tenths made of whole bins",
			float64(d.KSWithin.Lo), float64(d.KSWithin.Hi), float64(d.PWithin.Lo), float64(d.PWithin.Hi)))
	}
	p.note("strong before, strong now: share of strong calls at the threshold")
	if len(doc.Thresholds) == 0 && doc.Outcomes == nil { // otherwise they stand above
		p.warnings(doc)
	}
}

// shareText writes a fraction in per cent, "-" if it does not exist.
func shareText(v results.Value) string {
	if !v.Exists() {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100*float64(v))
}
