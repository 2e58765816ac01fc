package parquetfile

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
)

type deepRow struct {
	ID       string           `parquet:"id,dict"`
	Quality  *float64         `parquet:"quality,optional"`
	Good     bool             `parquet:"good"`
	Price    int64            `parquet:"price,decimal(2:18)"`
	When     int64            `parquet:"when,timestamp"`
	Delta    int32            `parquet:"delta,delta"`
	Text     string           `parquet:"text,delta"`
	Split    float32          `parquet:"split,split"`
	Tags     map[string]int64 `parquet:"tags"`
	Messages []deepMessage    `parquet:"messages,list"`
	Doc      *deepMessage     `parquet:"doc,optional"`
	Old      []string         `parquet:"old"`
}

type deepMessage struct {
	Role  string    `parquet:"role"`
	Parts []*string `parquet:"parts,list,optional"`
}

func deepRows(n int) []deepRow {
	rows := make([]deepRow, n)
	for i := range rows {
		text, quality := string(rune('a'+i%26)), float64(i)/4
		rows[i] = deepRow{ID: text, Good: i%3 == 0, Price: int64(i * 5), When: int64(i) << 40, Delta: int32(i * i), Text: text + text, Split: float32(i)}
		if i%4 > 0 {
			rows[i].Quality, rows[i].Doc = &quality, &deepMessage{Role: text}
			rows[i].Tags = map[string]int64{text: int64(i)}
		}
		for k := range i % 3 {
			rows[i].Messages = append(rows[i].Messages, deepMessage{Role: "user", Parts: []*string{&text, nil}[:k+1]})
			rows[i].Old = append(rows[i].Old, text)
		}
	}
	return rows
}

// readAll reads all columns in all ways.
func readAll(data []byte) error {
	f, err := New("fuzz", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	var first error
	keep := func(err error) {
		if first == nil {
			first = err
		}
	}
	for _, name := range f.Columns() {
		if c, err := f.Cells(name); err != nil {
			keep(err)
		} else {
			_, err = c.Take(f.Rows())
			keep(err)
		}
		if f.IsNumber(name) {
			_, err := f.Floats(name).Take(f.Rows())
			keep(err)
		}
		if c, err := f.Lists(name); err == nil {
			_, err = c.Take(f.Rows())
			keep(err)
		}
		for _, field := range f.Fields(name) {
			if c, err := f.Cells(name, field); err == nil {
				_, err = c.Take(f.Rows())
				keep(err)
			}
		}
	}
	return first
}

// TestDamagedBytes damages files of all encodings one byte at a time. Reading them may fail but
// must not panic, hang or take much memory.
func TestDamagedBytes(t *testing.T) {
	for _, options := range [][]parquet.WriterOption{
		{parquet.DataPageVersion(1), parquet.PageBufferSize(64)}, {parquet.DataPageVersion(2), parquet.Compression(&parquet.Snappy)},
	} {
		whole := written(t, deepRows(9), options...)
		if err := readAll(whole); err != nil {
			t.Fatal(err)
		}
		for at := range whole {
			for _, flip := range []byte{0xff, 0x01, 0x80} {
				data := bytes.Clone(whole)
				data[at] ^= flip
				readAll(data)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, deepRows(9)))
	f.Add(written(f, deepRows(9), parquet.DataPageVersion(1), parquet.PageBufferSize(64)))
	for _, name := range []string{"v2", "legacy"} {
		data, err := os.ReadFile(filepath.Join("testdata", "spark", name+".parquet"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(_ *testing.T, data []byte) { readAll(data) })
}
