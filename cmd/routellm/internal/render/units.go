package render

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// Unit says how a benchmark's quality is shown.
type Unit struct {
	Scale  float64 // factor from a stored quality to the shown number: 100 for accuracies
	Format string  // format of one scaled quality, such as "%.2f %%"
	label  string  // label of a figure's quality axis
}

// UnitOf returns the unit of a benchmark: per cent for accuracies, and the stored scale for
// grades and for qualities without a unit.
func UnitOf(b results.Benchmark) Unit {
	if strings.HasPrefix(b.Unit, "accuracy") {
		return Unit{100, "%.2f %%", "accuracy (%)"}
	}
	if b.Unit == "" {
		return Unit{1, "%.4f", "quality"}
	}
	return Unit{1, "%.3f", b.Unit}
}

// Quality writes a quality, "?" if it cannot be computed.
func (u Unit) Quality(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return fmt.Sprintf(u.Format, u.Scale*float64(v))
}

// Metric writes a router's metric that has the unit of quality, as [Number] does.
func (u Unit) Metric(v results.Value, r results.Router) string {
	return metric(v, r, u.Format, u.Scale)
}

// Number writes a router's metric to three decimals: "-" if the router has one operating
// point and no such metric, "?" if the metric cannot be computed.
func Number(v results.Value, r results.Router) string { return metric(v, r, "%.3f", 1) }

// Percent writes a router's metric that is a fraction in per cent, as [Number] does.
func Percent(v results.Value, r results.Router) string { return metric(v, r, "%.1f %%", 100) }

func metric(v results.Value, r results.Router, format string, scale float64) string {
	switch {
	case r.Point != nil:
		return "-"
	case !v.Exists():
		return "?"
	}
	return text.Unsigned(fmt.Sprintf(format, scale*float64(v)))
}

// Interval writes the interval of a router's metric as [lo, hi]. The function end writes one
// end. Interval returns "-" if the metric has no interval, "?" if it cannot be computed, and
// "never" for an upper end that is never reached.
func Interval(m results.Metric, r results.Router, end func(float64) string) string {
	switch {
	case r.Point != nil || m.Value.Exists() && r.Scores == results.ClosedForm && !m.Lo.Exists():
		return "-"
	case !m.Lo.Exists():
		return "?"
	case !m.Hi.Exists():
		return "[" + end(float64(m.Lo)) + ", never]"
	}
	return "[" + end(float64(m.Lo)) + ", " + end(float64(m.Hi)) + "]"
}

// Title returns a benchmark's title, or its name if it has none.
func Title(b results.Benchmark) string {
	if b.Title != "" {
		return b.Title
	}
	return b.Name
}
