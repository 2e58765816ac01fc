package parquetfile

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// expectError checks that the error's text begins with want, and has a hint.
func expectError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), want) || len(hint.Of(err)) == 0 {
		t.Errorf("error %v with hints %q, want one that begins with %s", err, hint.Of(err), want)
	}
}

// takeCells reads all cells of a column.
func takeCells(t *testing.T, f *File, name string) ([]Cell, error) {
	t.Helper()
	c, err := f.Cells(name)
	if err != nil {
		return nil, err
	}
	return c.Take(f.Rows())
}

// TestNotUTF8NamesTheRow reads bytes that are not UTF-8 after nulls, in plain and dictionary
// pages and in lists.
func TestNotUTF8NamesTheRow(t *testing.T) {
	type row struct {
		Plain  *string  `parquet:"plain,optional"`
		Dict   *string  `parquet:"dict,optional,dict"`
		Nested []string `parquet:"nested,list"`
	}
	good, bad := "good", "\xffbad"
	rows := []row{{&good, &good, nil}, {nil, nil, []string{good, good}}, {&bad, &bad, []string{good, bad}}, {&bad, &bad, nil}}
	f := opened(t, written(t, rows))
	for _, name := range f.Columns() {
		_, err := takeCells(t, f, name)
		expectError(t, err, `"x.parquet": row 3, column "`+name+`": found the bytes "\xffbad", expected UTF-8`)
	}
	_, err := f.Texts("dict").Take(4)
	expectError(t, err, `"x.parquet": row 3, column "dict": found the bytes`)
	if cells, err := takeCells(t, opened(t, written(t, rows[:2])), "dict"); err != nil || cells[0].Text != good || cells[1].Kind != Missing {
		t.Errorf("%v, %v", cells, err)
	}
}

func TestRefusesCodecs(t *testing.T) {
	for codec, name := range map[format.CompressionCodec]string{format.Lz4: "LZ4", format.LZO: "LZO"} {
		f := opened(t, written(t, deepRows(3)))
		for i := range layoutOf(f).meta.RowGroups[0].Columns {
			layoutOf(f).meta.RowGroups[0].Columns[i].Chunk.Codec = codec
		}
		for _, column := range []string{"id", "messages"} {
			_, err := takeCells(t, f, column)
			expectError(t, err, `"x.parquet": unsupported Parquet: column "`+column+`": compressed by `+name+`, expected zstd`)
		}
	}
}

func TestRefusesTypes(t *testing.T) {
	var buf bytes.Buffer
	w := parquet.NewWriter(&buf, parquet.NewSchema("s", parquet.Group{
		"doc": parquet.BSON(), "wrap": parquet.Group{"inner": parquet.BSON(), "other": parquet.String()},
	}))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f := opened(t, buf.Bytes())
	_, err := f.Cells("doc")
	expectError(t, err, `"x.parquet": column "doc": found BSON, expected text, numbers, times`)
	_, err = f.Cells("wrap")
	expectError(t, err, `"x.parquet": column "wrap.inner": found BSON`)
	if c, err := f.Cells("wrap", "other"); err != nil || c.Name() != "wrap.other" {
		t.Errorf("a field beside one that cannot be read: %v", err)
	}
	if _, err := f.ReadText("doc"); err == nil || !strings.Contains(err.Error(), "found BSON, expected text or numbers") {
		t.Errorf("error %v", err)
	}
}

// TestKeyWithoutValue reads key/value metadata whose value is absent, which the format allows.
func TestKeyWithoutValue(t *testing.T) {
	data := written(t, deepRows(3), parquet.KeyValueMetadata("key", "v"), parquet.KeyValueMetadata("other", "w"))
	field := []byte("\x18\x01v") // field 2, a text of 1 byte
	at := bytes.Index(data, append([]byte("\x18\x03key"), field...))
	if at < 0 {
		t.Fatal("no such key")
	}
	at += len("\x18\x03key")
	length := binary.LittleEndian.Uint32(data[len(data)-8:])
	data = append(data[:at:at], data[at+len(field):]...)
	binary.LittleEndian.PutUint32(data[len(data)-8:], length-uint32(len(field)))
	f := opened(t, data)
	if v, ok := f.Lookup("key"); !ok || v != "" {
		t.Errorf("%q, %v", v, ok)
	}
	if v, ok := f.Lookup("other"); !ok || v != "w" {
		t.Errorf("%q, %v", v, ok)
	}
}

func TestNoRows(t *testing.T) {
	f := opened(t, written(t, deepRows(0)))
	for _, name := range f.Columns() {
		if cells, err := takeCells(t, f, name); err != nil || len(cells) != 0 {
			t.Errorf("%s: %v, %v", name, cells, err)
		}
	}
}

// TestHostileCounts decodes bytes that claim more values than they can hold.
func TestHostileCounts(t *testing.T) {
	huge := binary.AppendUvarint(nil, 1<<62)
	if _, err := runs(nil, append(huge, 1), 1, 10); err != errRuns {
		t.Errorf("runs: %v", err)
	}
	if _, err := indexes(nil, append([]byte{4}, append(huge, 1)...), 10); err != errRuns {
		t.Errorf("indexes: %v", err)
	}
	if _, err := indexes(nil, []byte{33, 2, 0}, 1); err != errRuns {
		t.Errorf("indexes of 33 bits: %v", err)
	}
	header := append([]byte{0x80, 1, 4}, append(huge, 0)...)
	if _, err := skipDeltas(header, 64, 10); err != errRuns {
		t.Errorf("deltas: %v", err)
	}
	if _, err := skipDeltas([]byte{0x80, 1, 4, 10, 0, 0, 65, 0, 0, 0}, 64, 10); err != errRuns {
		t.Errorf("deltas of 65 bits: %v", err)
	}
	for _, codec := range codecs {
		if _, err := decompress(nil, []byte{0x80, 0x80, 0x80, 0x80, 4, 0}, codec, 1<<30); err != errCompressed {
			t.Errorf("%s: %v", codec, err)
		}
	}
}
