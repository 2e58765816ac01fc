package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

// manyTable returns an invented table with prompts, some of which repeat, three models and some
// values that were not measured.
func manyTable(n int) *datasets.Table {
	t := &datasets.Table{Meta: datasets.NewMeta()}
	t.Meta.Name, t.Meta.Strong, t.Meta.Weak = "many", "big", "small"
	big, small := make([]float64, n), make([]float64, n)
	for i := range n {
		t.SampleID = append(t.SampleID, fmt.Sprintf("many/%d", i))
		t.Task = append(t.Task, fmt.Sprint("task ", i%3))
		t.Prompt = append(t.Prompt, fmt.Sprintf("How many wheels have %d cars, and why does car %d of the %d need them?", i-i%7%2, i%5, i%11))
		big[i], small[i] = float64((i*7)%5)/4, float64((i*3)%4)/4
		if i%17 == 0 {
			small[i] = math.NaN()
		}
	}
	t.FillFromPrompts()
	t.Quality = []datasets.Column{{Name: "big", Values: big}, {Name: "small", Values: small}}
	return t
}

// TestManyRows evaluates and calibrates with a table that is kept in memory and with one that is
// read in parts, with and without vectors in the file.
func TestManyRows(t *testing.T) {
	defer func(n int) { manyRows = n }(manyRows)
	plain := manyTable(700)
	stored := manyTable(700)
	vectors, name, digest, err := staticOnly().Encode(context.Background(), stored.Prompt)
	if err != nil {
		t.Fatal(err)
	}
	stored.SetVectors(name, digest, vectors)
	for label, table := range map[string]*datasets.Table{"plain": plain, "stored": stored} {
		path := filepath.Join(t.TempDir(), label+".parquet")
		if err := table.WriteFile(path); err != nil {
			t.Fatal(err)
		}
		manyRows = 1 << 16
		want := evaluated(t, path)
		manyRows = 100
		if got := evaluated(t, path); !bytes.Equal(got, want) {
			t.Errorf("%s: read in parts\n%.2000s\nin memory\n%.2000s", label, got, want)
		}
	}
}

// evaluated returns the results of an evaluation of several kinds of routers, its samples, and a
// calibration.
func evaluated(t *testing.T, path string) []byte {
	t.Helper()
	ctx := context.Background()
	rs, err := Open([]string{"length,mf,knn,oracle"}, RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	benches, err := Load(ctx, []string{path}, rs, LoadOptions{ByTask: true})
	if err != nil {
		t.Fatal(err)
	}
	e, err := Run(ctx, rs, benches, RunOptions{Points: DefaultPoints(), Intervals: Intervals{Method: Bootstrap, Resamples: 50, Confidence: 0.9}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := e.Document.Write(&out); err != nil {
		t.Fatal(err)
	}
	samples, err := e.SamplesFile()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Calibrate(ctx, rs[1], withData(DefaultCalibrate(StrongFractions(0.3)), path))
	if err != nil {
		t.Fatal(err)
	}
	scored, err := ScoreData(ctx, rs[2], path, ScoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	audited, err := Audit(ctx, []string{path}, AuditOptions{Routers: rs[:2]})
	if err != nil {
		t.Fatal(err)
	}
	calibration, err := json.Marshal([]any{c.Document, c.Artifact, scored.Scores, scored.Meta("knn"), audited})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "%s\n%s", datasets.DigestBytes(samples), calibration)
	return out.Bytes()
}

// TestAuditManyPairs searches so many pairs that not all are compared.
func TestAuditManyPairs(t *testing.T) {
	defer func(n int) { manyRows = n }(manyRows)
	path := filepath.Join(t.TempDir(), "many.parquet")
	if err := manyTable(700).WriteFile(path); err != nil {
		t.Fatal(err)
	}
	audited := func() (found map[string]int, notChecked string) {
		doc, err := Audit(context.Background(), []string{path}, AuditOptions{Cosine: 0.95})
		if err != nil {
			t.Fatal(err)
		}
		found = map[string]int{}
		for _, f := range doc.Files[0].Findings {
			found[f.Code+f.About] = f.Count
		}
		return found, strings.Join(doc.Files[0].NotChecked, "; ")
	}
	const note = "of 700 prompts not every pair was compared (a pair with a cosine of 0.95 is found with a probability of 99.8 %)"
	want, notes := audited()
	if strings.Contains(notes, note) || want["near-prompt"] == 0 {
		t.Errorf("all pairs: %v, not checked: %s", want, notes)
	}
	manyRows = 100
	got, notes := audited()
	if !strings.Contains(notes, note) || !strings.Contains(notes, "prompts unlike those that mf was trained on: the file has many rows (--router mf compares them)") {
		t.Errorf("not checked: %s", notes)
	}
	for code, n := range want {
		if got[code] > n || got[code] < n*9/10 {
			t.Errorf("%s: found %d of %d", code, got[code], n)
		}
	}
}

func withData(o CalibrateOptions, path string) CalibrateOptions {
	o.Data = path
	return o
}
