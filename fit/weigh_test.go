package fit

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/results"
)

// sampled draws all rows of the task "easy" and, by the digests of their prompts, a quarter of the
// others, as answer --sample N --by-task draws them: with weights of 1 over the probability.
func sampled(t *datasets.Table) *datasets.Table {
	var rows []int
	for i, task := range t.Task {
		if task == "easy" || t.PromptNormSHA256[i] < "4" {
			rows = append(rows, i)
		}
	}
	out := inOrder(t, rows)
	for _, task := range out.Task {
		out.Weight = append(out.Weight, map[string]float64{"easy": 1, "hard": 4}[task])
	}
	return out
}

// TestWeights finds in a sample with weights what holds for the whole data, and what its plain
// means do not say.
func TestWeights(t *testing.T) {
	w := two(12_000)
	w.loss = []float64{0.05, 0.95}
	whole := w.table()
	run := func(t *testing.T, table *datasets.Table) *results.Fit {
		o := quick("")
		o.Candidates, o.Curve = []string{"mf"}, true
		return found(t, o.on(t, table)).Document
	}
	all, drawn := run(t, whole), run(t, sampled(whole))
	plain := sampled(whole)
	plain.Weight = nil
	unweighted := run(t, plain)
	if drawn.Weights == nil || all.Weights != nil {
		t.Fatalf("weights %+v of a sample and %+v of all", drawn.Weights, all.Weights)
	}
	for _, figure := range figures {
		want, got, wrong := figure.of(all), figure.of(drawn), figure.of(unweighted)
		if !(math.Abs(got-want) <= figure.within) || math.Abs(wrong-want) <= figure.within {
			t.Errorf("%s: %.4f of all samples, %.4f of weighted ones, %.4f without weights", figure.name, want, got, wrong)
		}
	}
}

// on returns the options for a table.
func (o Options) on(t *testing.T, table *datasets.Table) Options {
	t.Helper()
	o.Data = filepath.Join(t.TempDir(), "made.parquet")
	if err := table.WriteFile(o.Data); err != nil {
		t.Fatal(err)
	}
	return o
}

// figures holds the results of a search that depend on how samples count.
var figures = []struct {
	name   string
	within float64
	of     func(d *results.Fit) float64
}{
	{"quality of the weak model", 0.05, func(d *results.Fit) float64 { return float64(d.Models[1].Quality) }},
	{"cross-validated APGR", 0.02, func(d *results.Fit) float64 { return float64(d.Candidates[0].Value.Value) }},
	{"learning curve", 0.02, func(d *results.Fit) float64 { return float64(d.Curve.Points[2].Value.Value) }},
	{"tested APGR", 0.02, func(d *results.Fit) float64 { return float64(d.Test.Rows[0].Value.Value) }},
	{"strong calls", 0.05, func(d *results.Fit) float64 { return float64(d.Calibration.Outcomes.Points[0].Measures[0].HeldOut) }},
}

// TestFewEffective refuses samples of which a few weigh more than the others together.
func TestFewEffective(t *testing.T) {
	table := two(400).table()
	for i := range table.SampleID {
		table.Weight = append(table.Weight, []float64{1, 300}[max(0, 1-i%20)])
	}
	_, err := Run(t.Context(), Default().on(t, table))
	if err == nil || !strings.Contains(err.Error(), "400 independent prompts with everything that is needed, which count like") {
		t.Errorf("error %v", err)
	}
}

// TestMissingQualities has the standard error of the measured rows: rows without a quality count in
// no denominator.
func TestMissingQualities(t *testing.T) {
	w := two(900)
	w.missing = 0.5
	lengthOf := func() results.FitCandidate {
		o := quick(w.file(t))
		o.Candidates = []string{"length"}
		return found(t, o).Document.Candidates[0]
	}
	c := lengthOf()
	w.missing = 0
	whole := lengthOf()
	if want := 2 * float64(whole.SE); math.Abs(float64(c.SE)-want) > 0.25*want { // a quarter of the rows have both
		t.Errorf("standard error %.4f with a quarter of the rows, %.4f with all", c.SE, whole.SE)
	}
}
