package render

import (
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

// bandSample returns a benchmark of three routers with bands, and its figure.
func bandSample(best string) (results.Benchmark, plots.Curves) {
	var b results.Benchmark
	c := plots.Curves{Shade: "shaded: simultaneous 95 % band"}
	for name, apgr := range map[string]results.Value{"a": 0.6, "b": 0.7, "oracle": 1.2} {
		r := results.Router{Name: name, Band: []results.Bounds{{Lo: 0, Hi: 1}}, Metrics: results.Metrics{APGR: results.Metric{Value: apgr}}}
		if name == best {
			r.Standing = results.Best
		}
		b.Routers = append(b.Routers, r)
		c.Lines = append(c.Lines, plots.Line{Name: name, Lo: []plots.Point{{}}, Hi: []plots.Point{{Quality: 1}}})
	}
	return b, c
}

// TestBandsAreThoseChosen: by default the best router alone has a band, which the legend names.
func TestBandsAreThoseChosen(t *testing.T) {
	for _, test := range []struct {
		bands       Bands
		best, shade string
		want        []string
	}{
		{"", "a", "a: simultaneous 95 % band", []string{"a"}},
		{BestBand, "a", "a: simultaneous 95 % band", []string{"a"}},
		{BestBand, "", "b: simultaneous 95 % band", []string{"b"}}, // the highest APGR, but not the oracle
		{AllBands, "a", "shaded: simultaneous 95 % band", []string{"a", "b", "oracle"}},
		{NoBands, "a", "", nil},
		{"b,oracle", "a", "shaded: simultaneous 95 % band", []string{"b", "oracle"}},
	} {
		b, c := bandSample(test.best)
		got := test.bands.choose(c, b)
		var with []string
		for _, l := range got.Lines {
			if len(l.Lo) > 0 {
				with = append(with, l.Name)
			}
		}
		slices.Sort(with)
		if !slices.Equal(with, test.want) || got.Shade != test.shade {
			t.Errorf("--band %q: bands of %q, legend %q, want %q and %q", test.bands, with, got.Shade, test.want, test.shade)
		}
	}
}

// TestBandsOfUnknownRoutersAreRefused: the error lists the routers.
func TestBandsOfUnknownRoutersAreRefused(t *testing.T) {
	b, _ := bandSample("")
	d := &results.Document{Benchmarks: []results.Benchmark{b}}
	if err := Bands("a,c").Check(d); err == nil || !strings.Contains(err.Error(), `--band a,c: "c" is not one of the evaluated routers: `) {
		t.Errorf("error %v", err)
	}
	for _, s := range []Bands{"", BestBand, AllBands, NoBands, "a,b"} {
		if err := s.Check(d); err != nil {
			t.Errorf("--band %q: %v", s, err)
		}
	}
}
