package rows

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

type parquetDoc struct {
	Question string   `parquet:"question"`
	Gold     *float64 `parquet:"gold,optional"`
}

type parquetRow struct {
	ID       int64       `parquet:"id"`
	Dotted   string      `parquet:"doc.question"`
	Doc      *parquetDoc `parquet:"doc,optional"`
	Messages []struct {
		Role    string `parquet:"role"`
		Content string `parquet:"content"`
	} `parquet:"messages,list"`
	Extra string `parquet:"extra,json"`
	Good  bool   `parquet:"good"`
}

func parquetRows3() []parquetRow {
	half := 0.5
	rows := make([]parquetRow, 3)
	for i := range rows {
		rows[i] = parquetRow{ID: 1<<60 + int64(i), Dotted: "own", Extra: `"text"`, Good: i == 1}
	}
	rows[0].Doc = &parquetDoc{"why?", &half}
	rows[1].Doc = &parquetDoc{"how?", nil}
	rows[1].Extra = `{"a": {"b": 7}}`
	for _, text := range []string{"first", "last"} {
		rows[2].Messages = append(rows[2].Messages, struct {
			Role    string `parquet:"role"`
			Content string `parquet:"content"`
		}{"user", text})
	}
	return rows
}

// parquetBytes writes rows in row groups of two.
func parquetBytes(t *testing.T, rows []parquetRow) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[parquetRow](&b, parquet.MaxRowsPerRowGroup(2))
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestParquet(t *testing.T) {
	data := parquetBytes(t, parquetRows3())
	var zipped strings.Builder
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte(data)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"a.parquet": data, "a.csv": data, "a.parquet.gz": zipped.String()} {
		path := write(t, name, content)
		for _, c := range []struct{ want, cells string }{
			{"id,good", `1 n"1152921504606846976" b"false"` + "\n" + `2 n"1152921504606846977" b"true"` + "\n" + `3 n"1152921504606846978" b"false"` + "\n"},
			{"doc.question,doc.gold", `1 t"own" n"0.5"` + "\n" + `2 t"own" -""` + "\n" + `3 t"own" -""` + "\n"},
			{`doc["question"]`, `1 t"why?"` + "\n" + `2 t"how?"` + "\n" + `3 -""` + "\n"},
			{"messages[-1].content,messages[0].role", `1 -"" -""` + "\n" + `2 -"" -""` + "\n" + `3 t"last" t"user"` + "\n"},
			{"extra,extra.a.b", `1 t"text" -""` + "\n" + `2 j"{\"a\": {\"b\": 7}}" n"7"` + "\n" + `3 t"text" -""` + "\n"},
			{"doc", `1 j"{\"question\":\"why?\",\"gold\":0.5}"` + "\n" + `2 j"{\"question\":\"how?\",\"gold\":null}"` + "\n" + `3 -""` + "\n"},
		} {
			got, err := dump(t, path, Options{}, strings.Split(c.want, ",")...)
			if err != nil || got != c.cells {
				t.Errorf("%s, %s: %v\n%s", name, c.want, err, got)
			}
		}
	}
}

func TestParquetRefuses(t *testing.T) {
	path := write(t, "a.parquet", parquetBytes(t, parquetRows3()))
	for _, want := range []string{"nothing", "doc.answer", "messages[7].content"} {
		if _, err := dump(t, path, Options{}, want); err == nil || !strings.Contains(err.Error(), "missing") {
			t.Errorf("%s: error %v", want, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	table, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	cancel()
	if err := table.Scan(ctx, []string{"id"}, func(Row) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

// sharedCase returns a file of a case, and skips the test where there are none.
func sharedCase(t *testing.T, elements ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared", "cases"}, elements...)...)
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		t.Skip("skipped: no ../shared")
	}
	return path
}

// TestParquetCases reads numbers of all types that pyarrow and pandas wrote, with all codecs.
func TestParquetCases(t *testing.T) {
	for name, measured := range map[string]int{"zstd": 60, "lz4": 60, "decimal": 60, "decimal_int": 60, "float16": 60, "dict": 60, "v2_nulls": 30,
		"views": 60, "pandas_index": 59, "ts": 60, "enc_bss": 60} {
		got, err := dump(t, sharedCase(t, "20-parquet-types", name+".parquet"), Options{}, "id", "prompt", "big", "small")
		rows := strings.Split(strings.TrimSpace(got), "\n")
		if missing := strings.Count(got, ` -""`); err != nil || len(rows) != 60 || missing != 60-measured {
			t.Errorf("%s: %d rows, %d missing: %v", name, len(rows), missing, err)
		}
	}
	got, err := dump(t, sharedCase(t, "10-hf-gpt4-dataset", "train-*.parquet"), Options{}, "prompt", "mixtral_score")
	if n := strings.Count(got, "\n"); err != nil || n != 80 {
		t.Errorf("the shards have %d rows: %v", n, err)
	}
}

// TestParquetConversations looks into lists of structs of lists, as Arena has them.
func TestParquetConversations(t *testing.T) {
	path := sharedCase(t, "08-arena140k-parquet", "human-preference.parquet")
	got, err := dump(t, path, Options{}, "id", "winner", "conversation_a[0].content[0].text", "conversation_a[0].role", "conv_metadata.turns")
	rows := strings.Split(strings.TrimSpace(got), "\n")
	if err != nil || len(rows) != 12 || strings.Count(got, `"both_bad"`) != 3 {
		t.Fatalf("%v\n%s", err, got)
	}
	for _, row := range rows {
		if !strings.Contains(row, ` t"user" n"`) || strings.Contains(row, ` -""`) || strings.Contains(row, ` t""`) {
			t.Errorf("row %s", row)
		}
	}
}
