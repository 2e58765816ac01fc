package comparecmd

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

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

// TestWidestComparison checks that tables with every column full keep to the width.
func TestWidestComparison(t *testing.T) {
	p := results.ComparedPair{
		A: strings.Repeat("a", 40), B: strings.Repeat("b", 40), Difference: results.Metric{Value: -0.1234, Lo: -0.2345, Hi: -0.0123},
		PAdjusted: 0.123, Detectable: 0.1234, Verdict: string(eval.Inconclusive), Notes: []string{"one"},
		Decisions: &results.PairedDecisions{Rescues: 10000, Losses: 10000, Safe: 10000, Hard: 10000, McNemar: 0.123},
	}
	d := &results.Comparison{Confidence: 0.999, Resamples: 2000, Permutations: 2000, At: 0.125,
		Benchmarks: []results.ComparedBenchmark{{Name: "x", Metric: "area_over_random", Pairs: []results.ComparedPair{p}}}}
	var out bytes.Buffer
	if err := writeComparison(&out, d, options{Format: "table"}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > text.Width {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if !strings.Contains(out.String(), "inconclusive a\n") {
		t.Errorf("no note is marked:\n%s", out.String())
	}
}

// TestSharedNotes gives equal notes of several pairs one letter.
func TestSharedNotes(t *testing.T) {
	b := results.ComparedBenchmark{}
	for _, notes := range [][]string{{"few"}, {"near", "few"}, nil, {"near"}} {
		b.Pairs = append(b.Pairs, results.ComparedPair{Verdict: "v", Notes: notes})
	}
	table, notes := differenceTable(b)
	var out bytes.Buffer
	if err := table.CSV(&out); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a: few", "b: near"}; !slices.Equal(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
	for row, want := range []string{"v a", "v b a", "v", "v b"} {
		if got := strings.Split(out.String(), "\n")[row+1]; !strings.HasSuffix(got, ","+want) {
			t.Errorf("row %d: %q, want it to end in %q", row, got, want)
		}
	}
}
