package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/results"
)

// Threshold writes a threshold with every digit, since a rounded one calls another share
// of the prompts. Without a number it is "always" or "never" strong.
func Threshold(t results.Threshold) string {
	switch t.Always {
	case results.Strong:
		return "always"
	case results.Weak:
		return "never"
	}
	return Cell(t.Score)
}

func ThreeDigits(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return fmt.Sprintf("%.3f", float64(v))
}

func FourDigits(v results.Value) string { return fmt.Sprintf("%.4f", float64(v)) }

// KeepEnd shortens a name to a width; the end tells names apart.
func KeepEnd(name string, width int) string {
	n := utf8.RuneCountInString(name)
	if n <= width {
		return name
	}
	return "…" + string([]rune(name)[n-width+1:])
}

// Unit says how a benchmark's quality is shown.
type Unit struct {
	Scale  float64 // 100 for accuracies in per cent
	Format string
	label  string // of an axis
}

// UnitOf shows accuracies in per cent and grades as they are.
func UnitOf(b results.Benchmark) Unit {
	if strings.HasPrefix(b.Unit, "accuracy") {
		return Unit{100, "%.2f %%", "accuracy (%)"}
	}
	if b.Unit == "" {
		return Unit{1, "%.4f", "quality"}
	}
	return Unit{1, "%.3f", b.Unit}
}

func (u Unit) Quality(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return fmt.Sprintf(u.Format, u.Scale*float64(v))
}

// Number shows a metric: "-" where a router with one point has none, "?" where
// it cannot be computed.
func Number(v results.Value, r results.Router) string { return Show(v, r, "%.3f", 1) }

// Percent shows a fraction as a percentage, as number does.
func Percent(v results.Value, r results.Router) string { return Show(v, r, "%.1f %%", 100) }

func Show(v results.Value, r results.Router, format string, scale float64) string {
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

// Interval shows a metric's interval, its ends as end writes them: "-" where none is
// made, "?" where it cannot be computed.
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

// Bare writes a number to three places, without the 0 before the point.
func Bare(x float64) string {
	text := fmt.Sprintf("%.3f", x)
	if math.Abs(x) < 1 {
		text = strings.Replace(text, "0.", ".", 1)
	}
	return text
}

// BarePercent writes a fraction as a percentage without the sign, and 100 in three places.
func BarePercent(x float64) string {
	return strings.Replace(fmt.Sprintf("%.1f", 100*x), "100.0", "100", 1)
}

// LevelOf is the confidence of the intervals, as "95 %".
func LevelOf(i results.Intervals) string {
	return PercentKey(strconv.FormatFloat(float64(i.Confidence), 'g', -1, 64))
}

// PercentKey turns "0.95" into "95 %".
func PercentKey(k string) string {
	return strconv.FormatFloat(math.Round(ParseKey(k)*1e6)/1e4, 'g', -1, 64) + " %"
}

// TitleOf is the benchmark's title, else its name.
func TitleOf(b results.Benchmark) string {
	if b.Title != "" {
		return b.Title
	}
	return b.Name
}

// ParseKey is the number behind a key of the document.
func ParseKey(k string) float64 {
	x, err := strconv.ParseFloat(k, 64)
	if err != nil {
		return math.NaN()
	}
	return x
}
