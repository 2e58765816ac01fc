package initcmd

import (
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/project"
	"github.com/routellm/routellm/results"
)

func TestPair(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		models []model
		own    results.Pair
		want   string
	}{
		"by quality":     {[]model{{"a", 0.2, nan}, {"b", 0.9, nan}, {"c", 0.1, nan}}, results.Pair{}, "b,c"},
		"by cost":        {[]model{{"a", 0.2, 1}, {"b", 0.9, 5}, {"c", 0.1, 3}}, results.Pair{}, "b,a"},
		"best is cheap":  {[]model{{"a", 0.2, 1}, {"b", 0.9, 0.5}, {"c", 0.1, 3}}, results.Pair{}, "b,a"},
		"some costs":     {[]model{{"a", 0.2, 1}, {"b", 0.9, 5}, {"c", 0.1, nan}}, results.Pair{}, "b,c"},
		"equal":          {[]model{{"a", 0.5, nan}, {"b", 0.5, nan}}, results.Pair{}, "a,b"},
		"the data's own": {[]model{{"a", 0.2, nan}, {"b", 0.9, nan}}, results.Pair{Strong: "a", Weak: "b"}, "a,b"},
		"not measured":   {[]model{{"a", nan, nan}, {"b", 0.9, nan}, {"c", 0.1, nan}}, results.Pair{}, "b,c"},
		"one model":      {[]model{{"a", 0.2, 1}}, results.Pair{}, ","},
		"none":           {nil, results.Pair{}, ","},
	} {
		d := described{Models: c.models}
		d.choosePair(c.own)
		if got := d.Pair.Strong + "," + d.Pair.Weak; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestFileReads expects the file to mean what it was made of, whatever the names.
func TestFileReads(t *testing.T) {
	names := []string{"gpt-4o", "meta/llama: 3", "yes", "1.5", "#1", `q"uo'te`, "a]b", "é <&>", "- x", "null", "~", "*all", "&a", "!t", "two\nlines", "{a}", "@x", "`b", "%c", "a #b", "a: b"}
	for i, strong := range names {
		d := described{Data: "data/" + strong, Rows: 500, prompts: true, Models: []model{{strong, 0.9, 1}, {"weak", 0.1, 2}}, Pair: results.Pair{Strong: strong, Weak: "weak"}, why: "so",
			Columns: []cmdutil.Column{{Key: "task", Values: []string{strong}}, {Key: "model", Values: []string{strong, "weak"}}}}
		text := d.yaml()
		f, err := project.Parse("x.yaml", text)
		if err != nil {
			t.Errorf("%q: %v\n%s", strong, err, text)
			continue
		}
		if f.Pair.Strong != strong || f.Pair.Weak != "weak" || f.Data.Values[0] != "data/"+strong || f.Columns[0].Values[0] != strong || f.Columns[1].Values[0] != strong {
			t.Errorf("%q is read as %+v", strong, f)
		}
		if i == 0 {
			checkUncommented(t, string(text))
		}
	}
}

// checkUncommented expects the file to read too where every commented key counts.
func checkUncommented(t *testing.T, text string) {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(text) {
		if len(strings.TrimRight(line, "\n")) > 80 {
			t.Errorf("more than 80 columns: %s", line)
		}
		rest, commented := strings.CutPrefix(line, "# ")
		isKey := func(key string) bool { return strings.HasPrefix(rest, key+":") }
		switch {
		case commented && (isKey("prices") || isKey("tokens") || isKey("seed") || isKey("confidence") || isKey("eval") || isKey("gate") || isKey("serve")):
			b.WriteString(rest)
		case commented && strings.HasPrefix(rest, "  ") && !strings.Contains(rest, "mean quality"):
			b.WriteString(rest)
		default:
			b.WriteString(line)
		}
	}
	f, err := project.Parse("x.yaml", []byte(b.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	if len(f.Prices.Models) != 2 || f.Tokens.Line == 0 || f.Seed.Value != "1" || len(f.Eval) != 1 || len(f.Gate) != 1 || f.Serve.Settings == nil {
		t.Errorf("read as %+v", f)
	}
}

func TestMeanOfNothing(t *testing.T) {
	if got := digits(mean([]float64{math.NaN()})); got != "?" {
		t.Errorf("the mean of no value is %s", got)
	}
}
