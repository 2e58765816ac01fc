package cli

import (
	"bytes"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

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
	if got := screenOf(f); got != (table.Screen{}) {
		t.Errorf("a file is a terminal: %+v", got)
	}
	if got := screenOf(&bytes.Buffer{}); got != (table.Screen{}) {
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
		{"task n strong weak mf knn", "strong weak n knn"},
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

// TestWriteScreen: the same numbers as elsewhere, with a curve, in any width.
func TestWriteScreen(t *testing.T) {
	raw := runHere(t, "eval", "--router", "length,mf,a-router-with-a-long-name=knn", "--bench", "mt-bench", "--by", "task", "--resamples", "100", "--format", "json")
	d, err := results.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	for width := 10; width <= 120; width += 5 {
		var b bytes.Buffer
		if err := writeScreen(&b, d, table.Screen{Width: width}); err != nil {
			t.Fatal(err)
		}
		_, tables, _ := strings.Cut(b.String(), "\n\n")
		tables, _, _ = strings.Cut(tables, "\n*: best")
		for line := range strings.Lines(tables) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns in %d: %s", n, width, line)
			}
		}
		if strings.Contains(b.String(), "\x1b") {
			t.Errorf("colour in %d columns", width)
		}
		if has := strings.Contains(b.String(), "▁"); has != (width >= 75) {
			t.Errorf("curves in %d columns: %v", width, has)
		}
	}
	d.Conventions.Intervals = results.Intervals{Method: "none", Confidence: results.Value(math.NaN())}
	var b bytes.Buffer
	if err := writeScreen(&b, d, table.Screen{Width: 100, Colour: true}); err != nil || !strings.HasPrefix(b.String(), "\x1b[1mMT Bench: 72 samples\x1b[0m\n") {
		t.Errorf("%v: %.80q", err, b.String())
	}
}

func TestWrapKeepsPerCents(t *testing.T) {
	if got, want := text.WrapTo("strong 85.77 % -> 85.76 %, gap", 24), "strong 85.77 % ->\n  85.76 %, gap"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestBestOfThoseWithACurve: a router that makes decisions is not among those compared.
func TestBestOfThoseWithACurve(t *testing.T) {
	level := results.Intervals{Method: "bootstrap", Confidence: 0.95}
	b := results.Benchmark{Routers: []results.Router{{Name: "mf", Standing: results.Best}, {Name: "always strong", Scores: results.NoScores, Point: &results.Point{}}}}
	if got := standingWords(b, level)[0]; !strings.HasPrefix(got, "mf is the best router: ") {
		t.Errorf("constant routers: %s", got)
	}
	b.Routers = append(b.Routers, results.Router{Name: "fixed", Scores: "file", Point: &results.Point{}})
	if got := standingWords(b, level)[0]; !strings.HasPrefix(got, "mf is the best router with a curve: ") {
		t.Errorf("a router that decides: %s", got)
	}
}
