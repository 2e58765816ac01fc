package harness_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// write writes a file in a folder of the test.
func write(t *testing.T, name string, w func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := w(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// ownData writes a data set of 60 short prompts in two tasks, with costs. The strong model is
// better where the prompt is long.
func ownData(t *testing.T) string {
	t.Helper()
	const n = 60
	table := &datasets.Table{Meta: datasets.NewMeta(), HasPrompt: true}
	table.Meta.Name, table.Meta.Strong, table.Meta.Weak, table.Meta.Min, table.Meta.Max = "own", "big", "small", 0, 1
	strong, weak, dear, cheap := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		table.SampleID = append(table.SampleID, fmt.Sprintf("s%02d", i))
		table.Task = append(table.Task, []string{"law", "sums"}[i%2])
		table.Cluster = append(table.Cluster, table.SampleID[i])
		table.Prompt = append(table.Prompt, fmt.Sprintf("question %d", i)+strings.Repeat(" and one more", i%7))
		strong[i], dear[i], cheap[i] = 1, 0.02, 0.001
		if i%7 < 4 || i%5 == 0 {
			weak[i] = 1
		}
	}
	table.Quality = []datasets.Column{{Name: "big", Values: strong}, {Name: "small", Values: weak}}
	table.Extras = []datasets.Column{{Name: "cost_usd:big", Values: dear}, {Name: "cost_usd:small", Values: cheap}}
	table.FillFromPrompts()
	return write(t, "own.parquet", func(b *bytes.Buffer) error { return table.Write(b) })
}

// TestOwnData evaluates routers on a user's file, and reads back what was measured.
func TestOwnData(t *testing.T) {
	ctx, path := context.Background(), ownData(t)
	var notes []string
	o := harness.RunOptions{Points: harness.DefaultPoints(), Intervals: harness.DefaultIntervals()}
	o.Intervals.Resamples = 100
	o.Note = func(text string) { notes = append(notes, text) }
	e, err := harness.Evaluate(ctx, []string{"random,length,mf,oracle"}, []string{path}, o)
	if err != nil {
		t.Fatal(err)
	}
	b := e.Benchmarks()[0]
	if b.Name() != "own" || b.Pair() != (results.Pair{Strong: "big", Weak: "small"}) || b.Outcomes().N() != 60 || slices.Max(b.Clusters()) != 59 {
		t.Errorf("benchmark %q of %+v with %d samples", b.Name(), b.Pair(), b.Outcomes().N())
	}
	length, err := e.Router("own", "length")
	if err != nil || !(length.Metrics.APGR.Value > 0.5) || !(length.Metrics.APGR.Lo < length.Metrics.APGR.Value) {
		t.Errorf("length: APGR %+v, %v, want it above 0.5 with an interval", length.Metrics.APGR, err)
	}
	for _, name := range [][2]string{{"own", "nope"}, {"nope", "length"}} {
		if _, err := e.Router(name[0], name[1]); err == nil || !strings.Contains(err.Error(), `"nope" was not evaluated`) {
			t.Errorf("%q: error %v", name, err)
		}
	}

	samples, err := e.SamplesFile()
	if err != nil {
		t.Fatal(err)
	}
	e.Document.Samples = &results.Input{Path: "samples.parquet", SHA256: datasets.DigestBytes(samples)}
	file := write(t, "results.json", func(b *bytes.Buffer) error { return e.Document.Write(b) })
	if err := os.WriteFile(filepath.Join(filepath.Dir(file), "samples.parquet"), samples, 0o644); err != nil {
		t.Fatal(err)
	}
	set, err := harness.ReadScoreSet(file, "")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"length", "mf", "oracle"}; !slices.Equal(set.Routers, want) || !slices.Equal(set.Benchmarks[0].Scores[1], e.Scores("own", "mf")) {
		t.Errorf("read routers %q, want %q with the scores that were written", set.Routers, want)
	}
	if set.Benchmarks[0].Heading() != "own" {
		t.Errorf("heading %q, want the name", set.Benchmarks[0].Heading())
	}
	tasks, err := harness.ByTask(set.Benchmarks[0], set.Routers, 0.95)
	if err != nil || len(tasks.Routers[0].Slices) != 2 {
		t.Errorf("by task: %d slices, %v, want 2", len(tasks.Routers[0].Slices), err)
	}
	decisions, err := harness.PairDecisions(set.Contenders(""), 0, 0.5, 0)
	if err != nil || len(decisions) != 3 {
		t.Errorf("decisions of %d pairs, %v, want 3", len(decisions), err)
	}
	lo, hi, err := harness.DifferenceInterval(set, set, "own", "mf", "apgr", eval.Bootstrap{Resamples: 50, Confidence: 0.95})
	if lo != 0 || hi != 0 || err != nil {
		t.Errorf("difference from itself: [%v, %v], %v", lo, hi, err)
	}
	compare := harness.DefaultCompare()
	compare.Resamples, compare.Permutations, compare.Flips = 100, 50, true
	c, err := harness.Compare(ctx, []*harness.ScoreSet{set}, set.Contenders("new")[:2], compare)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Benchmarks[0].Pairs[0]
	if p.A != "new:length" || p.B != "new:mf" || len(p.Decisions.Tasks) != 2 {
		t.Errorf("compared %q with %q on %d tasks", p.A, p.B, len(p.Decisions.Tasks))
	}
	if _, err := harness.ReadScoreSet(file, "nope"); err == nil {
		t.Error("a router that was not evaluated was read")
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(file), "samples.parquet"), samples[1:], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := harness.ReadScoreSet(file, ""); err == nil || !strings.Contains(err.Error(), "is not the file that belongs to") {
		t.Errorf("other samples: error %v", err)
	}
}

