package rows

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/routellm/routellm/internal/hint"
)

// Magic bytes of Arrow: of a file, which is also Feather version 2, and of a stream.
const arrowFile, arrowStream = "ARROW1", "\xff\xff\xff\xff"

func isArrow(head []byte) bool { return begins(arrowFile)(head) || begins(arrowStream)(head) }

// arrowTable is an Arrow file or stream.
type arrowTable struct {
	file   *file
	size   int64 // size of a file, decompressed; 0 for a stream
	names  []string
	batch  int // number of batches of a file that the running scan has read
	number int // number of all batches of a file
}

// batches reads an Arrow file or stream batch by batch, and returns io.EOF after the last one.
type batches struct {
	schema *arrow.Schema
	next   func() (arrow.RecordBatch, error)
	close  func() error
}

func openArrow(ctx context.Context, f *file, _ Options) (part, error) {
	t := &arrowTable{file: f}
	if begins(arrowFile)(f.head) {
		var err error
		if t.size, err = f.random(ctx); err != nil {
			return nil, err
		}
	}
	if err := t.check(ctx); err != nil {
		return nil, t.damaged(err)
	}
	b, err := t.open(ctx)
	if err != nil {
		return nil, t.damaged(err)
	}
	defer b.close()
	for _, field := range b.schema.Fields() {
		if slices.Contains(t.names, field.Name) {
			return nil, fmt.Errorf("%q: column %q: occurs twice, expected once", f.name, field.Name)
		}
		t.names = append(t.names, field.Name)
	}
	return byColumns(t), nil
}

// check checks the description of the columns.
func (t *arrowTable) check(ctx context.Context) error {
	if t.size > 0 {
		return checkFooter(t.file, t.size)
	}
	in, err := t.file.bytes(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	return checkStream(in)
}

// open opens the file or stream. The library panics on some damaged input.
func (t *arrowTable) open(ctx context.Context) (b *batches, err error) {
	defer recovered(&err)
	allocator, limit := ipc.WithAllocator(limited{memory.NewGoAllocator()}), ipc.WithMetadataSizeLimit(maxArrowMetadata)
	if t.size == 0 {
		in, err := t.file.bytes(ctx)
		if err != nil {
			return nil, err
		}
		r, err := ipc.NewReader(in, allocator, limit)
		if err != nil {
			return nil, firstError(err, in.Close())
		}
		return &batches{r.Schema(), r.Read, in.Close}, nil
	}
	r, err := ipc.NewFileReader(io.NewSectionReader(t.file, 0, t.size), allocator, limit)
	if err != nil {
		return nil, err
	}
	t.batch, t.number = 0, r.NumRecords()
	return &batches{r.Schema(), func() (arrow.RecordBatch, error) {
		if t.batch == t.number {
			return nil, io.EOF
		}
		t.batch++
		return r.RecordBatchAt(t.batch - 1)
	}, r.Close}, nil
}

// limited refuses allocations that only a damaged file asks for.
type limited struct{ memory.Allocator }

func (l limited) Allocate(size int) []byte {
	if size < 0 || size > 1<<32 {
		panic(fmt.Errorf("a buffer of %d bytes", size))
	}
	return l.Allocator.Allocate(size)
}

func (t *arrowTable) damaged(err error) error {
	return hint.With(fmt.Errorf("%q: damaged Arrow data: %w", t.file.name, err), "copy or write the file again")
}

func (t *arrowTable) columns() []string { return t.names }

func (t *arrowTable) about() About { return About{Format: "Arrow", Decimal: '.'} }

func (t *arrowTable) done() float64 {
	if t.size > 0 {
		return float64(t.batch) / float64(max(t.number, 1))
	}
	return t.file.share()
}

func (t *arrowTable) scan(ctx context.Context, columns []string, visit func([]Cell) error) error {
	b, err := t.open(ctx)
	if err != nil {
		return t.damaged(err)
	}
	defer b.close()
	cells := make([]Cell, len(columns))
	for row := 0; ; {
		batch, err := nextBatch(b)
		if err == io.EOF {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return t.damaged(fmt.Errorf("after row %d: %w", row, err))
		}
		for i := range int(batch.NumRows()) {
			row++
			for k, name := range columns {
				if cells[k], err = cellAt(batch.Column(slices.Index(t.names, name)), i); err != nil {
					return fmt.Errorf("%q: row %d, column %q: %w", t.file.name, row, name, err)
				}
			}
			if err := visit(cells); err != nil {
				return err
			}
		}
		batch.Release()
	}
}

func nextBatch(b *batches) (batch arrow.RecordBatch, err error) {
	defer recovered(&err)
	return b.next()
}
