package calibratecmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/datasetscmd"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// traffic is a made-up table with costs. Every third row repeats the previous prompt.
type traffic struct {
	prompt                  []string
	big, small, dear, cheap []float64
}

func makeTraffic(n int) traffic {
	r, t := rand.New(rand.NewPCG(1, 8)), traffic{}
	for i := range n {
		words := 1 + r.IntN(60)
		prompt := fmt.Sprintf("question %d %s", i, strings.Repeat("word ", words))
		if i%3 == 2 {
			prompt = t.prompt[i-1]
			words = len(strings.Fields(prompt)) - 2
		}
		right := func(p float64) float64 { return math.Floor(r.Float64() + p) }
		t.prompt = append(t.prompt, prompt)
		t.big = append(t.big, right(0.9))
		t.small = append(t.small, right(0.9-0.01*float64(words)))
		t.dear = append(t.dear, 0.01*float64(words))
		t.cheap = append(t.cheap, 0.0001*float64(words))
	}
	return t
}

// write imports the table as a user would and returns the path. Row withoutCost has no
// cheap cost; -1 leaves all costs in.
func (t traffic) write(tt *testing.T, withoutCost int) (path string) {
	tt.Helper()
	dir := tt.TempDir()
	var csv strings.Builder
	fmt.Fprintln(&csv, "id,q,big,small,dear,cheap")
	for i, prompt := range t.prompt {
		cheap := fmt.Sprint(t.cheap[i])
		if i == withoutCost {
			cheap = ""
		}
		fmt.Fprintf(&csv, "r%d,%s,%v,%v,%v,%s\n", i, prompt, t.big[i], t.small[i], t.dear[i], cheap)
	}
	table, path := filepath.Join(dir, "t.csv"), filepath.Join(dir, "t.parquet")
	if err := os.WriteFile(table, []byte(csv.String()), 0o644); err != nil {
		tt.Fatal(err)
	}
	args := strings.Fields("datasets import table " + table + " --id id --prompt q --model big --model small --cost big=dear --cost small=cheap --pair big,small --range 0,1 --out " + path)
	c := datasetscmd.New(cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	c.SetArgs(args[1:])
	if err := c.Execute(); err != nil {
		tt.Fatal(err)
	}
	return path
}

func runJSON(t *testing.T, o options) results.Calibration {
	t.Helper()
	var out bytes.Buffer
	o.Router, o.Format = "length", "json"
	if err := run(context.Background(), cmdutil.Streams{Out: &out, Err: io.Discard}, o); err != nil {
		t.Fatal(err)
	}
	var doc results.Calibration
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestOutcomesByDefinition routes every row by the document's threshold and compares the
// split and all measures with plain sums.
func TestOutcomesByDefinition(t *testing.T) {
	const n = 900
	data := makeTraffic(n)
	o := options{Data: data.write(t, -1), PGR: 0.5, Confidence: 0.9, Holdout: 0.4, Seed: 3}
	o.given.pgr = true
	doc := runJSON(t, o)
	point := doc.Outcomes.Points[0]
	keys, first := make([]string, n), map[string]string{}
	for i, prompt := range data.prompt {
		if _, ok := first[prompt]; !ok {
			first[prompt] = fmt.Sprintf("r%d", i)
		}
		keys[i] = first[prompt]
	}
	set, held := eval.Split(keys, 0.4, 3)
	if doc.Outcomes.Calibration != len(set) || doc.Outcomes.HeldOut != len(held) {
		t.Fatalf("%d and %d samples, want %d and %d", doc.Outcomes.Calibration, doc.Outcomes.HeldOut, len(set), len(held))
	}
	for _, m := range point.Measures {
		for k, index := range [][]int{set, held} {
			want := data.measure(index, point.Cut())[m.Name]
			if got := []results.Value{m.Calibration, m.HeldOut}[k]; math.Abs(float64(got)-want) > 1e-9 {
				t.Errorf("%s of part %d: %v, want %v", m.Name, k, got, want)
			}
		}
		if m.Lo >= m.HeldOut || m.Hi <= m.HeldOut {
			t.Errorf("%s: %v outside %v to %v", m.Name, m.HeldOut, m.Lo, m.Hi)
		}
	}
	if len(point.Measures) != 5 || point.Test != "student" || point.Confidence != 0.9 {
		t.Errorf("%+v", point)
	}
}

// measure returns what routing at a threshold does on the rows of index, by measure.
func (t traffic) measure(index []int, threshold float64) map[string]float64 {
	var calls, quality, strong, gain, recovered, cost float64
	for _, i := range index {
		strong += t.big[i]
		gain += t.big[i] - t.small[i]
		if float64(len(t.prompt[i])) >= threshold {
			calls++
			quality += t.big[i]
			recovered += t.big[i] - t.small[i]
			cost += t.dear[i]
		} else {
			quality += t.small[i]
			cost += t.cheap[i]
		}
	}
	n := float64(len(index))
	return map[string]float64{"strong_fraction": calls / n, "quality": quality / n, "share_of_strong": quality / strong,
		"pgr": recovered / gain, "cost_usd": 1000 * cost / n}
}

// TestBudgetUsesTheDataCosts checks that the cost on the calibration samples is just below
// the budget, and that an error names a missing cost.
func TestBudgetUsesTheDataCosts(t *testing.T) {
	data := makeTraffic(2000)
	o := options{Data: data.write(t, -1), Budget: 150, Confidence: 0.95, Holdout: 0.5}
	o.given.budget = true
	measures := runJSON(t, o).Outcomes.Points[0].Measures
	cost := measures[slices.IndexFunc(measures, func(m results.Measure) bool { return m.Name == "cost_usd" })].Calibration
	if cost > 150 || cost < 125 {
		t.Errorf("costs %v, the budget is 150", cost)
	}
	without := options{Data: data.write(t, 7), Fractions: []float64{0.5}, Confidence: 0.95, Holdout: 0.5}
	if doc := runJSON(t, without); len(doc.Outcomes.Points[0].Measures) != 4 || !strings.Contains(doc.Warnings[0], "costs are not shown: ") {
		t.Errorf("%d measures, warnings %q", len(doc.Outcomes.Points[0].Measures), doc.Warnings)
	}
	o.Router, o.Data, o.Format = "length", without.Data, "json"
	err := run(context.Background(), cmdutil.Streams{Out: io.Discard, Err: io.Discard}, o)
	if err == nil || !strings.Contains(err.Error(), `row 8, column "cost_usd:small": found null`) {
		t.Errorf("error %v", err)
	}
}

// TestCalibrateFlags parses a command line into options.
func TestCalibrateFlags(t *testing.T) {
	var got options
	c := newCmd(cmdutil.Streams{Out: io.Discard, Err: io.Discard}, func(_ context.Context, _ cmdutil.Streams, o options) error { got = o; return nil })
	c.SetArgs(strings.Fields("-r mf --data mmlu --quality 0.95 --exact --seed 7 --prices 10,1 --next 50 --artifact a.json"))
	if err := c.Execute(); err != nil {
		t.Fatal(err)
	}
	want := options{Router: "mf", Data: "mmlu", Quality: 0.95, Exact: true, Seed: 7, Prices: []float64{10, 1}, Next: 50,
		Artifact: "a.json", Clusters: harness.ClusterAuto, Confidence: 0.95, Holdout: 0.5, Format: "table", PictureFlags: cmdutil.PictureFlags{Theme: cmdutil.LightTheme}}
	want.given.quality = true
	want.EncoderFlags, want.LLMFlags, want.ColumnFlags = got.EncoderFlags, got.LLMFlags, got.ColumnFlags
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

// TestHintsSurvive checks that wrapping an error keeps its hints.
func TestHintsSurvive(t *testing.T) {
	o := options{Router: "length", Data: makeTraffic(40).write(t, -1), Quality: 0.5, Confidence: 0.95, Holdout: 0.5, Format: "table"}
	o.given.quality = true
	err := run(context.Background(), cmdutil.Streams{Out: io.Discard, Err: io.Discard}, o)
	if err == nil || !slices.Contains(hint.Of(err), "--exact holds for any number of clusters") {
		t.Errorf("%v with hints %q", err, hint.Of(err))
	}
}
