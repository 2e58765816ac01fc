package datasets

import (
	"bytes"
	"fmt"

	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// rowsOf returns the rows from row from to before row to of a small table, as a table.
func rowsOf(t *Table, from, to int) *Table {
	out := *t
	for _, texts := range []*[]string{&out.SampleID, &out.Task, &out.Cluster, &out.Prompt, &out.PromptSHA256, &out.PromptNormSHA256, &out.Embedding} {
		*texts = part(*texts, from, to)
	}
	out.Contaminated, out.Vectors = part(out.Contaminated, from, to), part(out.Vectors, from, to)
	for _, columns := range []*[]Column{&out.Features, &out.Quality, &out.Extras} {
		*columns = slices.Clone(*columns)
		for i, c := range *columns {
			(*columns)[i].Values = c.Values[from:to]
		}
	}
	return &out
}

// TestWriterIgnoresBatches cuts the same rows at random.
func TestWriterIgnoresBatches(t *testing.T) {
	table := smallTable(20000)
	vectors := make([][]float32, table.Rows())
	for i := range vectors {
		vectors[i] = make([]float32, 300) // so many that the row groups are smaller than the table
		vectors[i][i%300] = float32(i)
	}
	table.SetVectors("none", "", vectors)
	want := bytesOf(t, table)
	for seed := range uint64(2) {
		rng := rand.New(rand.NewPCG(seed, 0))
		var b bytes.Buffer
		w := NewWriter(&b)
		for from := 0; from < table.Rows(); {
			to := min(table.Rows(), from+rng.IntN(1+5000))
			if err := w.Write(rowsOf(table, from, to)); err != nil {
				t.Fatal(err)
			}
			from = to
		}
		if err := w.Close(); err != nil || !bytes.Equal(b.Bytes(), want) {
			t.Errorf("batches gave other bytes than one table: %d and %d, %v", b.Len(), len(want), err)
		}
	}
	f, err := OpenBytes("small", want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Read(Select{Prompts: true, Embedding: true})
	if err != nil || rowGroups(t, want) < 2 || !reflect.DeepEqual(got.Vectors, table.Vectors) || !slices.Equal(got.Prompt, table.Prompt) {
		t.Errorf("read back from %d row groups: %v", rowGroups(t, want), err)
	}
}

// TestWriterLimitsGroups writes long prompts, of which a row group must hold few.
func TestWriterLimitsGroups(t *testing.T) {
	table := smallTable(3)
	for i := range table.Prompt {
		table.Prompt[i] = strings.Repeat("long", groupBytes/8)
	}
	if got := rowGroups(t, bytesOf(t, table)); got != 2 {
		t.Errorf("%d row groups, want 2: two prompts fill one", got)
	}
}

func TestWriterRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*Table){
		`"small/0001" in rows 2 and 4`:                                          func(t *Table) { t.SampleID[0] = "small/0001" },
		`row 5, column "quality:weak": found 2, expected a quality from 0 to 1`: func(t *Table) { t.Quality[1].Values[1] = 2 },
		`row 5, column "task": found "\xff", expected UTF-8`:                    func(t *Table) { t.Task[1] = "\xff" },
		`row 4: expected the column "task", as in row 1`:                        func(t *Table) { t.Task = nil },
		`row 4: column "cost_usd:x": row 1 has no such column`: func(t *Table) {
			t.Extras = append(t.Extras, Column{"cost_usd:x", []float64{0, 0, 0}})
		},
		`row 4, column "embedding": found 2 elements, expected 3 as in row 1`: func(t *Table) {
			t.Embedding = []string{"ab", "ab", "ab"}
		},
	} {
		table := smallTable(6)
		table.Embedding = slices.Repeat([]string{"abc"}, 6)
		second := rowsOf(table, 3, 6)
		second.SampleID, second.Task = slices.Clone(second.SampleID), slices.Clone(second.Task)
		var b bytes.Buffer
		w := NewWriter(&b)
		if err := w.Write(rowsOf(table, 0, 3)); err != nil {
			t.Fatal(err)
		}
		spoil(second)
		err := w.Write(second)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
		if again := w.Close(); again != err {
			t.Errorf("Close after the error: %v", again)
		}
	}
	w := NewWriter(&bytes.Buffer{})
	if err := w.Write(&Table{}); err != nil {
		t.Error(err)
	}
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "no rows") {
		t.Errorf("a file without rows: %v", err)
	}
}

// rowGroups returns the number of row groups of a Parquet file.
func rowGroups(t *testing.T, data []byte) int {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return len(f.RowGroups())
}

func TestIDSet(t *testing.T) {
	var s idSet
	for i := range 5000 {
		if first, row := s.add(fmt.Sprint("id ", i)); first != row || row != i+1 {
			t.Fatalf("id %d: first in row %d, in row %d", i, first, row)
		}
		if first, row := s.add(fmt.Sprint("id ", i/2)); first != i/2+1 || row != i+2 {
			t.Fatalf("id %d again: first in row %d, in row %d", i/2, first, row)
		}
	}
}
