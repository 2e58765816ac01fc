package filter

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
)

// Arrow filters a stream in Arrow's IPC format, batch by batch. It needs the stream's end-of-stream
// marker, and writes one itself only at the end of a stream that it has read whole.
func Arrow(ctx context.Context, in io.Reader, out io.Writer, o Options) (Count, error) {
	s, err := rows.OpenArrowStream(bufio.NewReaderSize(in, 1<<16))
	if err != nil {
		return Count{}, fmt.Errorf("standard input: %w", err)
	}
	var names []string
	for _, field := range s.Schema().Fields() {
		names = append(names, field.Name)
	}
	if err := o.check(names); err != nil {
		return Count{}, fmt.Errorf("standard input: %w", err)
	}
	buffer := bufio.NewWriterSize(out, 1<<16)
	a := &arrowFilter{Options: o, stream: s, prompt: slices.Index(names, o.Prompt), schema: o.withColumns(s.Schema())}
	a.out = ipc.NewWriter(buffer, ipc.WithSchema(a.schema))
	count, err := o.run(ctx, a.read, buffer.Flush)
	switch {
	case err != nil:
		return count, ofInput(err)
	case count.Rows != a.rows || a.written != a.rows:
		return count, fault.Wrap(fmt.Errorf("standard input: read %s, scored %d and wrote %d", text.Plural(a.rows, "row"), count.Rows, a.written))
	}
	if err := a.out.Close(); err != nil {
		return count, fault.Wrap(err)
	}
	return count, fault.Wrap(buffer.Flush())
}

// arrowFilter filters a stream.
type arrowFilter struct {
	Options
	stream  *rows.ArrowStream
	prompt  int // index of the column with the prompts
	schema  *arrow.Schema
	out     *ipc.Writer
	columns []values // new values of the rows of a batch that were scored so far
	rows    int      // rows read
	written int
}

// read passes the batches' rows. A batch is written after the last of its chunks.
func (a *arrowFilter) read(_ context.Context, emit func(*chunk) error) error {
	for {
		batch, err := a.stream.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("after row %d: %w", a.rows, err)
		}
		batch.Retain()
		if err := a.pass(batch, emit); err != nil {
			return err
		}
	}
}

// pass passes the rows of a batch.
func (a *arrowFilter) pass(batch arrow.RecordBatch, emit func(*chunk) error) error {
	column, n := batch.Column(a.prompt), int(batch.NumRows())
	for i := 0; ; {
		c := &chunk{first: a.rows, write: a.keep}
		for ; i < n && !c.full(); i++ {
			cell, err := rows.ArrowCell(column, i)
			if errors.Is(err, rows.ErrNotText) {
				cell = rows.Cell{Kind: rows.Text, Text: "\xff"} // not UTF-8 either, which scoring finds
			} else if err != nil {
				return fmt.Errorf("row %d: %w", c.first+len(c.cells)+1, err)
			}
			c.add(cell)
		}
		a.rows += len(c.cells)
		if i == n {
			c.write = func(columns []values) error { return a.write(batch, columns) }
		}
		if err := emit(c); err != nil || i == n {
			return err
		}
	}
}

// keep keeps the new values of rows whose batch has more.
func (a *arrowFilter) keep(columns []values) error {
	if a.columns == nil {
		a.columns = make([]values, len(columns))
	}
	for i, c := range columns {
		a.columns[i].Floats = append(a.columns[i].Floats, c.Floats...)
		a.columns[i].Texts = append(a.columns[i].Texts, c.Texts...)
	}
	return nil
}

// write writes a batch with its new columns, of which the last values are given.
func (a *arrowFilter) write(batch arrow.RecordBatch, last []values) error {
	defer batch.Release()
	if err := a.keep(last); err != nil {
		return err
	}
	columns := slices.Clone(batch.Columns())
	for i, c := range a.columns {
		columns = append(columns, arrayOf(c, a.isText(i)))
	}
	a.columns = nil
	wide := array.NewRecordBatch(a.schema, columns, batch.NumRows())
	defer wide.Release()
	a.written += int(batch.NumRows())
	return fault.Wrap(a.out.Write(wide))
}

// arrayOf returns the values of a new column.
func arrayOf(v values, isText bool) arrow.Array {
	if isText {
		b := array.NewStringBuilder(memory.DefaultAllocator)
		for _, s := range v.Texts {
			if s == nil {
				b.AppendNull()
				continue
			}
			b.Append(*s)
		}
		return b.NewArray()
	}
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	b.Reserve(len(v.Floats))
	for _, x := range v.Floats {
		if math.IsNaN(x) {
			b.AppendNull()
			continue
		}
		b.Append(x)
	}
	return b.NewArray()
}
