package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

// raw writes rows of a struct type with parquet-go's own writer, which checks nothing.
func raw[T any](t testing.TB, rows []T, options ...parquet.WriterOption) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[T](&buf, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

type rawRow struct {
	ID      *string  `parquet:"sample_id,optional"`
	Prompt  *string  `parquet:"prompt,optional"`
	Digest  string   `parquet:"prompt_sha256"`
	Chars   *float64 `parquet:"feature:chars,optional"`
	Dirty   int32    `parquet:"contaminated"`
	Quality *float64 `parquet:"quality:m,optional"`
	Cost    *float64 `parquet:"cost_usd:m,optional"`
}

func rawRows() []rawRow {
	rows := make([]rawRow, 3)
	for i := range rows {
		id, prompt, v := string(rune('a'+i)), "p", float64(i)
		rows[i] = rawRow{ID: &id, Prompt: &prompt, Digest: SHA256Hex(prompt), Chars: &v, Quality: &v, Cost: &v}
	}
	return rows
}

func TestReadRefusesValues(t *testing.T) {
	text := func(s string) *string { return &s }
	number := func(v float64) *float64 { return &v }
	for want, spoil := range map[string]func(rows []rawRow){
		`row 2, column "sample_id": found null, expected a unique id`:                   func(r []rawRow) { r[1].ID = nil },
		`row 3, column "sample_id": found "", expected a unique id`:                     func(r []rawRow) { r[2].ID = text("") },
		`column "sample_id": "a" in rows 1 and 3, expected unique ids`:                  func(r []rawRow) { r[2].ID = text("a") },
		`row 3, column "sample_id": found the bytes "\xff\xfe", expected UTF-8`:         func(r []rawRow) { r[2].ID = text("\xff\xfe") },
		`row 2, column "prompt": found null`:                                            func(r []rawRow) { r[1].Prompt = nil },
		`row 1, column "prompt_sha256": found "abc", expected 64 lower-case hex digits`: func(r []rawRow) { r[0].Digest = "abc" },
		`row 2, column "feature:chars": found null, expected a finite number`:           func(r []rawRow) { r[1].Chars = nil },
		`row 2, column "feature:chars": found -Inf`:                                     func(r []rawRow) { r[1].Chars = number(math.Inf(-1)) },
		`row 3, column "contaminated": found 2, expected true or false`:                 func(r []rawRow) { r[2].Dirty = 2 },
		`row 2, column "quality:m": found NaN, expected a finite number, or null`:       func(r []rawRow) { r[1].Quality = number(math.NaN()) },
		`row 3, column "quality:m": found +Inf`:                                         func(r []rawRow) { r[2].Quality = number(math.Inf(1)) },
		`row 3, column "quality:m": found 2.5, expected a quality from 0 to 2`:          func(r []rawRow) { r[2].Quality = number(2.5) },
		`row 1, column "cost_usd:m": found NaN`:                                         func(r []rawRow) { r[0].Cost = number(math.NaN()) },
		"":                                                                              func(r []rawRow) { r[0].Quality, r[0].Cost = nil, nil },
	} {
		rows := rawRows()
		spoil(rows)
		data := raw(t, rows, parquet.KeyValueMetadata("routellm.min", "0"), parquet.KeyValueMetadata("routellm.max", "2"))
		f, err := OpenBytes("x.parquet", data)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Read(Select{AllModels: true, Digests: true, Features: true, Prompts: true, Extras: true})
		expectError(t, err, want, want != "" && !strings.Contains(want, "quality from"))
	}
}

// expectError checks that the error's text contains want and, if hinted, that it has a hint. If
// want is "", it checks that there is no error.
func expectError(t *testing.T, err error, want string, hinted bool) {
	t.Helper()
	var advice *hint.Error
	switch {
	case want == "" && err != nil:
		t.Errorf("error %v, want none", err)
	case want == "":
	case err == nil || !strings.Contains(err.Error(), want):
		t.Errorf("error %v, want one with %s", err, want)
	case hinted && (!errors.As(err, &advice) || len(advice.Hints) == 0 || strings.Contains(err.Error(), advice.Hints[0])):
		t.Errorf("error %v has no hint of its own", err)
	}
}

func TestOpenRefusesSchemas(t *testing.T) {
	for want, data := range map[string][]byte{
		`column "sample_id": missing, expected a text column`: raw(t, []struct {
			ID string `parquet:"id"`
		}{{"a"}}),
		`column "sample_id": found INT(64,true), expected text`: raw(t, []struct {
			ID int64 `parquet:"sample_id"`
		}{{1}}),
		`column "quality:m": found STRING, expected numbers`: raw(t, []struct {
			ID string `parquet:"sample_id"`
			Q  string `parquet:"quality:m"`
		}{{"a", "1"}}),
		`column "quality:m": found a repeated column, expected numbers`: raw(t, []struct {
			ID string    `parquet:"sample_id"`
			Q  []float64 `parquet:"quality:m"`
		}{{"a", []float64{1}}}),
		`column "feature:chars": found DATE, expected numbers`: raw(t, []struct {
			ID string `parquet:"sample_id"`
			Q  int32  `parquet:"feature:chars,date"`
		}{{"a", 1}}),
		`column "task": found a nested column, expected text`: raw(t, []struct {
			ID   string            `parquet:"sample_id"`
			Task struct{ X int64 } `parquet:"task"`
		}{{ID: "a"}}),
		`no rows, expected at least one sample`: raw(t, []rawRow{}),
		`schema version 99, expected at most 1`: raw(t, rawRows(), parquet.KeyValueMetadata("routellm.schema_version", "99")),
	} {
		_, err := OpenBytes("x.parquet", data)
		expectError(t, err, `"x.parquet": `+want, true)
	}
	for key, want := range map[string]string{"schema_version": "zero", "min": "NaN", "max": "x"} {
		_, err := OpenBytes("x.parquet", raw(t, rawRows(), parquet.KeyValueMetadata("routellm."+key, want)))
		expectError(t, err, `metadata "routellm.`+key+`": found "`+want, false)
	}
}

// TestReadDecimals reads qualities that are decimals in each of their forms.
func TestReadDecimals(t *testing.T) {
	schema := parquet.NewSchema("s", parquet.Group{
		"sample_id": parquet.String(), "quality:int": parquet.Decimal(2, 9, parquet.Int32Type), "quality:long": parquet.Decimal(1, 18, parquet.Int64Type),
		"quality:fixed": parquet.Optional(parquet.Decimal(3, 20, parquet.FixedLenByteArrayType(9))), "quality:bytes": parquet.Decimal(0, 20, parquet.ByteArrayType),
	})
	var buf bytes.Buffer
	w := parquet.NewWriter(&buf, schema)
	fixed := parquet.FixedLenByteArrayValue([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0x0c}) // -500
	if _, err := w.WriteRows([]parquet.Row{                                                               // columns by name
		{parquet.ByteArrayValue([]byte{0x80}).Level(0, 0, 0), fixed.Level(0, 1, 1), parquet.Int32Value(-7).Level(0, 0, 2), parquet.Int64Value(15).Level(0, 0, 3), parquet.ValueOf("a").Level(0, 0, 4)},
		{parquet.ByteArrayValue([]byte{1, 0}).Level(0, 0, 0), parquet.NullValue().Level(0, 0, 1), parquet.Int32Value(123).Level(0, 0, 2), parquet.Int64Value(0).Level(0, 0, 3), parquet.ValueOf("b").Level(0, 0, 4)},
	}); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	table, err := tryAll(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(table.Quality), "[{bytes [-128 256]} {fixed [-0.5 NaN]} {int [-0.07 1.23]} {long [1.5 0]}]"; got != want {
		t.Errorf("read %s, want %s", got, want)
	}
}

func TestOpenRefusesBytes(t *testing.T) {
	whole := bytesOf(t, smallTable(20))
	hostile := append([]byte("PAR1"), 0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07) // a list of 2^31 structs
	hostile = binary.LittleEndian.AppendUint32(hostile, 7)
	hostile = append(hostile, "PAR1"...)
	for want, data := range map[string][]byte{
		"empty file (0 bytes)":                          {},
		`not Parquet: the first four bytes`:             []byte("sample_id,quality:m\na,1\n"),
		`not Parquet: the first four bytes are "a,b\n"`: []byte("a,b\n1,2\n"), // shorter than any Parquet file
		`not Parquet: the first four bytes are "a"`:     []byte("a"),
		"cut short: the footer":                         []byte("PAR1"),
		"cut short":                                     whole[:len(whole)-1],
		"cut short: the footer at its end":              whole[:len(whole)/2],
		"damaged Parquet: malformed metadata":           hostile,
	} {
		_, err := OpenBytes("x.parquet", data)
		expectError(t, err, `"x.parquet": `+want, true)
	}
}

func TestReadCodecs(t *testing.T) {
	want, err := tryAll(raw(t, rawRows()))
	if err != nil {
		t.Fatal(err)
	}
	for _, codec := range []compress.Codec{&parquet.Lz4Raw, &parquet.Brotli, &parquet.Gzip, &parquet.Snappy, &parquet.Zstd} {
		got, err := tryAll(raw(t, rawRows(), parquet.Compression(codec)))
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, %+v", codec, err, got)
		}
	}
}

// TestOpenRefusesEncryptedFiles opens files whose footer is encrypted, and whose footer can
// be read.
func TestOpenRefusesEncryptedFiles(t *testing.T) {
	for _, footer := range []bool{true, false} {
		data := raw(t, rawRows(), &parquet.WriterConfig{Encryption: &parquet.EncryptionConfig{FooterKey: make([]byte, 16), EncryptedFooter: footer}})
		_, err := OpenBytes("x.parquet", data)
		expectError(t, err, `"x.parquet": unsupported Parquet: the file is encrypted`, true)
		if err != nil && strings.Contains(err.Error(), "damaged") {
			t.Errorf("error %v calls an encrypted file damaged", err)
		}
	}
}

func TestOpenFiles(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(filepath.Join(dir, "none.parquet"))
	if !errors.Is(err, os.ErrNotExist) || strings.Count(err.Error(), "none.parquet") != 1 {
		t.Errorf("no file: %v", err)
	}
	_, err = Open(dir)
	expectError(t, err, "is a directory", false)
	path := filepath.Join(dir, "x.parquet")
	if err := smallTable(5).WriteFile(path); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if f.Name() != path || f.Rows() != 5 || !f.HasColumn("prompt") || f.HasColumn("nope") || f.Meta().Name != "small" {
		t.Errorf("%q has %d rows and columns %q", f.Name(), f.Rows(), f.Columns())
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	data, _ := os.ReadFile(path)
	if digest, err := Digest(path); err != nil || digest != SHA256Hex(string(data)) {
		t.Error(digest, err)
	}
}

// TestFlippedBytes damages a file one byte at a time. Reading it may fail but must not panic.
func TestFlippedBytes(t *testing.T) {
	whole := bytesOf(t, smallTable(12))
	for at := range whole {
		data := bytes.Clone(whole)
		data[at] ^= 0xff
		tryAll(data)
	}
}

// tryAll opens a file in memory and reads all its columns.
func tryAll(data []byte) (*Table, error) {
	f, err := OpenBytes("fuzz", data)
	if err != nil {
		return nil, err
	}
	return f.Read(Select{AllModels: true, Digests: true, Features: true, Prompts: true, Extras: true, Embedding: true})
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("PAR1"))
	f.Add(bytesOf(f, smallTable(2)))
	f.Add(raw(f, rawRows()))
	f.Add(bytesOf(f, withVectors(2, 3)))
	f.Add(listFile[float64](f, []any{1.0, nil}, nil, []any{}))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := tryAll(data)
		if err != nil {
			return
		}
		n := table.Rows()
		for i, v := range table.Vectors {
			if len(table.Vectors) != n || len(v) == 0 || len(v) != table.Dim() {
				t.Fatalf("vector %d of %d has %d of %d elements", i, n, len(v), table.Dim())
			}
		}
		for _, c := range append(append(table.Quality, table.Features...), table.Extras...) {
			if len(c.Values) != n {
				t.Fatalf("column %q has %d of %d rows", c.Name, len(c.Values), n)
			}
		}
		if n == 0 || len(table.Task) != n || len(table.Cluster) != n || len(table.Contaminated) != n {
			t.Fatalf("%d rows: %+v", n, table)
		}
	})
}
