package datasets

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/num"
)

// smallTable returns n invented samples with every kind of column, awkward model names and
// unmeasured values.
func smallTable(n int) *Table {
	t := &Table{Meta: NewMeta()}
	t.Meta.Name, t.Meta.Title, t.Meta.Unit, t.Meta.Min, t.Meta.Max = "small", "Small", "accuracy 0-1", 0, 1
	t.Meta.Strong, t.Meta.Weak, t.Meta.Source, t.Meta.Licence = `a/b.c:d@e "f", g`, "weak", "made up", "CC0-1.0"
	a, b, cost := make([]float64, n), num.NaNs(n), make([]float64, n)
	for i := range n {
		t.SampleID = append(t.SampleID, fmt.Sprintf("small/%04d", i))
		t.Task = append(t.Task, []string{"one", "two, or \"three\"", "naïve"}[i%3])
		t.Prompt = append(t.Prompt, fmt.Sprintf("How much is %d + %d?", i, i%7))
		t.Contaminated = append(t.Contaminated, i%50 == 49)
		a[i], cost[i] = float64(i%2), float64(i)/1024
		if i%4 != 0 {
			b[i] = float64(i%3) / 2
		}
	}
	t.FillFromPrompts()
	t.shareClusters()
	t.Quality = []Column{{t.Meta.Strong, a}, {"weak", b}}
	t.Extras = []Column{{"cost_usd:weak", cost}}
	return t
}

func bytesOf(t testing.TB, table *Table) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := table.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestWriteThenRead(t *testing.T) {
	for _, n := range []int{1, 2, 300, 9000} {
		want := smallTable(n)
		f, err := OpenBytes("small", bytesOf(t, want))
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.Read(Select{AllModels: true, Digests: true, Features: true, Prompts: true, Extras: true})
		if err != nil {
			t.Fatal(err)
		}
		if a, b := fmt.Sprintf("%v", got), fmt.Sprintf("%v", want); a != b {
			t.Fatalf("%d rows: read\n%.400s\nwrote\n%.400s", n, a, b)
		}
		if f.Rows() != n || !reflect.DeepEqual(f.Models(), []string{want.Meta.Strong, "weak"}) || f.Columns()[0] != "sample_id" {
			t.Errorf("%d rows, models %q, columns %q", f.Rows(), f.Models(), f.Columns())
		}
	}
}

func TestReadSelects(t *testing.T) {
	f, err := OpenBytes("small", bytesOf(t, smallTable(10)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Read(Select{Models: []string{"weak"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Quality) != 1 || got.Prompt != nil || got.HasPrompt || got.PromptSHA256 != nil || got.Features != nil || got.Extras != nil {
		t.Errorf("read more than was selected: %+v", got)
	}
	if got.Task[1] != `two, or "three"` || got.Contaminated == nil || got.Cluster[0] != "small/0000" {
		t.Errorf("fixed columns: %+v", got)
	}
	if _, err := f.Read(Select{Models: []string{"gpt-5"}}); err == nil || !strings.Contains(err.Error(), `"quality:gpt-5": missing`) {
		t.Errorf("a model that is not there: %v", err)
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	first := bytesOf(t, smallTable(5000))
	for range 3 {
		if !bytes.Equal(first, bytesOf(t, smallTable(5000))) {
			t.Fatal("equal tables gave different bytes")
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*Table){
		"no rows":                                   func(t *Table) { *t = Table{} },
		"in rows 1 and 2":                           func(t *Table) { t.SampleID[1] = t.SampleID[0] },
		`row 2, column "sample_id": found ""`:       func(t *Table) { t.SampleID[1] = "" },
		"found 1.5, expected":                       func(t *Table) { t.Quality[0].Values[1] = 1.5 },
		"found -Inf, expected":                      func(t *Table) { t.Extras[0].Values[1] = math.Inf(-1) },
		`row 2, column "feature:chars": found null`: func(t *Table) { t.Features[0].Values[1] = math.NaN() },
		`found "\xff", expe`:                        func(t *Table) { t.Task[1] = "\xff" },
		`found "abc", expected 64`:                  func(t *Table) { t.PromptSHA256[1] = "abc" },
		"2 rows, expected 3":                        func(t *Table) { t.Task = t.Task[:2] },
		"a unique, non-empty name":                  func(t *Table) { t.Quality[1].Name = t.Quality[0].Name },
	} {
		table := smallTable(3)
		spoil(table)
		path := filepath.Join(t.TempDir(), "x.parquet")
		if err := table.WriteFile(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: a file was written after the error", want)
		}
	}
}

func TestWriteColumnsManyGroups(t *testing.T) {
	n := groupRows + 3
	values := make([]float64, n)
	for i := range values {
		values[i] = float64(i)
	}
	path := filepath.Join(t.TempDir(), "x.parquet")
	var buf bytes.Buffer
	if err := WriteColumns(&buf, []AnyColumn{{Name: "score:a", Floats: values}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	next := 0
	err := StreamScores(path, "score:a", func(batch []float64) error {
		for _, v := range batch {
			if v != float64(next) {
				return fmt.Errorf("value %d is %v", next, v)
			}
			next++
		}
		return nil
	})
	if err != nil || next != n {
		t.Fatal(next, err)
	}
}

// TestLongPrompts checks that no long text is written beside its page, in a head that pyarrow finds too
// large. Neither heads nor the file's metadata are compressed: the latter has the least and the
// greatest text of each column once.
func TestLongPrompts(t *testing.T) {
	long := strings.Repeat("a long prompt ", 1<<17)
	var b bytes.Buffer
	columns := []AnyColumn{{Name: colPrompt, Strings: []string{long, long}}, {Name: "answer:m", Texts: []*string{&long, nil}}}
	if err := WriteColumns(&b, columns, nil); err != nil {
		t.Fatal(err)
	}
	if most := 9 * len(long) / 2; b.Len() > most {
		t.Errorf("two columns of texts of %d bytes take %d bytes, want at most %d", len(long), b.Len(), most)
	}
}
