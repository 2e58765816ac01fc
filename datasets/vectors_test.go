package datasets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets/internal/parquetfile"

	"github.com/parquet-go/parquet-go"
)

// pythonVector returns the vector that testdata/write_vectors.py writes in row i, counted from 1.
func pythonVector(i int) []float32 {
	v := make([]float32, 7)
	for k := range v {
		v[k] = float32((i-30)*k) / 8
	}
	return v
}

// TestReadVectorsOfPython reads the same vectors in the layouts, encodings and page sizes of
// pyarrow, pandas and DuckDB, all at once and in batches that end inside pages.
func TestReadVectorsOfPython(t *testing.T) {
	dir := t.TempDir()
	python(t, nil, "write_vectors.py", dir)
	paths, err := filepath.Glob(filepath.Join(dir, "*.parquet"))
	if err != nil || len(paths) < 50 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			for _, batch := range []int{1, 5, 60} {
				row := 0
				err := f.Stream(Select{Embedding: true}, batch, func(table *Table) error {
					for k, v := range table.Vectors {
						row++
						if want := pythonVector(row); !reflect.DeepEqual(v, want) || table.SampleID[k] != fmt.Sprintf("row/%d", row) {
							return fmt.Errorf("row %d, %q: %v, want %v", row, table.SampleID[k], v, want)
						}
					}
					return nil
				})
				if err != nil || row != 60 {
					t.Fatal(batch, row, err)
				}
			}
		})
	}
}

// TestScaleIsOfBytes reads lists from a file whose metadata still holds the scale of the int8
// embeddings that the lists replaced. The scale must not be applied.
func TestScaleIsOfBytes(t *testing.T) {
	data := raw(t, []struct {
		ID string    `parquet:"sample_id"`
		V  []float32 `parquet:"embedding,list"`
	}{{"a", []float32{1, 2}}}, parquet.KeyValueMetadata("routellm.encoder", "mine"), parquet.KeyValueMetadata("routellm.embedding_scale", "0.5"))
	got, err := tryAll(data)
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, 2)
	if got.Vector(v, 0); !math.IsNaN(got.Meta.EmbeddingScale) || !reflect.DeepEqual(v, []float32{1, 2}) {
		t.Errorf("scale %v, vector %v", got.Meta.EmbeddingScale, v)
	}
}

// randomVectors returns n random vectors, the first of which is all zeros.
func randomVectors(n, dim int) [][]float32 {
	rng := rand.New(rand.NewPCG(1, 2))
	vectors := make([][]float32, n)
	for i := range vectors {
		vectors[i] = make([]float32, dim)
		for k := range vectors[i] {
			vectors[i][k] = float32(i) * (rng.Float32() - 0.5)
		}
	}
	return vectors
}

func withVectors(n, dim int) *Table {
	table := smallTable(n)
	table.SetVectors("mine", strings.Repeat("0", 64), randomVectors(n, dim))
	return table
}

func TestVectorsRoundTrip(t *testing.T) {
	for _, shape := range [][2]int{{1, 1}, {300, 3}, {9000, 5}, {700, 1536}, {3, parquetfile.MaxDim}, {70, parquetfile.MaxDim}} {
		want := withVectors(shape[0], shape[1])
		data := bytesOf(t, want)
		if !bytes.Equal(data, bytesOf(t, want)) {
			t.Fatal("the same table gave other bytes")
		}
		got, err := tryAll(data)
		if err != nil {
			t.Fatal(shape, err)
		}
		if !reflect.DeepEqual(got.Vectors, want.Vectors) || got.Meta.Encoder != "mine" || !math.IsNaN(got.Meta.EmbeddingScale) || got.Embedding != nil {
			t.Fatalf("%v: read other vectors, %+v", shape, got.Meta)
		}
		v := make([]float32, got.Dim())
		if got.Vector(v, shape[0]-1); !reflect.DeepEqual(v, want.Vectors[shape[0]-1]) {
			t.Fatalf("%v: the last vector is %v", shape, v)
		}
	}
}

func TestPythonReadsVectors(t *testing.T) {
	table := withVectors(300, 40)
	path := filepath.Join(t.TempDir(), "ours.parquet")
	if err := table.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	var seen struct {
		Types                   []string
		Pyarrow, Pandas, Duckdb [][]float32
	}
	if err := json.Unmarshal(python(t, nil, "read_vectors.py", path), &seen); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(seen.Types) != "[list<element: float not null> FLOAT[]]" {
		t.Errorf("types %q", seen.Types)
	}
	for name, got := range map[string][][]float32{"pyarrow": seen.Pyarrow, "pandas": seen.Pandas, "duckdb": seen.Duckdb} {
		if !reflect.DeepEqual(got, table.Vectors) {
			t.Errorf("%s sees other vectors: %.200v", name, got)
		}
	}
}

