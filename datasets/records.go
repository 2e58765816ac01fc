package datasets

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
)

// records holds the wanted columns of a CSV, JSON Lines or Parquet table as text. Missing and
// null cells are parquetfile.NullText.
type records struct {
	path    string
	columns []string // all columns of the table
	rows    int
	cells   map[string][]string // cells of each wanted column that the table has
	meta    ScoreMeta           // metadata, if the table is a Parquet file

	progress watch
	file     *os.File // the file that is read, if it holds text
}

// readRecords reads the wanted columns of a .csv, .jsonl (both also .gz) or .parquet file. A
// column that the table lacks is not an error here; see require.
func readRecords(path string, want []string) (*records, error) {
	return readWatched(path, want, nil)
}

// readWatched does what readRecords does, and tells how far it is.
func readWatched(path string, want []string, progress watch) (*records, error) {
	rec := &records{path: path, cells: map[string][]string{}, progress: progress}
	var err error
	switch ext := filepath.Ext(strings.TrimSuffix(path, ".gz")); strings.ToLower(ext) {
	case ".parquet", ".pq":
		err = rec.readParquet(want)
	case ".jsonl", ".ndjson":
		err = rec.readJSON(want)
	case ".csv":
		err = rec.readCSV(want)
	default:
		if info, statErr := os.Stat(path); statErr != nil {
			err = readError(path, statErr)
		} else if info.IsDir() {
			err = fmt.Errorf("%q: is a directory, expected a file", path)
		} else {
			err = fmt.Errorf("%q: found the extension %q, expected .csv, .jsonl or .parquet", path, ext)
		}
	}
	if err == nil && rec.rows == 0 {
		err = fmt.Errorf("%q: no rows, expected at least one", path)
	}
	return rec, err
}

// Columns lists the columns of a .csv, .jsonl (both also .gz) or .parquet table, in the table's
// order.
func Columns(path string) ([]string, error) {
	rec, err := readRecords(path, nil)
	if err != nil {
		return nil, err
	}
	return rec.columns, nil
}

// require returns an error if the table lacks one of the columns. Its hint lists the columns of
// the table.
func (rec *records) require(names ...string) error {
	for _, name := range names {
		if !slices.Contains(rec.columns, name) {
			err := hint.With(fmt.Errorf("%q: column %q: missing", rec.path, name), "columns in the file: "+listOf(rec.columns, 20))
			return hint.DidYouMean(err, name, rec.columns)
		}
	}
	return nil
}

// numbers parses a column of numbers and of "true" and "false" in any case. Empty and null cells
// are NaN.
func (rec *records) numbers(column string) ([]float64, error) {
	if err := rec.require(column); err != nil {
		return nil, err
	}
	out := make([]float64, rec.rows)
	for i, text := range rec.cells[column] {
		v, ok := parseNumber(text)
		if !ok {
			return nil, hint.With(cellError(rec.path, i+1, column, quote(text), "a finite number, true or false"),
				"leave the cell empty for \"not measured\"")
		}
		out[i] = v
	}
	return out, nil
}

func parseNumber(text string) (v float64, ok bool) {
	switch {
	case text == "" || text == parquetfile.NullText:
		return math.NaN(), true
	case strings.EqualFold(text, "true"):
		return 1, true
	case strings.EqualFold(text, "false"):
		return 0, true
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// openText opens a text file, skips its byte order mark, and decompresses it if its name ends
// in ".gz".
func openText(path string) (*bufio.Reader, *os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, readError(path, err)
	}
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, nil, errors.Join(readError(path, err), f.Close())
		}
	}
	br := bufio.NewReaderSize(r, 1<<16)
	if head, _ := br.Peek(3); string(head) == "\ufeff" {
		_, err = br.Discard(3)
	}
	return br, f, err
}

func (rec *records) readParquet(want []string) error {
	src, err := parquetfile.Open(rec.path)
	if err != nil {
		return hintFormat(err, "a table in CSV or JSON Lines needs a name that ends in .csv or .jsonl")
	}
	defer src.Close()
	return rec.readSource(src, want)
}

func (rec *records) readSource(src *parquetfile.File, want []string) (err error) {
	rec.columns, rec.rows, rec.meta = src.Columns(), src.Rows(), parseScoreMeta(src.Lookup)
	for i, name := range want {
		if !src.HasColumn(name) {
			continue
		}
		if rec.cells[name], err = src.ReadText(name); err != nil {
			return err
		}
		if err := rec.progress.at(int64(i+1), int64(len(want))); err != nil {
			return err
		}
	}
	return nil
}
