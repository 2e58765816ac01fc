package answers

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
)

func ptr[T any](v T) *T { return &v }

var nan = math.NaN()

// sampleFile is a file with everything that a file can have.
func sampleFile() *File {
	return &File{
		Meta:     map[string]string{metaVersion: "1", "routellm.name": "mine"},
		SampleID: []string{"a", "b#1", "b#2"}, Cluster: []string{"a", "b", "b"}, Task: []string{"sums", "lookup", "lookup"},
		Prompt: []string{"What is 2+3?", `["a list"]`, "Zürich\nor Bern?"}, Messages: []string{"", `[{"role":"user","content":"x"}]`, ""},
		Weight: []float64{1, 2.5, 2.5}, Contaminated: []bool{false, true, false}, Vectors: [][]float32{{1, 2}, {3, 4.5}, {5, 6}},
		Passed:  []TextColumn{{"gold", []*string{ptr("5"), nil, ptr("")}}, {"read:small", []*string{ptr("1"), ptr("x"), nil}}},
		Numbers: []datasets.Column{{Name: "cost_usd:other", Values: []float64{1, nan, 3}}},
		Models: []Model{
			{Name: "llama3:8b", Text: []*string{ptr("5"), nil, ptr("")}, Err: []string{"", "refused", ""}, Finish: []string{"stop", "", "length"},
				Input: []float64{5, nan, 6}, Output: []float64{1, nan, 0}, Cost: []float64{1e-6, nan, 0}, Latency: []float64{.5, nan, 1},
				LogprobMean: []float64{-.1, nan, -2}, LogprobMin: []float64{-1, nan, -2}, FirstEntropy: []float64{0, nan, .5}, Agreement: []float64{nan, nan, 0}},
			{Name: "small", Text: []*string{nil, ptr("Bern"), ptr("Zürich")}},
		},
		Labels: []Labels{{"quality", [][]float64{{1, nan, 0}, {nan, .5, 1}}}, {"gold", [][]float64{{nan, nan, nan}, {nan, 1, nan}}}},
	}
}

func write(t *testing.T, f *File) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "answers.parquet")
	if err := f.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// same compares files, of which NaN equals NaN.