// TestDocumentedVectors runs the snippet in docs/data.md on a file with the built-in encoder's
// vectors.
func TestDocumentedVectors(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "data.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, snippet, _ := strings.Cut(string(page), "an array with one row per prompt:\n\n")
	snippet, _, _ = strings.Cut(snippet, "\n\n")
	table := smallTable(3)
	table.SetEmbeddings("static", strings.Repeat("0", 64), 0.5, [][]int8{{1}, {2}, {3}})
	dir := t.TempDir()
	path := filepath.Join(dir, "mine.parquet")
	if err := table.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	python(t, []byte(strings.ReplaceAll(snippet, "    ", "")), "run_snippet.py", dir)
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := f.Read(Select{Embedding: true})
	if err != nil || got.Meta.Encoder != "my-encoder" || got.Meta.EncoderSHA256 != "" || got.Meta.Name != table.Meta.Name {
		t.Fatalf("%v, %+v", err, got)
	}
	if want := [][]float32{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}}; !reflect.DeepEqual(got.Vectors, want) {
		t.Errorf("read %v", got.Vectors)
	}
}

// listFile returns a file of ids and lists. A list is nil for null; its elements are floats, or
// nil for null.
func listFile[T float32 | float64](t testing.TB, lists ...[]any) []byte {
	t.Helper()
	typ := parquet.FloatType
	if reflect.TypeFor[T]().Kind() == reflect.Float64 {
		typ = parquet.DoubleType
	}
	schema := parquet.NewSchema("s", parquet.Group{
		"sample_id": parquet.String(), "embedding": parquet.Optional(parquet.List(parquet.Optional(parquet.Leaf(typ)))),
	})
	var buf bytes.Buffer
	w := parquet.NewWriter(&buf, schema)
	for i, list := range lists {
		var row parquet.Row
		if len(list) == 0 {
			row = append(row, parquet.NullValue().Level(0, map[bool]int{true: 0, false: 1}[list == nil], 0))
		}
		for k, x := range list {
			v := parquet.NullValue().Level(min(k, 1), 2, 0)
			if x != nil {
				v = parquet.ValueOf(T(x.(float64))).Level(min(k, 1), 3, 0)
			}
			row = append(row, v)
		}
		row = append(row, parquet.ValueOf(fmt.Sprint(i)).Level(0, 0, 1))
		if _, err := w.WriteRows([]parquet.Row{row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestReadRefusesVectors(t *testing.T) {
	long := make([]any, parquetfile.MaxDim+1)
	for k := range long {
		long[k] = 0.0
	}
	first, zero := []any{1.0, 2.0}, []any{0.0, 0.0}
	for want, data := range map[string][]byte{
		"": listFile[float32](t, zero, first),
		`row 2, column "embedding": found null, expected a list of 2 finite float32 numbers, as in row 1`: listFile[float32](t, first, nil),
		`row 1, column "embedding": found null, expected a list of finite float32 numbers`:                listFile[float64](t, nil, first),
		`row 3, column "embedding": found an empty list`:                                                  listFile[float32](t, first, zero, []any{}),
		`row 2, column "embedding": found null in element 1`:                                              listFile[float32](t, first, []any{nil, 1.0}),
		`row 2, column "embedding": found null in element 2`:                                              listFile[float64](t, first, []any{1.0, nil}),
		`row 2, column "embedding": found 3 elements`:                                                     listFile[float32](t, first, []any{1.0, 2.0, 3.0}, first),
		`row 3, column "embedding": found 1 element`:                                                      listFile[float64](t, first, first, []any{1.0}),
		`row 1, column "embedding": found NaN in element 2`:                                               listFile[float32](t, []any{1.0, math.NaN()}),
		`row 2, column "embedding": found -Inf in element 1`:                                              listFile[float64](t, first, []any{math.Inf(-1), 0.0}),
		`row 2, column "embedding": found +Inf in element 1`:                                              listFile[float64](t, first, []any{1e300, 0.0}),
		`row 1, column "embedding": found more than 65536 elements`:                                       listFile[float32](t, long),
	} {
		_, err := tryAll(data)
		expectError(t, err, want, true)
		f, err := OpenBytes("x.parquet", data)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Read(Select{}); err != nil || got.Vectors != nil {
			t.Errorf("%s: got vectors that were not selected: %v, %+v", want, err, got)
		}
		rows := 0
		err = f.Stream(Select{Embedding: true}, 1, func(*Table) error { rows++; return nil })
		if expectError(t, err, want, true); want != "" && !strings.Contains(want, fmt.Sprintf("row %d,", rows+1)) {
			t.Errorf("%s: streamed %d rows", want, rows)
		}
	}
}

func TestReadRefusesOtherEmbeddings(t *testing.T) {
	type list[T any] struct {
		ID string `parquet:"sample_id"`
		V  []T    `parquet:"embedding,list"`
	}
	type point struct{ X, Y float32 }
	for want, data := range map[string][]byte{
		"a list of INT(64,true)": raw(t, []list[int64]{{"a", []int64{1}}}),
		"a list of STRING":       raw(t, []list[string]{{"a", []string{"x"}}}),
		"a nested column":        raw(t, []list[point]{{"a", []point{{}}}}),
		"STRING": raw(t, []struct {
			ID string `parquet:"sample_id"`
			V  string `parquet:"embedding"`
		}{{"a", "[1, 2]"}}),
		"FLOAT": raw(t, []struct {
			ID string  `parquet:"sample_id"`
			V  float32 `parquet:"embedding"`
		}{{"a", 1}}),
		"a nested column of one": raw(t, []struct {
			ID string                   `parquet:"sample_id"`
			V  struct{ List []float32 } `parquet:"embedding"`
		}{{ID: "a"}}),
		"": raw(t, []struct {
			ID string    `parquet:"sample_id"`
			V  []float32 `parquet:"embedding"`
		}{{"a", []float32{1, 2}}, {"b", []float32{0, 0}}}),
	} {
		f, err := OpenBytes("x.parquet", data)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Read(Select{AllModels: true, Extras: true}); err != nil {
			t.Errorf("%s, not asked for: %v", want, err)
		}
		if want, _, _ = strings.Cut(want, " of one"); want != "" {
			want = `"x.parquet": column "embedding": found ` + want + ", expected a list of floats"
		}
		_, err = f.Read(Select{Embedding: true})
		expectError(t, err, want, true)
	}
}

func TestWriteRefusesVectors(t *testing.T) {
	inf := float32(math.Inf(1))
	for want, vectors := range map[string][][]float32{
		`row 2, column "embedding": found null, expected a list of 1 finite`:     {{1}, nil, {1}},
		`row 1, column "embedding": found an empty list`:                         {{}, {1}, {1}},
		`row 3, column "embedding": found 2 elements, expected a list of 1`:      {{1}, {2}, {1, 2}},
		`row 3, column "embedding": found +Inf in element 2, expected a list of`: {{1, 2}, {2, 3}, {1, inf}},
		`column "embedding": 2 rows, expected 3`:                                 {{1}, {2}},
	} {
		table := smallTable(3)
		table.SetVectors("mine", "", vectors)
		path := filepath.Join(t.TempDir(), "x.parquet")
		if err := table.WriteFile(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: a file was written after the error", want)
		}
	}
}

func TestSettingVectorsReplacesEmbeddings(t *testing.T) {
	table := smallTable(1)
	table.SetEmbeddings("static", "", 0.5, [][]int8{{2}})
	table.SetVectors("mine", "", [][]float32{{3, 4}})
	if table.Embedding != nil || table.Dim() != 2 || !math.IsNaN(table.Meta.EmbeddingScale) {
		t.Errorf("vectors left %+v", table)
	}
	table.SetEmbeddings("static", "", 0.5, [][]int8{{2}})
	v := make([]float32, 1)
	if table.Vector(v, 0); table.Vectors != nil || table.Dim() != 1 || v[0] != 1 {
		t.Errorf("embeddings left %+v, %v", table, v)
	}
}

// TestFlippedBytesOfVectors damages files of lists one byte at a time. Reading them may fail but
// must not panic.
func TestFlippedBytesOfVectors(t *testing.T) {
	for _, whole := range [][]byte{bytesOf(t, withVectors(3, 4)), listFile[float64](t, []any{1.0, 2.0}, []any{3.0, 4.0})} {
		for at := range whole {
			data := bytes.Clone(whole)
			data[at] ^= 0xff
			tryAll(data)
		}
	}
}

// BenchmarkReadVectors reads vectors of 1536 components, the size of OpenAI embeddings.
func BenchmarkReadVectors(b *testing.B) {
	const n, dim = 20_000, 1536
	data := bytesOf(b, withVectors(n, dim))
	b.SetBytes(4 * n * dim)
	b.ReportAllocs()
	for b.Loop() {
		f, err := OpenBytes("vectors", data)
		if err != nil {
			b.Fatal(err)
		}
		if t, err := f.Read(Select{Embedding: true}); err != nil || t.Dim() != dim {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteVectors(b *testing.B) {
	const n, dim = 20_000, 1536
	table := withVectors(n, dim)
	b.SetBytes(4 * n * dim)
	b.ReportAllocs()
	for b.Loop() {
		bytesOf(b, table)
	}
}
