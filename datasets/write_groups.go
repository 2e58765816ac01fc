package datasets

import (
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/routellm/routellm/internal/text"
)

// Limits of a row group, which the writer holds in memory. They depend on the rows alone, and
// not on the batches in which they come.
const (
	groupRows   = 1 << 17 // rows
	groupValues = 1 << 22 // values in one column, unless a single row holds more
	groupBytes  = 1 << 26 // bytes of all values, unless a single row holds more
)

// columnWriter writes columns that come in batches of rows. Equal rows give equal bytes, however
// they are cut into batches.
type columnWriter struct {
	w     io.Writer
	meta  map[string]string
	first []AnyColumn // the first row of the file: every batch needs the same columns
	group []AnyColumn // rows of the open row group
	size  int         // bytes of the values in group
	rows  int         // number of rows so far
	pw    any         // what [parquetOf] returns; nil at first
}

// parquetOf returns the writer of parquet-go. Its type is in no field and in no method, so that
// packages which use a [Writer] need not compile it: see layout in package parquetfile.
func parquetOf(w *columnWriter) *parquet.GenericWriter[any] {
	return w.pw.(*parquet.GenericWriter[any])
}

// write adds a batch. It may keep the columns' values until the writer is closed.
func (w *columnWriter) write(columns []AnyColumn) error {
	if err := w.check(columns); err != nil {
		return err
	}
	for from, n := 0, columns[0].rows(); from < n; {
		to, full := w.fits(columns, from)
		for i, c := range columns {
			w.group[i] = w.group[i].with(c.slice(from, to))
		}
		w.rows += to - from
		from = to
		if full {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// check checks a batch, by itself and against the first one.
func (w *columnWriter) check(columns []AnyColumn) error {
	if err := checkColumns(columns, w.rows); err != nil {
		return err
	}
	if w.first == nil {
		for _, c := range columns {
			w.first = append(w.first, c.head(1))
			w.group = append(w.group, c.head(0))
		}
	}
	for i, c := range w.first {
		switch {
		case i >= len(columns) || columns[i].Name != c.Name || columns[i].kind() != c.kind():
			return fmt.Errorf("row %d: expected the column %q, as in row 1", w.rows+1, c.Name)
		case columns[i].dim() != c.dim():
			return badCell{w.rows + 1, c.Name, text.Plural(columns[i].dim(), "element"), fmt.Sprintf("%d as in row 1", c.dim())}
		}
	}
	if len(columns) > len(w.first) {
		return fmt.Errorf("row %d: column %q: row 1 has no such column", w.rows+1, columns[len(w.first)].Name)
	}
	return nil
}

// fits returns the end of the rows from row from on that the open group still takes, and whether
// they fill it.
func (w *columnWriter) fits(columns []AnyColumn, from int) (to int, full bool) {
	limit := groupRows
	for _, c := range columns {
		limit = min(limit, max(1, groupValues/c.perRow()))
	}
	to, limit = from, limit-w.group[0].rows()
	for to < columns[0].rows() && !full {
		for _, c := range columns {
			w.size += c.size(to)
		}
		to++
		full = to-from == limit || w.size >= groupBytes
	}
	return to, full
}

// flush writes the open group. The first one decides which columns get a dictionary.
func (w *columnWriter) flush() error {
	if w.pw == nil {
		w.open()
	}
	for i, cw := range parquetOf(w).ColumnWriters() {
		if err := writeValues(cw, w.group[i]); err != nil {
			return fmt.Errorf("column %q: %w", w.group[i].Name, err)
		}
		w.group[i] = w.group[i].head(0)
	}
	w.size = 0
	return parquetOf(w).Flush()
}

func (w *columnWriter) open() {
	options := []parquet.WriterOption{
		parquet.NewSchema("samples", schemaOf(w.group)), parquet.CreatedBy("routellm", "1", "0"),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedBetterCompression}),
	}
	for key, value := range w.meta { // parquet-go sorts them
		options = append(options, parquet.KeyValueMetadata(key, value))
	}
	for _, c := range w.group {
		// The head of a page repeats its least and its greatest value twice, and pyarrow takes heads
		// of at most 16 MB. Only these columns hold long texts.
		if c.Texts != nil || c.Name == colPrompt {
			options = append(options, parquet.SkipPageStatistics(c.Name))
		}
	}
	w.pw = parquet.NewGenericWriter[any](w.w, options...)
}

// close writes the last group and completes the file.
func (w *columnWriter) close() error {
	if w.pw == nil || w.group[0].rows() > 0 {
		if err := w.flush(); err != nil {
			return err
		}
	}
	return parquetOf(w).Close()
}

// writeValues writes a column in slices of about 4096 values or a mebibyte of text.
func writeValues(cw *parquet.ColumnWriter, c AnyColumn) error {
	const most, mostBytes = 4096, 1 << 20
	var scratch []byte
	values, rows := make([]parquet.Value, 0, most), 0
	for i := range c.rows() {
		values, scratch = c.appendRow(values, scratch, i)
		if rows++; rows < max(1, most/c.perRow()) && len(scratch) < mostBytes && i < c.rows()-1 {
			continue
		}
		if _, err := cw.WriteRowValues(values); err != nil {
			return err
		}
		values, scratch, rows = values[:0], scratch[:0], 0
	}
	return nil
}

// appendRow appends the values of row i. The bytes of a text are appended to scratch.
func (c AnyColumn) appendRow(values []parquet.Value, scratch []byte, i int) ([]parquet.Value, []byte) {
	before := len(scratch)
	switch {
	case c.Strings != nil:
		scratch = append(scratch, c.Strings[i]...)
		values = append(values, parquet.ByteArrayValue(scratch[before:]))
	case c.Texts != nil && c.Texts[i] == nil:
		values = append(values, parquet.NullValue())
	case c.Texts != nil:
		scratch = append(scratch, *c.Texts[i]...)
		values = append(values, parquet.ByteArrayValue(scratch[before:]).Level(0, 1, 0))
	case c.Bytes != nil:
		scratch = append(scratch, c.Bytes[i]...)
		values = append(values, parquet.FixedLenByteArrayValue(scratch[before:]))
	case c.Bools != nil:
		values = append(values, parquet.BooleanValue(c.Bools[i]))
	case c.Vectors != nil:
		for k, x := range c.Vectors[i] {
			values = append(values, parquet.FloatValue(x).Level(min(k, 1), 1, 0))
		}
	case math.IsNaN(c.Floats[i]):
		values = append(values, parquet.NullValue())
	default:
		values = append(values, parquet.DoubleValue(c.Floats[i]).Level(0, 1, 0))
	}
	return values, scratch
}
