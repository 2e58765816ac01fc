package evalcmd

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/cmd/routellm/internal/tidy"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// writeLog writes what logged decisions tell in one of the formats of --format.
func writeLog(w io.Writer, d *results.LogEvaluation, format string) error {
	switch format {
	case "json":
		return d.Write(w)
	case "csv":
		return logRows(d).CSV(w)
	case "tidy":
		return tidy.Log(d).CSV(w)
	}
	markdown := format == "markdown"
	logHeading(w, d, markdown)
	tables := []*table.Table{qualityTable(d), differenceTable(d)}
	if d.Logged.Cost.Value.Exists() {
		tables = append(tables, costTable(d))
	}
	for _, t := range tables {
		fmt.Fprintln(w)
		if err := render.Table(w, t, format); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	render.Footnotes(w, logNotes(d), markdown)
	for _, warning := range d.Warnings {
		render.Footnotes(w, []string{"warning: " + warning}, markdown)
	}
	return nil
}

// logHeading writes what was logged.
func logHeading(w io.Writer, d *results.LogEvaluation, markdown bool) {
	x := d.Decisions
	of := ""
	if d.Router != "" {
		of = " of " + d.Router
	}
	lines := []string{fmt.Sprintf("%s: %s%s, %s rated", d.Input.Path, text.Plural(x.Estimated, "decision"), of, text.Thousands(x.Rated))}
	if markdown {
		lines[0] = "## " + lines[0] + "\n"
	}
	for _, s := range []struct {
		name string
		side results.LoggedSide
	}{{"strong", x.Strong}, {"weak", x.Weak}} {
		lines = append(lines, fmt.Sprintf("  %-6s  %s, %s against the score; %s rated (%s), quality %s", s.name, text.Thousands(s.side.Decisions), text.Thousands(s.side.AgainstScore),
			text.Thousands(s.side.Rated), share(s.side.Rated, s.side.Decisions), render.FourDecimals(s.side.Quality)))
	}
	lines = append(lines, "  logged  quality "+render.FourDecimals(d.Logged.Quality.Value)+" "+interval(d.Logged.Quality)+", exploration included")
	for _, reason := range slices.Sorted(maps.Keys(x.Fixed)) {
		lines = append(lines, fmt.Sprintf("  left out: %s (%s)", text.Plural(x.Fixed[reason], "decision"), fixedReason(reason)))
	}
	for _, line := range lines {
		if markdown && strings.HasPrefix(line, "  ") {
			line = "- " + strings.TrimSpace(line)
		}
		fmt.Fprintln(w, line)
	}
}

// fixedReason says why a decision had no choice.
func fixedReason(reason string) string {
	if reason == "no draw" {
		return "the other side could not have been drawn"
	}
	return "the same side at every threshold: " + reason
}

// share writes a part of a whole in per cent, "?" of nothing.
func share(part, whole int) string {
	if whole == 0 {
		return "?"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

// interval writes an interval, "?" if there is none.
func interval(m results.Metric) string {
	if !m.Lo.Exists() || !m.Hi.Exists() {
		return "?"
	}
	return "[" + render.ShortNumber(float64(m.Lo)) + ", " + render.ShortNumber(float64(m.Hi)) + "]"
}

// name writes a threshold, marked if it was in force.
func name(t results.LoggedThreshold) string {
	if t.InForce {
		return render.Threshold(t.Threshold) + " *"
	}
	return render.Threshold(t.Threshold)
}

// calls writes the share of strong calls.
func calls(t results.LoggedThreshold) string {
	return fmt.Sprintf("%.1f %%", 100*float64(t.StrongFraction))
}

// qualityTable returns the estimated qualities, and what they rest on.
func qualityTable(d *results.LogEvaluation) *table.Table {
	t := &table.Table{Header: []string{"threshold", "calls", "quality", render.Confidence(d.Intervals), "ESS", "against"}}
	for _, x := range d.Thresholds {
		ess := "?"
		if x.Effective.Exists() {
			ess = text.Thousands(int(x.Effective))
		}
		t.Add(name(x), calls(x), render.FourDecimals(x.Quality.Value), interval(x.Quality), ess, text.Thousands(x.AgainstScore))
	}
	return t
}

// differenceTable returns the differences from what was logged and from a random choice.
func differenceTable(d *results.LogEvaluation) *table.Table {
	c := render.Confidence(d.Intervals)
	t := &table.Table{Header: []string{"threshold", "less logged", c, "less random", c}}
	for _, x := range d.Thresholds {
		random, between := render.FourDecimals(x.OverRandom.Value), interval(x.OverRandom)
		if x.Always != "" {
			random, between = "-", "-"
		}
		t.Add(name(x), render.FourDecimals(x.AgainstLogged.Value), interval(x.AgainstLogged), random, between)
	}
	return t
}

// costTable returns the estimated costs.
func costTable(d *results.LogEvaluation) *table.Table {
	t := &table.Table{Header: []string{"threshold", "USD per 1,000", render.Confidence(d.Intervals)}}
	thousand := func(m results.Metric) results.Metric {
		return results.Metric{Value: 1000 * m.Value, Lo: 1000 * m.Lo, Hi: 1000 * m.Hi}
	}
	add := func(name string, m results.Metric) {
		m = thousand(m)
		t.Add(name, render.FourDecimals(m.Value), interval(m))
	}
	add("as logged", d.Logged.Cost)
	for _, x := range d.Thresholds {
		add(name(x), x.Cost)
	}
	return t
}

// logNotes returns the explanations below the tables.
func logNotes(d *results.LogEvaluation) []string {
	between := "no intervals"
	if d.Logged.Quality.Lo.Exists() {
		between = "[]: " + render.Confidence(d.Intervals) + " interval from " + text.Plural(d.Intervals.Resamples, "resample")
	}
	return []string{
		"calls: share of strong calls, without exploration; quality: estimated by " + d.Method + " from the rated decisions; *: in force in the log",
		between + "; ?: cannot be told from this log",
		"ESS: effective sample size of the weights; against: answers that were drawn against the score and that the estimate uses",
		"less logged: quality less that of the logged decisions; less random: less that of a random choice with the same share of strong calls",
	}
}
