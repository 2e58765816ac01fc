package render

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

func TestScreenOfNoTerminal(t *testing.T) {
	t.Setenv("COLUMNS", "40")
	f, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := TerminalOf(f); got != (table.Screen{}) {
		t.Errorf("a file is a terminal: %+v", got)
	}
	if got := TerminalOf(&bytes.Buffer{}); got != (table.Screen{}) {
		t.Errorf("a buffer is a terminal: %+v", got)
	}
}

func TestSparkline(t *testing.T) {
	curve := func(qualities ...float64) results.Router {
		var r results.Router
		for i, q := range qualities {
			r.Curve = append(r.Curve, results.Point{StrongFraction: results.Value(float64(i) / float64(len(qualities)-1)), Quality: results.Value(q)})
		}
		return r
	}
	b := results.Benchmark{StrongQuality: 0.8, WeakQuality: 0.4}
	for want, r := range map[string]results.Router{
		"▁▂▃▄▅▆▇█": curve(0.4, 0.8),
		"████████": curve(0.9, 0.9, 0.9),
		"▁▁▁▁▁▁▁▁": curve(0.4, 0.2, 0.4),
		"▂▄▆█████": curve(0.4, 0.85, 0.8),
		"":         {Point: &results.Point{}},
	} {
		if got := sparkline(r, b); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := sparkline(curve(0.4, 0.8), results.Benchmark{}); got != "" {
		t.Errorf("%q without a gap", got)
	}
}

func TestDropOrder(t *testing.T) {
	for _, test := range []struct {
		header string
		want   string
	}{
		{"router calls quality APGR 95% headroom curve", "curve headroom calls quality 95%"},
		{"router CPT20 95% CPT50 95% CPT80 95%", "95% 95% 95% CPT80 CPT50"},
		{"task n strong weak gap mf knn", "strong weak knn mf gap"},
		{"router AUC", ""},
	} {
		header := strings.Fields(test.header)
		var got []string
		for _, i := range dropOrder(header, "95%") {
			got = append(got, header[i])
		}
		if !slices.Equal(got, strings.Fields(test.want)) {
			t.Errorf("%s loses %q, want %s", test.header, got, test.want)
		}
	}
}

func TestWrapKeepsPerCents(t *testing.T) {
	if got, want := text.WrapTo("strong 85.77 % -> 85.76 %, gap", 24), "strong 85.77 % ->\n  85.76 %, gap"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
