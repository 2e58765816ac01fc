package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// SummaryTitle says what the numbers of so many samples are computed from.
func SummaryTitle(samples int, s *results.Summary) string {
	title := fmt.Sprintf("from a summary of %s in %s", text.Plural(samples, "row"), text.Plural(s.Bins, "bin"))
	if s.Buckets > 0 {
		title += " and " + text.Plural(s.Buckets, "bucket")
	}
	return title
}

// SummaryNotes says which rows are in a summary of so many used ones, and what it lacks.
func SummaryNotes(s *results.Summary, used int) (notes []string) {
	if s.Buckets == 0 {
		notes = append(notes, "no intervals, and standard errors as if all rows were independent: the summary has no buckets; routellm sql summary --buckets 200 adds them")
	}
	return append(notes, UnusedNotes(s, used)...)
}

// UnusedNotes says how many rows beside so many used ones a summary leaves out, if any.
func UnusedNotes(s *results.Summary, used int) []string {
	if s.Unused == 0 {
		return nil
	}
	return []string{fmt.Sprintf("not used: %s of %s, without a finite score, both qualities or a weight above 0",
		text.Thousands(int(s.Unused)), text.Plural(int(s.Unused)+used, "row"))}
}

// exactNotes says how exact the values of a summary are.
func exactNotes(b results.Benchmark) []string {
	if b.Summary == nil {
		return nil
	}
	notes, exact := SummaryNotes(b.Summary, b.Samples), true
	for _, r := range b.Routers {
		if bounds := boundsOf(r); bounds != nil {
			exact = false
			notes = append(notes, fmt.Sprintf("%s, range of the exact values: %s", r.Name, strings.Join(bounds, ", ")))
		}
	}
	if exact {
		notes = append(notes, "all values are exact")
	}
	return append(notes, "no oracle and no headroom: sums of bins do not tell which samples gain")
}

// boundsOf lists the values of a router that are not exact, with the ranges that the exact ones
// certainly lie in.
func boundsOf(r results.Router) []string {
	var out []string
	add := func(name string, m results.Metric, percent bool) {
		if m.Within != nil {
			out = append(out, name+" "+Bounded(m, percent))
		}
	}
	m := r.Metrics
	add("APGR", m.APGR, false)
	if widest := widestSlice(r); widest > 0 {
		out = append(out, fmt.Sprintf("APGR by task +-%s", ceiling(widest)))
	}
	add("AUC", m.AUC, false)
	for _, k := range SortedKeys(m.CPT) {
		add("CPT"+k, m.CPT[k].Metric, true)
	}
	for _, k := range SortedKeys(m.QualityAt) {
		add(QualityHeader(k), m.QualityAt[k], false)
	}
	for _, k := range SortedKeys(m.FractionFor) {
		add(CallsHeader(k), m.FractionFor[k], true)
	}
	return out
}

// widestSlice returns the largest distance of a task's APGR from the exact one.
func widestSlice(r results.Router) float64 {
	widest := 0.0
	for _, s := range r.Slices {
		if w := s.APGR.Within; w != nil && s.APGR.Value.Exists() {
			widest = max(widest, float64(w.Hi-w.Lo)/2)
		}
	}
	return widest
}

// Bounded writes the range of a value as value +- bound, or as its ends where they are at different
// distances, to as many digits as they need.
func Bounded(m results.Metric, percent bool) string {
	scale, unit := 1.0, ""
	if percent {
		scale, unit = 100, " %"
	}
	value, lo, hi := scale*float64(m.Value), scale*float64(m.Within.Lo), scale*float64(m.Within.Hi)
	digits := func(width float64) int { return max(0, min(12, 1-int(math.Floor(math.Log10(width))))) }
	if !m.Value.Exists() || !m.Within.Hi.Exists() {
		return fmt.Sprintf("at least %.4g%s, or never", lo, unit)
	}
	if half := (hi - lo) / 2; math.Abs(lo+hi-2*value) < 0.01*half {
		return fmt.Sprintf("%.*f +-%s%s", digits(half), value, ceiling(half), unit)
	}
	d := digits(hi - lo)
	down, up := math.Floor(lo*math.Pow10(d)), math.Ceil(hi*math.Pow10(d))
	return fmt.Sprintf("%.*f to %.*f%s", d, down/math.Pow10(d), d, up/math.Pow10(d), unit)
}

// ceiling writes a number rounded up to one digit.
func ceiling(x float64) string {
	power := int(math.Floor(math.Log10(x)))
	up := math.Ceil(x*math.Pow10(-power)-1e-9) * math.Pow10(power)
	return strconv.FormatFloat(up, 'f', max(0, -int(math.Floor(math.Log10(up)+1e-9))), 64)
}