func same(t *testing.T, got, want *File) {
	t.Helper()
	var g, w bytes.Buffer
	for f, b := range map[*File]*bytes.Buffer{got: &g, want: &w} {
		writer := NewWriter(b)
		if err := writer.Write(f); err != nil {
			t.Fatal(err)
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(g.Bytes(), w.Bytes()) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestFileRoundTrip(t *testing.T) {
	want := sampleFile()
	path := write(t, want)
	got, err := Read(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != path || len(got.SHA256) != 64 || got.Meta["routellm.name"] != "mine" {
		t.Errorf("got name %q, digest %q, metadata %v", got.Name, got.SHA256, got.Meta)
	}
	same(t, got, want)
	if got.Models[0].Text[1] != nil || *got.Models[0].Text[2] != "" || got.Models[1].Cost != nil {
		t.Errorf("a null, an empty and an absent value got %+v", got.Models)
	}
}

func TestScanInBatches(t *testing.T) {
	path := write(t, sampleFile())
	s, err := Open(context.Background(), path, datasets.Mapping{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out bytes.Buffer
	w := NewWriter(&out)
	var sizes []int
	err = s.Scan(context.Background(), 2, func(f *File) error {
		sizes = append(sizes, f.Rows())
		return w.Write(f)
	})
	if err != nil || w.Close() != nil || !reflect.DeepEqual(sizes, []int{2, 1}) {
		t.Fatalf("got batches of %v, %v", sizes, err)
	}
	whole, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(out.Bytes(), whole) {
		t.Errorf("batches give other bytes than the whole file: %v", err)
	}
}

// A file of answers is a data set.
func TestFileIsDataSet(t *testing.T) {
	f, err := datasets.Open(write(t, sampleFile()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := f.Read(datasets.Select{AllModels: true, Digests: true, Features: true, Prompts: true, Embedding: true, Weights: true, Extras: true})
	if err != nil {
		t.Fatal(err)
	}
	if table.PromptSHA256[0] != datasets.SHA256Hex("What is 2+3?") || table.Weight[1] != 2.5 || !table.Contaminated[1] || table.Vectors[1][1] != 4.5 {
		t.Errorf("got %+v", table)
	}
	if q, _ := table.QualityOf("small"); q[1] != .5 || !math.IsNaN(q[0]) {
		t.Errorf("got qualities %v", q)
	}
	if _, ok := table.ExtraOf("latency_s:llama3:8b"); !ok || len(table.Features) != 4 {
		t.Errorf("got extras %v, features %v", table.Extras, table.Features)
	}
}

func TestReadTables(t *testing.T) {
	for name, content := range map[string]string{
		"a.csv":   "uid,question,topic,answer:big,answer:small,quality:big,gold\n7,What?,x,yes,,1,g\n8,Why?,y,,no,,\n",
		"a.jsonl": `{"uid":"7","question":[{"role":"user","content":"What?"}],"topic":"x","big_response":"yes","quality:big":true,"gold":"g"}` + "\n" + `{"uid":"8","question":"Why?","topic":"y","big_response":null,"small_response":"no"}` + "\n",
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		f, err := Read(context.Background(), path)
		if err != nil {
			t.Fatal(name, err)
		}
		if !reflect.DeepEqual(f.SampleID, []string{"7", "8"}) || !reflect.DeepEqual(f.Prompt, []string{"What?", "Why?"}) || !reflect.DeepEqual(f.Task, []string{"x", "y"}) {
			t.Errorf("%s: got ids %q, prompts %q, tasks %q", name, f.SampleID, f.Prompt, f.Task)
		}
		if !reflect.DeepEqual(f.ModelNames(), []string{"big", "small"}) || *f.Models[0].Text[0] != "yes" || f.Models[1].Text[0] != nil || f.Models[0].Text[1] != nil {
			t.Errorf("%s: got models %+v", name, f.Models)
		}
		quality, ok := f.LabelsOf(Quality)
		if !ok || quality.Values[0][0] != 1 || !math.IsNaN(quality.Values[0][1]) || !math.IsNaN(quality.Values[1][1]) {
			t.Errorf("%s: got labels %+v", name, f.Labels)
		}
		if gold := f.PassedColumn("gold"); *gold[0] != "g" || gold[1] != nil {
			t.Errorf("%s: got further columns %+v", name, f.Passed)
		}
	}
}

func TestReadErrors(t *testing.T) {
	for content, want := range map[string]string{
		"id,prompt\n1,x\n": "found no answers, expected a column answer:MODEL for each model",
		"sample_id,prompt,answer:a\n1,x,y\n2,x,y\n1,x,y\n":             `column "sample_id": "1" in rows 1 and 3, expected unique ids`,
		"id,prompt,answer:a,quality:a\n1,x,y,1\n2,x,y,perhaps\n":       `row 2, column "quality:a": found "perhaps", expected a finite number`,
		"id,prompt,answer:a,cost_usd:a\n1,x,y,1\n2,x,y,inf\n":          `row 2, column "cost_usd:a": found "inf"`,
		"id,prompt,answer:a,weight\n1,x,y,1\n2,x,y,0\n":                `row 2, column "weight": found "0", expected a finite number above 0`,
		"id,prompt,answer:a\n1,x,y\n2,,y\n":                            `row 2, column "prompt": found "", expected a prompt`,
		"id,prompt,answer:a,contaminated\n1,x,y,true\n2,x,y,perhaps\n": `row 2, column "contaminated"`,
	} {
		path := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(context.Background(), path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: got %v, want %q", content, err, want)
		}
	}
}

func TestSetLabels(t *testing.T) {
	f := sampleFile()
	three := []float64{1, nan, 0}
	if err := f.SetLabels(Labels{"judged", [][]float64{three, three}}); err != nil {
		t.Fatal(err)
	}
	same(t, func() *File { g, _ := Read(context.Background(), write(t, f)); return g }(), f)
	for _, c := range []struct {
		labels     Labels
		want, hint string
	}{
		{Labels{"quality", [][]float64{three, three}}, `has labels "quality" already`, "--as judged or --as gold"},
		{Labels{"cost_usd", [][]float64{three, three}}, "no column of labels", "--as judged"},
		{Labels{"read", [][]float64{three, three}}, `"read:small" is no column of labels`, "--as"},
		{Labels{"a:b", [][]float64{three, three}}, "without a colon", "--as judged"},
		{Labels{"x", [][]float64{three}}, "1 column, expected one column for each of 2 models", ""},
		{Labels{"x", [][]float64{three, three[:2]}}, "2 rows, expected 3", ""},
	} {
		err := f.SetLabels(c.labels)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(strings.Join(hint.Of(err), "\n"), c.hint) {
			t.Errorf("%q: got %v with %q", c.labels.Name, err, hint.Of(err))
		}
	}
}

func TestWriteErrors(t *testing.T) {
	for want, f := range map[string]*File{
		"no rows": {SampleID: []string{}, Models: []Model{{Name: "m", Text: []*string{}}}},
		`column "sample_id": "a" in rows 1 and 2`:  {SampleID: []string{"a", "a"}, Models: []Model{{Name: "m", Text: []*string{nil, nil}}}},
		`column "prompt": files of answers have`:   {SampleID: []string{"a"}, Passed: []TextColumn{{"prompt", []*string{nil}}}},
		`column "answer:m": files of answers have`: {SampleID: []string{"a"}, Models: []Model{{Name: "m", Text: []*string{nil}}}, Passed: []TextColumn{{"answer:m", []*string{nil}}}},
	} {
		path := filepath.Join(t.TempDir(), "x.parquet")
		if err := f.Write(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%q: a file was written", want)
		}
	}
}

// A column of bytes, such as an embedding of int8 numbers, is left out.
func TestBytesAreLeftOut(t *testing.T) {
	var b bytes.Buffer
	table := &datasets.Table{Meta: datasets.NewMeta(), SampleID: []string{"a"}, Prompt: []string{"x"}}
	table.SetEmbeddings("static", strings.Repeat("0", 64), 1, [][]int8{{-1, -2}})
	if err := table.Write(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "p.parquet")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	p, err := ReadPrompts(context.Background(), path, datasets.Mapping{}, nil)
	if err != nil || p.Vectors != nil || len(p.Notes) != 1 || !strings.Contains(p.Notes[0], `"embedding"`) {
		t.Errorf("got %+v, %v", p, err)
	}
}