// TestScoreFile writes a router's scores, and evaluates the file as a router.
func TestScoreFile(t *testing.T) {
	ctx := context.Background()
	mf, err := harness.OpenOne("mf", harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, compact := range []bool{false, true} {
		d, err := harness.ScoreData(ctx, mf, "gsm8k", harness.ScoreOptions{})
		if err != nil {
			t.Fatal(err)
		}
		path := write(t, "scores.parquet", func(b *bytes.Buffer) error {
			return datasets.WriteColumns(b, d.Columns(compact), d.Meta("mf"))
		})
		e, err := harness.Evaluate(ctx, []string{"mf", "file=scores:" + path}, []string{"gsm8k"}, harness.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		live, file := e.Document.Benchmarks[0].Routers[0].Metrics.APGR.Value, e.Document.Benchmarks[0].Routers[1].Metrics.APGR.Value
		if math.Abs(float64(live-file)) > 1e-6 {
			t.Errorf("compact %v: APGR %v from the file, want %v", compact, file, live)
		}
		if got := e.Document.Benchmarks[0].Excluded.Training; got != 300 {
			t.Errorf("%d training prompts left out, want 300", got)
		}
		audited, err := harness.Audit(ctx, []string{path}, harness.AuditOptions{})
		if err != nil || audited.Files[0].Kind != "scores" {
			t.Errorf("audit: %+v, %v, want a file of scores", audited, err)
		}
		calibrated, err := harness.OpenCalibrated("scores:"+path, harness.RouterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		c, err := harness.Calibrate(ctx, calibrated, harness.DefaultCalibrate(harness.StrongFractions(0.5)))
		if err != nil || c.Document.Prompts != 1319 {
			t.Errorf("calibrated on %+v, %v, want 1,319 scores", c, err)
		}
	}
	for _, name := range []string{"oracle", "random,length"} {
		r, err := harness.OpenOne(name, harness.RouterOptions{})
		if err == nil {
			_, err = harness.ScoreData(ctx, r, "gsm8k", harness.ScoreOptions{})
		}
		if err == nil {
			t.Errorf("%s: scores, want an error", name)
		}
	}
}

// TestArtifactUnderOtherClusters knows the samples that set a threshold also in a benchmark that was
// loaded for no threshold and without its clusters.
func TestArtifactUnderOtherClusters(t *testing.T) {
	ctx := context.Background()
	var b strings.Builder
	b.WriteString("id,prompt,cluster,quality:big,quality:small\n")
	for i := range 400 {
		fmt.Fprintf(&b, "q%d,%d%s,c%d,1,%d\n", i, i, strings.Repeat(" word", 1+i*7%40), i/4, i%2)
	}
	data := write(t, "talks.csv", func(w *bytes.Buffer) error { _, err := w.WriteString(b.String()); return err })
	length, err := harness.OpenOne("length", harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o := harness.DefaultCalibrate(harness.KeepQuality(0.5))
	o.Data, o.Pair = data, results.Pair{Strong: "big", Weak: "small"}
	c, err := harness.Calibrate(ctx, length, o)
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, "talks.json", func(b *bytes.Buffer) error { return c.Artifact.Write(b) })
	threshold, _, err := harness.OpenThreshold(path, harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	rs := []harness.Router{length}
	benches, err := harness.Load(ctx, []string{data}, rs, harness.LoadOptions{Pair: o.Pair, Clusters: harness.ClusterNone})
	if err != nil {
		t.Fatal(err)
	}
	e, err := harness.Run(ctx, rs, benches, harness.RunOptions{Threshold: threshold, Points: harness.DefaultPoints()})
	if err != nil {
		t.Fatal(err)
	}
	row, err := e.Router(benches[0].Name(), "length calibrated")
	want := fmt.Sprintf("in-sample: its threshold was set on %d of these samples", c.Document.Outcomes.Calibration)
	if err != nil || !slices.Contains(row.Warnings, want) {
		t.Errorf("%v, warnings %q, want %q", err, row.Warnings, want)
	}
}

// TestArtifact evaluates a calibrated threshold, and compares new scores with its own.
func TestArtifact(t *testing.T) {
	ctx, data := context.Background(), ownData(t)
	length, err := harness.OpenOne("length", harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o := harness.DefaultCalibrate(harness.StrongFractions(0.3))
	o.Check, o.Next = "mt-bench", 100
	c, err := harness.Calibrate(ctx, length, o)
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, "length.json", func(b *bytes.Buffer) error { return c.Artifact.Write(b) })
	threshold, name, err := harness.OpenThreshold(path, harness.RouterOptions{})
	if err != nil || name != "length" {
		t.Fatalf("router %q, %v, want length", name, err)
	}
	e, err := harness.Evaluate(ctx, []string{"length"}, []string{"mt-bench"}, harness.RunOptions{Threshold: threshold})
	if err != nil {
		t.Fatal(err)
	}
	row, err := e.Router("mt-bench", "length calibrated")
	if err != nil {
		t.Fatal(err)
	}
	strong := 0
	for _, score := range e.Scores("mt-bench", "length") {
		if score >= c.Artifact.Cut() {
			strong++
		}
	}
	if got := float64(row.Point.StrongFraction); math.Abs(got-float64(strong)/72) > 1e-12 {
		t.Errorf("strong fraction %v, want %d of 72", got, strong)
	}
	if _, err := harness.Evaluate(ctx, []string{"mf"}, []string{"mt-bench"}, harness.RunOptions{Threshold: threshold}); err == nil || !strings.Contains(err.Error(), "not among the routers") {
		t.Errorf("another router: error %v", err)
	}
	drift := harness.DefaultCalibrate(harness.Target{})
	drift.Drift = data
	d, err := harness.Drift(ctx, path, "", harness.RouterOptions{}, drift)
	if err != nil || d.Document.Drift == nil || !d.Document.Drift.Drifted || d.Document.Drift.Scores != 60 {
		t.Errorf("drift %+v, %v, want that 60 short prompts drifted", d, err)
	}
	if _, _, err := harness.ReadArtifact(path, "mf", harness.RouterOptions{}); err == nil || !strings.Contains(err.Error(), `was calibrated for the router "length": found the router "mf" with the model `) {
		t.Errorf("another router: error %v", err)
	}
	if _, err := harness.ParseArtifact(filepath.Join(t.TempDir(), "none.json")); err == nil {
		t.Error("a missing artifact was read")
	}
}

// TestTargets calibrates for each target on data with outcomes and costs.
func TestTargets(t *testing.T) {
	ctx, data := context.Background(), ownData(t)
	length, err := harness.OpenOne("length", harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]harness.Target{
		"share": harness.StrongFractions(0.5), "quality": harness.KeepQuality(0.8), "gap": harness.RecoverGap(0.3), "budget": harness.StayBelow(30),
	} {
		o := harness.DefaultCalibrate(target)
		o.Data, o.Next = data, 10
		c, err := harness.Calibrate(ctx, length, o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var measured []string
		for _, m := range c.Document.Outcomes.Points[0].Measures {
			measured = append(measured, m.Name)
		}
		if want := []string{"strong_fraction", "quality", "share_of_strong", "pgr", "cost_usd", "next_calls"}; !slices.Equal(measured, want) || c.Artifact == nil {
			t.Errorf("%s: measured %q, want %q and an artifact", name, measured, want)
		}
	}
	o := harness.DefaultCalibrate(harness.StayBelow(0.5))
	o.Data = data
	if _, err := harness.Calibrate(ctx, length, o); err == nil || !strings.Contains(err.Error(), `not established even for always calling "small", which costs $1`) {
		t.Errorf("a budget below the weak model's cost: error %v", err)
	}
	exact := harness.DefaultCalibrate(harness.RecoverGap(0.1))
	exact.Data, exact.Exact, exact.Prices = "gsm8k", true, []float64{20, 0.2}
	if c, err := harness.Calibrate(ctx, length, exact); err != nil || c.Document.Outcomes.Points[0].Test != "betting" {
		t.Errorf("exact: %+v, %v", c, err)
	}
	mf, err := harness.OpenOne("mf", harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	judged := harness.DefaultCalibrate(harness.Target{})
	judged.Data, judged.Reliability = "gsm8k", true
	if c, err := harness.Calibrate(ctx, mf, judged); err != nil || c.Diagram == nil || c.Document.Reliability == nil || c.Artifact != nil {
		t.Errorf("reliability: %+v, %v", c, err)
	}
}
