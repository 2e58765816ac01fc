package harness_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// weightedTable returns a table with weights and the same table with repeated rows.
func weightedTable() (weighted, repeated string) {
	var w, r strings.Builder
	w.WriteString("id,prompt,task,cluster,weight,big,small\n")
	r.WriteString("id,prompt,task,cluster,big,small\n")
	for i := range 120 {
		prompt, big, small := strings.TrimSpace(strings.Repeat("a word ", 1+i*7%40)), 1, i%2
		if i%5 == 0 {
			big = 0
		}
		if i*7%40 > 30 {
			small = 0
		}
		weight := 1 + i%3
		fmt.Fprintf(&w, "q%d,%s,t%d,c%d,%d,%d,%d\n", i, prompt, i%2, i/2, weight, big, small)
		for k := range weight {
			fmt.Fprintf(&r, "q%d-%d,%s,t%d,c%d,%d,%d\n", i, k, prompt, i%2, i/2, big, small)
		}
	}
	return w.String(), r.String()
}

// evaluated evaluates two routers on a file.
func evaluated(t *testing.T, name, content string) results.Benchmark {
	t.Helper()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	rs, err := harness.Open([]string{"length", "random", "oracle"}, harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	benches, err := harness.Load(ctx, []string{path}, rs, harness.LoadOptions{
		Pair: results.Pair{Strong: "big", Weak: "small"}, Clusters: harness.ClusterColumn, ByTask: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := harness.Run(ctx, rs, benches, harness.RunOptions{Points: harness.DefaultPoints(), Intervals: harness.Intervals{Method: "bootstrap", Resamples: 200, Confidence: 0.95}})
	if err != nil {
		t.Fatal(err)
	}
	return e.Document.Benchmarks[0]
}

// numbersOf lists what of a benchmark must not depend on whether rows are weighted or repeated.
func numbersOf(b results.Benchmark) map[string]float64 {
	out := map[string]float64{
		"clusters": float64(b.Clusters), "strong": float64(b.StrongQuality), "weak": float64(b.WeakQuality),
		"gap": float64(b.Gap.Value), "gap se": float64(b.Gap.SE), "cluster sd": float64(b.Random.APGRClusterSD),
	}
	metric := func(name string, m results.Metric) {
		out[name], out[name+" lo"], out[name+" hi"] = float64(m.Value), float64(m.Lo), float64(m.Hi)
	}
	for _, r := range b.Routers {
		if r.Scores == results.ClosedForm { // its range is that of independent rows
			continue
		}
		metric(r.Name+" APGR", r.Metrics.APGR)
		metric(r.Name+" AUC", r.Metrics.AUC)
		metric(r.Name+" area", r.Metrics.AreaOverRandom)
		metric(r.Name+" CPT 50", r.Metrics.CPT["50"].Metric)
		metric(r.Name+" quality at", r.Metrics.QualityAt["0.5"])
		metric(r.Name+" fraction for", r.Metrics.FractionFor["0.95"])
		for _, s := range r.Slices {
			metric(r.Name+" "+s.Task, s.APGR)
		}
		for k, p := range r.Curve {
			out[fmt.Sprintf("%s vertex %d", r.Name, k)] = float64(p.Quality)
			out[fmt.Sprintf("%s vertex %d at", r.Name, k)] = float64(p.StrongFraction)
		}
		for k, p := range r.Band {
			out[fmt.Sprintf("%s band %d", r.Name, k)] = float64(p.Lo)
		}
		if r.AgainstRandom != nil {
			out[r.Name+" p"] = float64(r.AgainstRandom.PAdjusted)
		}
	}
	return out
}

// TestWeightedTable checks that a table with weights gives the results of a table with repeated
// rows.
func TestWeightedTable(t *testing.T) {
	weighted, repeated := weightedTable()
	b, r := evaluated(t, "w.csv", weighted), evaluated(t, "r.csv", repeated)
	if b.Weights == nil || float64(b.Weights.Sum) != 240 || r.Weights != nil {
		t.Fatalf("weights %+v and %+v, want a sum of 240 and none", b.Weights, r.Weights)
	}
	if b.Samples != 120 || r.Samples != 240 {
		t.Errorf("%d and %d samples, want 120 and 240", b.Samples, r.Samples)
	}
	got, want := numbersOf(b), numbersOf(r)
	for name, x := range want {
		if y := got[name]; !(math.Abs(x-y) <= 1e-9) && !(math.IsNaN(x) && math.IsNaN(y)) {
			t.Errorf("%s is %v, want %v", name, y, x)
		}
	}
	if len(got) != len(want) || len(want) < 50 {
		t.Errorf("%d numbers, want %d", len(got), len(want))
	}
	equal := evaluated(t, "e.csv", withWeight(repeated, "0.5"))
	for name, x := range numbersOf(equal) {
		if y := want[name]; !(math.Abs(x-y) <= 1e-9) && !(math.IsNaN(x) && math.IsNaN(y)) {
			t.Errorf("equal weights: %s is %v, want %v", name, x, y)
		}
	}
}

// withWeight adds a column with the same weight in every row.
func withWeight(table, weight string) string {
	lines := strings.Split(strings.TrimSpace(table), "\n")
	for k := range lines {
		if k == 0 {
			lines[k] += ",weight"
		} else {
			lines[k] += "," + weight
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestWeightsDiffer checks that weights change results: a router that is right on heavy samples
// gains by them.
func TestWeightsDiffer(t *testing.T) {
	o := eval.Outcomes{Strong: []float64{1, 1, 1, 1}, Weak: []float64{0, 1, 0, 1}}
	light, err := eval.NewCurve(o, []float64{4, 3, 2, 1})
	if err != nil {
		t.Fatal(err)
	}
	o.Weight = []float64{10, 1, 1, 1}
	heavy, err := eval.NewCurve(o, []float64{4, 3, 2, 1})
	if err != nil {
		t.Fatal(err)
	}
	if light.QualityAt(0.25) != 0.75 || heavy.Vertices[1].StrongFraction != 10.0/13 {
		t.Errorf("quality %v, first vertex at %v", light.QualityAt(0.25), heavy.Vertices[1].StrongFraction)
	}
}
