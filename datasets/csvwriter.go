package datasets

import (
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
)

// CSVWriter writes tables in batches as CSV, with the columns of the sample schema but without
// embeddings. Get one from [NewCSVWriter].
type CSVWriter struct {
	w      *csv.Writer
	header []string // nil before the first batch
}

// NewCSVWriter returns a writer of CSV.
func NewCSVWriter(w io.Writer) *CSVWriter { return &CSVWriter{w: csv.NewWriter(w)} }

// Write adds a batch of samples. Every batch needs the same columns as the first. Values that are
// not measured are empty cells.
func (c *CSVWriter) Write(t *Table) error {
	var names []string
	columns := slices.DeleteFunc(t.columns(), func(a AnyColumn) bool { return a.Bytes != nil || a.Vectors != nil })
	for _, a := range columns {
		names = append(names, a.Name)
	}
	switch {
	case c.header == nil:
		c.header = names
		if err := c.w.Write(names); err != nil {
			return err
		}
	case !slices.Equal(names, c.header):
		return errors.New("a batch has other columns than the first")
	}
	row := make([]string, len(columns))
	for i := range t.Rows() {
		for k, a := range columns {
			row[k] = a.text(i)
		}
		if err := c.w.Write(row); err != nil {
			return err
		}
	}
	return nil
}

// Close writes what is still in memory. It does not close the underlying writer.
func (c *CSVWriter) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// text returns a value as CSV holds it.
func (c AnyColumn) text(i int) string {
	switch {
	case c.Strings != nil:
		return c.Strings[i]
	case c.Bools != nil:
		return strconv.FormatBool(c.Bools[i])
	case math.IsNaN(c.Floats[i]):
		return ""
	}
	return strconv.FormatFloat(c.Floats[i], 'g', -1, 64)
}
