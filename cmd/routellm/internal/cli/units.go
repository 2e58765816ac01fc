package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/results"
)

// unit says how a benchmark's quality is shown.
type unit struct {
	scale  float64 // 100 for accuracies in per cent
	format string
	label  string // of an axis
}

// unitOf shows accuracies in per cent and grades as they are.
func unitOf(b results.Benchmark) unit {
	if strings.HasPrefix(b.Unit, "accuracy") {
		return unit{100, "%.2f %%", "accuracy (%)"}
	}
	if b.Unit == "" {
		return unit{1, "%.4f", "quality"}
	}
	return unit{1, "%.3f", b.Unit}
}

func (u unit) quality(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return fmt.Sprintf(u.format, u.scale*float64(v))
}

// number shows a metric: "-" where a router with one point has none, "?" where
// it cannot be computed.
func number(v results.Value, r results.Router) string { return show(v, r, "%.3f", 1) }

// percent shows a fraction as a percentage, as number does.
func percent(v results.Value, r results.Router) string { return show(v, r, "%.1f %%", 100) }

func show(v results.Value, r results.Router, format string, scale float64) string {
	switch {
	case r.Point != nil:
		return "-"
	case !v.Exists():
		return "?"
	}
	x := scale * float64(v)
	if math.Abs(x) < 1e-9 {
		x = 0 // no "-0.0"
	}
	return fmt.Sprintf(format, x)
}

// interval shows a metric's interval, its ends as end writes them: "-" where none is
// made, "?" where it cannot be computed.
func interval(m results.Metric, r results.Router, end func(float64) string) string {
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

// bare writes a number to three places, without the 0 before the point.
func bare(x float64) string {
	text := fmt.Sprintf("%.3f", x)
	if math.Abs(x) < 1 {
		text = strings.Replace(text, "0.", ".", 1)
	}
	return text
}

// barePercent writes a fraction as a percentage without the sign, and 100 in three places.
func barePercent(x float64) string {
	return strings.Replace(fmt.Sprintf("%.1f", 100*x), "100.0", "100", 1)
}

// levelOf is the confidence of the intervals, as "95 %".
func levelOf(i results.Intervals) string {
	return percentKey(strconv.FormatFloat(float64(i.Confidence), 'g', -1, 64))
}

// percentKey turns "0.95" into "95 %".
func percentKey(k string) string {
	return strconv.FormatFloat(math.Round(parseKey(k)*1e6)/1e4, 'g', -1, 64) + " %"
}

// titleOf is the benchmark's title, else its name.
func titleOf(b results.Benchmark) string {
	if b.Title != "" {
		return b.Title
	}
	return b.Name
}

// parseKey is the number behind a key of the document.
func parseKey(k string) float64 {
	x, err := strconv.ParseFloat(k, 64)
	if err != nil {
		return math.NaN()
	}
	return x
}
