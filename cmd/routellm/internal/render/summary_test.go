package render

import (
	"testing"

	"github.com/routellm/routellm/results"
)

func TestBounded(t *testing.T) {
	within := func(value, lo, hi float64) results.Metric {
		return results.Metric{Value: results.Value(value), Within: &results.Range{Lo: results.Value(lo), Hi: results.Value(hi)}}
	}
	for want, c := range map[string]struct {
		m       results.Metric
		percent bool
	}{
		"0.612345 +-0.00003":        {within(0.6123451, 0.6123201, 0.6123701), false},
		"0.61167 +-0.001":           {within(0.6116716, 0.6106726, 0.6126706), false},
		"0.60 +-0.1":                {within(0.6, 0.5, 0.7), false},
		"35.7 to 36.8 %":            {within(0.3651, 0.3571, 0.3677), true},
		"66 to 97 %":                {within(0.9, 0.661, 0.969), true},
		"at least 12.5 %, or never": {results.Metric{Value: results.Missing, Within: &results.Range{Lo: 0.125, Hi: results.Missing}}, true},
	} {
		if got := Bounded(c.m, c.percent); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
