package plots

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// overconfident returns an artificial diagram of ten bins, the last without an interval.
func overconfident() Reliability {
	r := Reliability{Title: "MMLU: mf, n = 14,037", Name: "mf", Base: 0.3}
	for i := range 10 {
		score := (float64(i) + 0.5) / 10
		event := 0.15 + 0.3*score
		r.Bins = append(r.Bins, ReliabilityBin{score, event, event - 0.04, event + 0.05})
	}
	r.Bins[9].Lo, r.Bins[9].Hi = math.NaN(), math.NaN()
	return r
}

// TestBarsAreDrawn checks that intervals change the picture and extend the axis.
func TestBarsAreDrawn(t *testing.T) {
	with, without := overconfident(), overconfident()
	for i := range without.Bins {
		without.Bins[i].Lo, without.Bins[i].Hi = math.NaN(), math.NaN()
	}
	a, b := write(t, small(), with, PNG), write(t, small(), without, PNG)
	if d := difference(decode(t, a), decode(t, b)); d <= tolerance {
		t.Errorf("nine intervals make a difference of only %.4f, want more than the tolerance", d)
	}
	c := Curves{Lines: []Line{{Bars: []Bar{{0.5, -2, 7}}}}}
	if y := c.yAxis(c.spans(), DefaultStyle()); y.min > -2 || y.max < 7 {
		t.Errorf("axis from %v to %v does not reach the ends of the bar", y.min, y.max)
	}
}

func TestReliabilityRefused(t *testing.T) {
	for want, bin := range map[string]ReliabilityBin{
		"strong fraction 1.2":  {1.2, 0.5, 0.4, 0.6},
		"bar: quality +Inf":    {0.2, 0.5, 0.4, math.Inf(1)},
		"point 1: quality NaN": {0.2, math.NaN(), 0.4, 0.6},
	} {
		var b bytes.Buffer
		err := Reliability{Bins: []ReliabilityBin{bin}}.Write(&b, SVG)
		if err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("error %v, want it to say %s", err, want)
		}
	}
}

// TestReliabilityShowsTheRangeOfScores: narrow scores fill the horizontal axis, which says so; wide
// ones have the whole axis from 0 to 1.
func TestReliabilityShowsTheRangeOfScores(t *testing.T) {
	narrow := Reliability{Name: "mf", Base: 0.3}
	for _, score := range []float64{0.4, 0.45, 0.5} {
		narrow.Bins = append(narrow.Bins, ReliabilityBin{score, 0.3, 0.2, 0.4})
	}
	c := narrow.curves()
	first, last := c.Lines[0].Points[0], c.Lines[0].Points[2]
	if last.StrongFraction-first.StrongFraction < 0.8 || !strings.Contains(c.XLabel, "the axis shows 39.2 to 50.8") {
		t.Errorf("scores from %v to %v of the axis, whose label is %q", first, last, c.XLabel)
	}
	if c := overconfident().curves(); c.XTicks != nil || strings.Contains(c.XLabel, "shows") {
		t.Errorf("wide scores have the axis %v %q, want 0 to 100", c.XTicks, c.XLabel)
	}
	for name, r := range map[string]Reliability{"no bins": {}, "one score": {Bins: []ReliabilityBin{{0.5, 0.5, 0.4, 0.6}}}, "only 0": {Bins: []ReliabilityBin{{0, 0, 0, 0.1}}}} {
		if got := write(t, small(), r, SVG); len(got) == 0 {
			t.Errorf("%s: nothing is drawn", name)
		}
	}
}
