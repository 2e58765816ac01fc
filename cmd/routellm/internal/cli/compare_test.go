package cli

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
)

func TestParseArgument(t *testing.T) {
	for text, want := range map[string]argument{
		"mf":                             {},
		"mine=mf@gold":                   {},
		"out/results.json":               {path: "out/results.json"},
		"out/results.json@mf":            {path: "out/results.json", router: "mf"},
		"out/results.json@mf@judge":      {path: "out/results.json", router: "mf@judge"},
		"new=out/results.json@mf":        {path: "out/results.json", router: "mf", label: "new"},
		"a=b/results.json":               {path: "b/results.json", label: "a"},
		"dir/a=b/results.json":           {path: "dir/a=b/results.json"},
		"exec:prog cfg.json":             {},
		"scores:x.json":                  {},
		"mine=exec:prog --out=cfg.json":  {label: "mine"},
		"http://localhost/score.json":    {},
		`C:\runs\results.json`:           {path: `C:\runs\results.json`},
		"results.json@scores.json@other": {path: "results.json@scores.json", router: "other"},
	} {
		want.text = text
		if want.path == "" {
			want.label = parseArgument(text).label // routers read their own
		}
		if got := parseArgument(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestExitCodes(t *testing.T) {
	few := []string{"--bench", "mt-bench", "--resamples", "100", "--permutations", "0"}
	for _, c := range []struct {
		args string
		want int
	}{
		{"compare mf random", exitDone},
		{"compare length random", exitDone},
		{"compare length random --strict", exitInconclusive},
		{"compare mf nope", exitUsage},
	} {
		var errs bytes.Buffer
		if got := Main(append(strings.Fields(c.args), few...), io.Discard, &errs); got != c.want {
			t.Errorf("%s: exit %d, want %d: %s", c.args, got, c.want, errs.String())
		}
	}
}

func TestPairText(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"mf", "length", "mf - length"},
		{"sw_ranking@judge", "mf", "sw_ranking@judge - mf"},
		{"sw_ranking@judge", "sw_ranking@gold", "sw_ra…udge - sw_ra…@gold"},
		{"mf", "a-name-that-never-seems-to-end", "mf - a-name-th…ms-to-end"},
		{"éééééééééééééé", "b", "éééééééééééééé - b"},
	} {
		got := pairText(c.a, c.b)
		if utf8.RuneCountInString(got) > maxPair || c.want != got {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	for n, want := range map[int]string{0: "a", 25: "z", 26: "aa", 27: "ab", 52: "ba"} {
		if got := letters(n); got != want {
			t.Errorf("letters(%d) = %q, want %q", n, got, want)
		}
	}
}

// TestWidestComparison fills every column of the tables.
func TestWidestComparison(t *testing.T) {
	p := result.ComparedPair{
		A: strings.Repeat("a", 40), B: strings.Repeat("b", 40), Difference: result.Metric{Value: -0.1234, Lo: -0.2345, Hi: -0.0123},
		PHolm: 0.123, Detectable: 0.1234, Verdict: string(eval.Inconclusive), Notes: []string{"one"},
		Decisions: result.Decisions{Rescues: 10000, Losses: 10000, Safe: 10000, Hard: 10000, McNemar: 0.123},
	}
	d := &result.Comparison{Confidence: 0.999, Resamples: 2000, Permutations: 2000, At: 0.125,
		Benchmarks: []result.ComparedBenchmark{{Name: "x", Metric: "area_over_random", Pairs: []result.ComparedPair{p}}}}
	var out bytes.Buffer
	if err := writeComparison(&out, d, compareOptions{Format: "table"}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > maxWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if !strings.Contains(out.String(), "inconclusive a\n") {
		t.Errorf("no note is marked:\n%s", out.String())
	}
}

// TestNotes asks for a footnote wherever interval and p value disagree.
func TestNotes(t *testing.T) {
	o := compareOptions{Confidence: 0.95, Margin: 0.02}
	some, none := eval.Interval{Lo: 0.01, Hi: 0.03}, eval.Interval{Lo: math.NaN(), Hi: math.NaN()}
	for _, c := range []struct {
		d    eval.Difference
		want string
	}{
		{eval.Difference{Verdict: eval.Better, Interval: some, P: 0.01, Holm: 0.02}, ""},
		{eval.Difference{Verdict: eval.Better, Interval: some, P: 0.06, Holm: 0.06}, "does not reject"},
		{eval.Difference{Verdict: eval.Worse, Interval: some, P: 0.04, Holm: 0.08}, "alone"},
		{eval.Difference{Verdict: eval.Equivalent, Interval: some, P: 0.04, Holm: 0.08}, "has 0 in it"},
		{eval.Difference{Verdict: eval.Inconclusive, Interval: some, P: 0.2, Holm: 0.2}, ""},
		{eval.Difference{Verdict: eval.Inconclusive, Interval: none, P: 0.2, Holm: 0.2}, "no interval"},
		{eval.Difference{Verdict: eval.Better, Interval: some, Narrow: some, P: math.NaN(), Holm: math.NaN(), Within: true}, "within margin: the 90 % interval, 0.010 to 0.030"},
	} {
		got := strings.Join(o.notes(c.d), "|")
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%+v: %q, want %q", c.d, got, c.want)
		}
	}
}
