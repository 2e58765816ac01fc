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
	a, b := write(t, small(), with.curves(), PNG), write(t, small(), without.curves(), PNG)
	if d := difference(decode(t, a), decode(t, b)); d <= tolerance {
		t.Errorf("nine intervals make a difference of only %.4f, want more than the tolerance", d)
	}
	c := Curves{Lines: []Line{{Bars: []Bar{{0.5, -2, 7}}}}}
	if y := c.yAxis(5); y.min > -2 || y.max < 7 {
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
