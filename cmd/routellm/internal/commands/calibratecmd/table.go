package calibratecmd

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// outcomes writes the thresholds that were set with outcomes, and what they do on the
// held-out samples.
func (p *page) outcomes(doc *results.Calibration) {
	o := doc.Outcomes
	if p.raw() {
		p.table(operatingCSV(o))
		return
	}
	u := render.UnitOf(results.Benchmark{Unit: o.Unit})
	p.heading(fmt.Sprintf("%s on %s: %s, %s held out (seed %d)", doc.Router, o.Title, text.Plural(o.Calibration, "calibration sample"), text.Thousands(o.HeldOut), o.Seed))
	p.summary(doc)
	item := "  "
	if p.format == "markdown" {
		item = "- "
		p.line("")
	}
	p.line(fmt.Sprintf("%sstrong, held out  %s  %s", item, u.Quality(o.StrongQuality), o.Pair.Strong))
	p.line(fmt.Sprintf("%sweak, held out    %s  %s", item, u.Quality(o.WeakQuality), o.Pair.Weak))
	if left := render.Exclusions(o.Excluded); left != "" {
		p.line(fmt.Sprintf("%sleft out: %s", item, left))
	}
	if clustered(o) {
		p.line(fmt.Sprintf("%seffective clusters: %.1f calibration, %.1f held out", item, float64(o.CalibrationClusters), float64(o.HeldOutClusters)))
	}
	for _, x := range o.Points {
		p.gap()
		p.note(promise(x, o.Pair))
		p.table(measureTable(doc, x, u, p.interval(doc)))
	}
	p.warnings(doc)
	p.note("intervals: from the held-out samples, for further prompts like these (exchangeable)")
}

// clustered reports whether clusters make a part tell less than nine tenths of what as many
// independent samples would.
func clustered(o *results.Outcomes) bool {
	return float64(o.CalibrationClusters) < 0.9*float64(o.Calibration) || float64(o.HeldOutClusters) < 0.9*float64(o.HeldOut)
}

// promise says what a threshold was set for and what is guaranteed about it.
func promise(x results.OperatingPoint, pair results.Pair) string {
	at := "threshold " + render.Threshold(x.Threshold)
	if x.Always != "" {
		at = "always " + map[results.Side]string{results.Strong: pair.Strong, results.Weak: pair.Weak}[x.Always]
	}
	if x.Target == "strong_fraction" {
		return fmt.Sprintf("%s: %s strong calls on the calibration samples", at, percent(x.Value))
	}
	if x.Trivial {
		return fmt.Sprintf("%s (fallback): no threshold is guaranteed to %s", at, aim(x))
	}
	test := map[string]string{"student": "t-test", "betting": "exact test"}[x.Test]
	return fmt.Sprintf("%s: guaranteed to %s, with %.4g %% confidence (%s)", at, aim(x), 100*float64(x.Confidence), test)
}

// aim says what a guarantee is about.
func aim(x results.OperatingPoint) string {
	switch x.Target {
	case "quality":
		return "keep " + percent(x.Value) + " of the strong model's quality"
	case "pgr":
		return "recover " + percent(x.Value) + " of the gap"
	}
	return fmt.Sprintf("cost less than $%v per 1,000 prompts", float64(x.Value))
}

// percent writes a share in per cent, without rounding what a flag gives.
func percent(v results.Value) string {
	return strconv.FormatFloat(math.Round(1e6*float64(v))/1e4, 'g', -1, 64) + " %"
}

// measureTable returns one row per measure of a threshold: its value on the calibration and
// the held-out samples, and its interval.
func measureTable(doc *results.Calibration, x results.OperatingPoint, u render.Unit, interval string) *table.Table {
	t := &table.Table{Header: []string{"", "calibration", "held out", interval}}
	for _, m := range x.Measures {
		switch m.Name {
		case "strong_fraction":
			t.Add("strong calls", shareText(m.Calibration), shareText(m.HeldOut), span(m.Lo, m.Hi, 100, "%.2f", " %"))
		case "quality":
			t.Add("quality", u.Quality(m.Calibration), u.Quality(m.HeldOut), qualitySpan(m, u))
		case "share_of_strong":
			t.Add("share of strong quality", shareText(m.Calibration), shareText(m.HeldOut), span(m.Lo, m.Hi, 100, "%.2f", " %"))
		case "pgr":
			t.Add("gap recovered", gapText(m.Calibration), gapText(m.HeldOut), span(m.Lo, m.Hi, 100, "%.2f", " %"))
		case "cost_usd":
			t.Add("USD per 1,000 prompts", fmt.Sprintf("%.4g", float64(m.Calibration)), fmt.Sprintf("%.4g", float64(m.HeldOut)), span(m.Lo, m.Hi, 1, "%.4g", ""))
		case "next_calls":
			t.Add("calls in the next "+text.Thousands(int(*doc.Next)), "", "", span(m.Lo, m.Hi, 1, "%.0f", ""))
		}
	}
	return t
}

// gapText formats a share of the gap, "?" if no gap is established.
func gapText(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return shareText(v)
}

// qualitySpan formats an interval in the unit of quality, "?" if it does not exist.
func qualitySpan(m results.Measure, u render.Unit) string {
	if !m.Lo.Exists() {
		return u.Quality(m.Lo)
	}
	return strings.TrimSuffix(u.Quality(m.Lo), " %") + " to " + u.Quality(m.Hi)
}

// operatingCSV returns one row per threshold and measure.
func operatingCSV(o *results.Outcomes) *table.Table {
	t := &table.Table{Header: []string{"target", "value", "test", "trivial", "threshold", "always", "measure", "calibration", "held_out", "lo", "hi"}}
	for _, x := range o.Points {
		for _, m := range x.Measures {
			t.Add(x.Target, render.Exact(x.Value), x.Test, fmt.Sprint(x.Trivial), render.Exact(x.Threshold.Score), string(x.Always),
				m.Name, render.Exact(m.Calibration), render.Exact(m.HeldOut), render.Exact(m.Lo), render.Exact(m.Hi))
		}
	}
	return t
}
