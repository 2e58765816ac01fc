package filter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetappend"
	"github.com/routellm/routellm/datasets/internal/parquetcheck"
	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/datasets/rows"
)

// Keys of the metadata of a filtered file: how it was made, and the digest of the footer of the file
// that was filtered. The footer tells files apart without reading them, since it has the place, the
// size and the bounds of every column of every row group.
const metaHow, metaSource = "routellm.filter", "routellm.filter_source_sha256"

// parquetFile is a Parquet file that is filtered.
type parquetFile struct {
	path string
	in   *os.File
	size int64
	file *parquetfile.File
}

// openParquet opens a file. Its errors name the file.
func openParquet(path string) (*parquetFile, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, parquetfile.InFile(path, err)
	}
	f := &parquetFile{path: path, in: in}
	info, err := in.Stat()
	if err == nil {
		f.size = info.Size()
		f.file, err = parquetfile.New(path, in, f.size)
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	return f, nil
}

// meta returns the metadata of the file that is made of this one in the given way.
func (f *parquetFile) meta(how string) (map[string]string, error) {
	_, raw, err := parquetcheck.RawFooter(f.in, f.size)
	if err != nil {
		return nil, named(f.path, err)
	}
	digest := sha256.Sum256(raw)
	return map[string]string{metaHow: how, metaSource: hex.EncodeToString(digest[:])}, nil
}

// Parquet filters the Parquet file at path into out. how says how, for the metadata: it must be the
// same where the scores are. Errors name the file.
func Parquet(ctx context.Context, path, how string, out io.Writer, o Options) (Count, error) {
	f, err := openParquet(path)
	if err != nil {
		return Count{}, err
	}
	defer f.in.Close()
	if err := o.check(f.file.Columns()); err != nil {
		return Count{}, named(path, err)
	}
	meta, err := f.meta(how)
	if err != nil {
		return Count{}, err
	}
	w, err := parquetappend.New(out, f.in, f.size, parquetappend.Options{Columns: o.columnsToAdd(), Meta: meta, KeyValue: o.keyValue})
	if err != nil {
		return Count{}, named(path, err)
	}
	defer w.Abort()
	count, err := o.run(ctx, func(ctx context.Context, emit func(*chunk) error) error {
		return f.read(o, emit, w.Write)
	}, nil)
	if err == nil {
		err = w.Close()
	}
	count.First = named(path, count.First)
	return count, named(path, err)
}

// columnsToAdd describes the new columns.
func (o Options) columnsToAdd() []parquetappend.Column {
	var out []parquetappend.Column
	for i, name := range o.columnNames() {
		out = append(out, parquetappend.Column{Name: name, Text: o.isText(i)})
	}
	return out
}

// read passes the file's rows.
func (f *parquetFile) read(o Options, emit func(*chunk) error, write func([]values) error) error {
	cursor, err := f.file.Bytes(o.Prompt)
	if err != nil {
		return err
	}
	total := f.file.Rows()
	for row := 0; row < total; {
		c := &chunk{first: row, write: write}
		for !c.full() && row < total {
			cells, err := cursor.Take(min(64, total-row))
			if err != nil {
				return err
			}
			for _, cell := range cells {
				c.add(rows.Cell{Kind: kinds[cell.Kind], Text: cell.Text})
			}
			row += len(cells)
		}
		if err := emit(c); err != nil {
			return err
		}
		if o.Progress != nil {
			o.Progress(row, total)
		}
	}
	return nil
}

// kinds gives the kind of a Parquet file's cell in a table of any format.
var kinds = [...]rows.Kind{
	parquetfile.Missing: rows.Missing, parquetfile.Text: rows.Text, parquetfile.Number: rows.Number, parquetfile.Bool: rows.Bool, parquetfile.JSON: rows.JSON,
}

// Complete reports whether the file at out is what [Parquet] makes of the file at path in the same
// way. A file at out that does not exist, or is damaged, is not.
func Complete(path, how, out string) (bool, error) {
	f, err := openParquet(path)
	if err != nil {
		return false, err
	}
	defer f.in.Close()
	want, err := f.meta(how)
	if err != nil {
		return false, err
	}
	done, err := parquetfile.Open(out)
	if err != nil {
		return false, nil
	}
	defer done.Close()
	has := done.Metadata()
	return done.Rows() == f.file.Rows() && has[metaHow] == want[metaHow] && has[metaSource] == want[metaSource], nil
}

// named adds the file to an error that names none.
func named(path string, err error) error {
	if err == nil || errors.As(err, new(*fs.PathError)) || strings.HasPrefix(err.Error(), strconv.Quote(path)) {
		return err
	}
	return fmt.Errorf("%q: %w", path, err)
}
