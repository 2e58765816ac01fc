package datasets

import (
	"fmt"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// StreamScores calls yield with the values of one numeric column of a Parquet file, in the
// file's order. It reads one page at a time (writers aim for pages of 1 MiB), so memory does not
// grow with the file. The slice is valid until yield returns. If yield returns an error,
// StreamScores stops and returns it. Null and non-finite values are errors that name the row.
func StreamScores(path, column string, yield func([]float64) error) error {
	src, err := parquetfile.Open(path)
	if err != nil {
		return err
	}
	defer src.Close()
	if err := need(src, column, "numbers", src.IsNumber); err != nil {
		return hintColumn(err, column)
	}
	c := src.Floats(column)
	for row := 0; row < src.Rows(); {
		values, err := c.Next()
		if err == nil {
			err = allFinite(path, column, row, values)
		}
		if err == nil {
			err = yield(values)
		}
		if err != nil {
			return err
		}
		row += len(values)
	}
	return nil
}

func allFinite(path, column string, row int, values []float64) error {
	for i, v := range values {
		if !num.Finite(v) {
			return cellError(path, row+i+1, column, formatNumber(v), "a finite number")
		}
	}
	return nil
}

// CountRows returns the number of rows of a Parquet file of any schema.
func CountRows(path string) (int, error) {
	src, err := parquetfile.Open(path)
	if err != nil {
		return 0, err
	}
	defer src.Close()
	return src.Rows(), nil
}

// Metadata returns the key/value metadata of a Parquet file of any schema.
func Metadata(path string) (map[string]string, error) {
	src, err := parquetfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return src.Metadata(), nil
}

// Stream calls yield with tables of at most batch rows that hold the selected columns, in the
// file's order. It keeps one batch and one page per column in memory, and therefore does not
// detect repeated ids. yield may keep the table. If yield returns an error, Stream stops and
// returns it.
func (f *File) Stream(sel Select, batch int, yield func(*Table) error) error {
	if batch < 1 {
		return fmt.Errorf("batch of %s, expected at least 1", text.Plural(batch, "row"))
	}
	r, err := f.newReader(sel)
	if err != nil {
		return err
	}
	for left := f.Rows(); left > 0; {
		t, err := r.next(min(batch, left))
		if err != nil {
			return err
		}
		if err := yield(t); err != nil {
			return err
		}
		left -= t.Rows()
	}
	return nil
}
