// Package parquetappend copies Parquet files and adds columns to them.
//
// The bytes of the file's columns stay as they are, at the places where they were, whatever their
// types and encodings are. The new columns follow them, in the same row groups, and a new footer
// lists them last. [New] copies the file, [Writer.Write] takes the new columns' rows, and
// [Writer.Close] writes the footer.
package parquetappend

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/text"
)

// Column is a column to add, of nullable doubles or of nullable texts.
type Column struct {
	Name string
	Text bool
}

// Values holds rows of an added column.
type Values struct {
	Floats []float64 // finite numbers, or NaN, which is written as null
	Texts  []*string // texts, or nil, which is written as null; nil itself for a column of numbers
}

// Options says what is added to a file.
type Options struct {
	Columns []Column
	// Meta is added to the key/value metadata, and replaces entries of the same keys.
	Meta map[string]string
	// KeyValue, if non-nil, returns what becomes of another entry of the metadata, such as a schema
	// that lists the columns: its new value, or false to leave it out.
	KeyValue func(key, value string) (string, bool)
}

// Writer adds columns to a copy of a file. Get one from [New].
type Writer struct {
	options Options
	out     *bufio.Writer
	start   int64     // size of the copied bytes
	groups  []int64   // rows of each row group
	footer  structure // footer of the file that was copied
	group   int       // row group that is being written
	rows    int64     // rows of that group so far
	tail    tail
	columns *parquet.GenericWriter[any]
	remove  func() // removes temporary files; nil if there are none
}

// memoryBytes is the size of a row group's new columns from which they are kept in temporary files.
// Tests change it.
var memoryBytes int64 = 32 << 20

// New copies the file of size bytes in in to out. Errors of in say what is wrong with the file, and
// do not name it.
func New(out io.Writer, in io.ReaderAt, size int64, o Options) (*Writer, error) {
	meta, raw, err := parquetcheck.RawFooter(in, size)
	if err != nil {
		return nil, err
	}
	w := &Writer{options: o, out: bufio.NewWriterSize(out, 1<<16), start: size - 8 - int64(len(raw))}
	if w.footer, err = decode(raw); err != nil {
		return nil, parquetcheck.Damaged(err)
	}
	for _, group := range meta.RowGroups {
		w.groups = append(w.groups, group.Rows)
	}
	if err := w.open(); err != nil {
		return nil, err
	}
	if _, err := io.Copy(w.out, io.NewSectionReader(in, 0, w.start)); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// open opens the writer of the new columns. Its bytes follow the copied ones.
func (w *Writer) open() error {
	w.tail.out = w.out
	options := []parquet.WriterOption{
		parquet.NewSchema("columns", schemaOf(w.options.Columns)), parquet.WriteBufferSize(0),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}),
	}
	if w.largest() > memoryBytes {
		dir, remove, err := outfile.TempDir("routellm-columns-*")
		if err != nil {
			return err
		}
		w.remove = remove
		options = append(options, parquet.ColumnPageBuffers(parquet.NewFileBufferPool(dir, "pages-*")))
	}
	w.columns = parquet.NewGenericWriter[any](&w.tail, options...)
	return nil
}

// largest returns the size of the largest row group's new columns, at 64 bytes per text.
func (w *Writer) largest() int64 {
	perRow := int64(0)
	for _, c := range w.options.Columns {
		if perRow += 8; c.Text {
			perRow += 64
		}
	}
	return perRow * slices.Max(append([]int64{0}, w.groups...))
}

// Write adds rows of the new columns, as many of each column. They fill row group after row group.
func (w *Writer) Write(columns []Values) error {
	n := max(len(columns[0].Floats), len(columns[0].Texts))
	for from := 0; from < n; {
		w.nextGroup()
		if w.group == len(w.groups) {
			return fmt.Errorf("more rows than the file's %d", w.total())
		}
		to := from + int(min(int64(n-from), w.groups[w.group]-w.rows))
		for i, c := range w.columns.ColumnWriters() {
			if err := writeValues(c, columns[i], from, to); err != nil {
				return fmt.Errorf("column %q: %w", w.options.Columns[i].Name, err)
			}
		}
		w.rows += int64(to - from)
		from = to
		if w.rows == w.groups[w.group] {
			if err := w.columns.Flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// nextGroup goes to the next row group that lacks rows.
func (w *Writer) nextGroup() {
	for w.group < len(w.groups) && w.rows == w.groups[w.group] {
		w.group, w.rows = w.group+1, 0
	}
}

func (w *Writer) total() (n int64) {
	for _, rows := range w.groups {
		n += rows
	}
	return n
}

// writeValues writes some of a column's rows.
func writeValues(w *parquet.ColumnWriter, v Values, from, to int) error {
	values := make([]parquet.Value, 0, to-from)
	for i := from; i < to; i++ {
		switch {
		case v.Texts != nil && v.Texts[i] != nil:
			values = append(values, parquet.ByteArrayValue([]byte(*v.Texts[i])).Level(0, 1, 0))
		case v.Texts != nil || math.IsNaN(v.Floats[i]):
			values = append(values, parquet.NullValue())
		default:
			values = append(values, parquet.DoubleValue(v.Floats[i]).Level(0, 1, 0))
		}
	}
	_, err := w.WriteRowValues(values)
	return err
}

// Close completes the file. Rows that are missing are an error. It does not close the underlying
// writer.
func (w *Writer) Close() error {
	defer w.Abort()
	if w.nextGroup(); w.group < len(w.groups) {
		return fmt.Errorf("%s of the file's %d are missing", text.Plural(int(w.groups[w.group]-w.rows), "row"), w.total())
	}
	end := bytes.Buffer{}
	w.tail.out = &end // the new columns' own footer, which becomes a part of the file's
	if err := w.columns.Close(); err != nil {
		return err
	}
	added, err := ownFooter(end.Bytes())
	if err != nil {
		return err
	}
	if _, err := w.out.Write(w.merged(added)); err != nil {
		return err
	}
	return w.out.Flush()
}

// Abort removes temporary files. After Close it does nothing.
func (w *Writer) Abort() {
	if w.remove != nil {
		w.remove()
		w.remove = nil
	}
}

// tail takes the bytes of the new columns' writer, but for the mark at the beginning of a file.
type tail struct {
	out     io.Writer
	skipped int
}

func (t *tail) Write(p []byte) (int, error) {
	skip := min(len(mark)-t.skipped, len(p))
	t.skipped += skip
	n, err := t.out.Write(p[skip:])
	return skip + n, err
}
