package parquetcheck

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/routellm/routellm/internal/hint"
)

// sample returns a small Parquet file and its metadata.
func sample(t testing.TB) ([]byte, *Metadata) {
	t.Helper()
	type row struct {
		ID    string   `parquet:"id,dict"`
		Value *float64 `parquet:"value,optional"`
	}
	v := 0.5
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[row](&buf)
	if _, err := w.Write([]row{{"a", &v}, {"b", nil}, {"a", &v}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	m, err := Footer(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), m
}

// withFooter returns a file that holds nothing but the footer.
func withFooter(footer ...byte) []byte {
	out := append([]byte(magic), footer...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(footer)))
	return append(out, magic...)
}

// readPages reads all page headers of a chunk.
func readPages(r io.ReaderAt, c *Chunk, values int64) error {
	at, end := c.Start(), c.Start()+c.Size
	var buf []byte
	for values > 0 {
		if at >= end {
			return ErrShortColumn
		}
		h, err := ReadPageHeader(r, at, end, values, &buf)
		if err != nil {
			return err
		}
		if at += h.Size + h.Compressed; h.Type != format.DictionaryPage {
			values -= h.Values
		}
	}
	return nil
}

func TestAcceptsWrittenFile(t *testing.T) {
	data, m := sample(t)
	for i := range m.RowGroups[0].Columns {
		if err := readPages(bytes.NewReader(data), &m.RowGroups[0].Columns[i].Chunk, 3); err != nil {
			t.Errorf("column %d: %v", i, err)
		}
	}
}

func TestFooterRefuses(t *testing.T) {
	whole, _ := sample(t)
	for want, data := range map[string][]byte{
		"empty file (0 bytes)":                      {},
		`the first four bytes are "a,b\n"`:          []byte("a,b\n1,2\n"),
		`the first four bytes are "PA"`:             []byte("PA"),
		"cut short":                                 whole[:len(whole)-1],
		"cut short: the footer at its end":          append([]byte(magic), "\xff\xff\xff\xffPAR1"...),
		"damaged Parquet: malformed metadata":       withFooter(0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07), // a list of 2^31 structs
		"damaged Parquet: malformed metadata\x00":   withFooter(0x18, 0x7f),                               // a text of 127 bytes
		"damaged Parquet: malformed metadata\x00 2": withFooter(0x1b),                                     // a map
		"damaged Parquet: malformed metadata\x00 3": withFooter(bytes.Repeat([]byte{0x1c}, 1000)...),      // structs 1,000 deep
		"damaged Parquet: malformed metadata\x00 4": withFooter(append([]byte{0x19}, bytes.Repeat([]byte{0x19}, 1000)...)...),
	} {
		_, err := Footer(bytes.NewReader(data), int64(len(data)))
		want, _, _ = strings.Cut(want, "\x00")
		hints := 1
		if errors.Is(err, ErrNotParquet) { // the caller knows what the file should have been
			hints = 0
		}
		if err == nil || !strings.Contains(err.Error(), want) || len(hint.Of(err)) != hints {
			t.Errorf("error %v with hints %q, want %d and %q", err, hint.Of(err), hints, want)
		}
	}
}

type failingReader struct{ err error }

func (r failingReader) ReadAt([]byte, int64) (int, error) { return 0, r.err }

func TestFooterReturnsReadErrors(t *testing.T) {
	failed := errors.New("disk failed")
	if _, err := Footer(failingReader{failed}, 100); err != failed {
		t.Errorf("error %v, want %v as it is", err, failed)
	}
}

func TestCheckRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(m *Metadata)
		want  string
	}{
		"negative rows":  {func(m *Metadata) { m.RowGroups[0].Rows = -3 }, "negative number of rows"},
		"other total":    {func(m *Metadata) { m.Rows = 4 }, "4 rows in"},
		"too many rows":  {func(m *Metadata) { m.Rows, m.RowGroups[0].Rows = 1<<40, 1<<40 }, "1,099,511,627,776 rows in"},
		"start":          {func(m *Metadata) { m.RowGroups[0].Columns[0].Chunk.Data = -1 }, "outside the file"},
		"size":           {func(m *Metadata) { m.RowGroups[0].Columns[1].Chunk.Size = 1 << 40 }, "outside the file"},
		"values below 0": {func(m *Metadata) { m.RowGroups[0].Columns[1].Chunk.Values = -1 }, "-1 values in"},
		"many values":    {func(m *Metadata) { m.RowGroups[0].Columns[1].Chunk.Values = 1 << 50 }, "values in"},
		"size below 0":   {func(m *Metadata) { m.RowGroups[0].Columns[1].Chunk.Size = -1 }, "outside the file"},
		"start too late": {func(m *Metadata) { m.RowGroups[0].Columns[1].Chunk.Data = math.MaxInt64 }, "outside the file"},
		"a sum that overflows": {func(m *Metadata) {
			m.RowGroups = append(m.RowGroups, m.RowGroups[0])
			m.RowGroups[0].Rows, m.RowGroups[1].Rows, m.Rows = 1<<62, 1<<62, math.MinInt64
		}, "4,611,686,018,427,387,904 rows in"},
	} {
		data, m := sample(t)
		c.spoil(m)
		err := m.check(int64(len(data)))
		if err == nil || !strings.HasPrefix(err.Error(), "damaged Parquet: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

// TestUnsupportedIsNotDamage reads sound files that use what this program does not read.
func TestUnsupportedIsNotDamage(t *testing.T) {
	data, m := sample(t)
	m.RowGroups[0].Columns[0].FilePath = "part.0.parquet"
	_, encrypted := Footer(strings.NewReader("PARE...PARE"), 11)
	for want, err := range map[string]error{
		"unsupported Parquet: its columns lie in other files":                 m.check(int64(len(data))),
		"unsupported Parquet: the file is encrypted":                          encrypted,
		"unsupported Parquet: column \"a\": compressed by LZO, expected zstd": Damaged(fmt.Errorf("column %q: %w", "a", Codec(format.LZO))),
		"unsupported Parquet: column \"a\": encoded by BIT_PACKED":            Damaged(fmt.Errorf("column %q: %w", "a", Encoding(format.BitPacked))),
		"open x: no space": Damaged(&fs.PathError{Op: "open", Path: "x", Err: errors.New("no space")}),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.HasPrefix(want, "unsupported") != (len(hint.Of(err)) == 1) {
			t.Errorf("error %v with hints %q, want %q", err, hint.Of(err), want)
		}
	}
}

// appendField appends an integer field of a Thrift struct, whose id is delta above the
// id of the field before it.
func appendField(b []byte, delta byte, v int64) []byte {
	return binary.AppendVarint(append(b, delta<<4|thriftI64), v)
}

// dataPage returns the header of a data page with these claims.
func dataPage(uncompressed, compressed, values int64) []byte {
	b := appendField(nil, 1, 0)
	b = appendField(b, 1, uncompressed)
	b = appendField(b, 1, compressed)
	b = append(b, 2<<4|thriftStruct) // field 5
	return append(appendField(b, 1, values), 0, 0)
}

// dictionaryPage returns the header of a dictionary page without bytes behind it.
func dictionaryPage(uncompressed, values int64) []byte {
	b := appendField(nil, 1, 2)
	b = appendField(b, 1, uncompressed)
	b = appendField(b, 1, 0)
	b = append(b, 4<<4|thriftStruct) // field 7
	return append(appendField(b, 1, values), 0, 0)
}

func TestPages(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"one page":                 {dataPage(8, 0, 3), nil},
		"two pages":                {append(dataPage(8, 0, 1), dataPage(8, 0, 2)...), nil},
		"dictionary":               {append(dictionaryPage(1, 8), dataPage(8, 0, 3)...), nil},
		"no page":                  {nil, ErrShortColumn},
		"too few values":           {dataPage(8, 0, 2), ErrShortColumn},
		"too many values":          {dataPage(8, 0, 4), errPageHeader},
		"negative values":          {dataPage(8, 0, -1), errPageHeader},
		"page behind the end":      {dataPage(8, 1, 3), errPageHeader},
		"offset that overflows":    {dataPage(8, math.MaxInt64, 3), errPageHeader},
		"negative compressed size": {dataPage(8, -1, 3), errPageHeader},
		"negative size":            {dataPage(-1, 0, 3), errPageHeader},
		"page of 2 GiB":            {dataPage(1<<31, 0, 3), errPageHeader},
		"dictionary of too many":   {append(dictionaryPage(1, 9), dataPage(8, 0, 3)...), errPageHeader},
		"half a header":            {dataPage(8, 0, 3)[:5], errMalformed},
	} {
		chunk := &Chunk{Size: int64(len(c.data))}
		if err := readPages(bytes.NewReader(c.data), chunk, 3); err != c.want {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
	}
}

// TestLongPageHeader reads a header that is longer than the first read: writers put the
// smallest and largest values of a page into it.
func TestLongPageHeader(t *testing.T) {
	b := appendField(appendField(appendField(nil, 1, 0), 1, 8), 1, 0)
	b = append(b, 2<<4|thriftStruct) // field 5
	b = append(appendField(b, 1, 3), 4<<4|thriftStruct, 1<<4|thriftBinary)
	b = append(binary.AppendUvarint(b, 5000), make([]byte, 5000)...)
	b = append(b, 0, 0, 0)
	if err := readPages(bytes.NewReader(b), &Chunk{Size: int64(len(b))}, 3); err != nil {
		t.Error(err)
	}
}

// FuzzPages checks that no bytes make the checks panic or read outside the chunk.
func FuzzPages(f *testing.F) {
	data, _ := sample(f)
	f.Add(data, int64(4))
	f.Add(dataPage(8, 0, 3), int64(0))
	f.Fuzz(func(t *testing.T, data []byte, start int64) {
		size := int64(len(data))
		Footer(bytes.NewReader(data), size)
		if start < 0 || start > size {
			return
		}
		readPages(bytes.NewReader(data), &Chunk{Data: start, Size: size - start}, 1000)
	})
}
