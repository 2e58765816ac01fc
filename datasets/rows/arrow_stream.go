package rows

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/routellm/routellm/internal/hint"
)

// ArrowStream reads a stream in Arrow's IPC format, which can be a pipe, batch by batch. Get one
// from [OpenArrowStream].
type ArrowStream struct {
	in     io.Reader
	reader *ipc.Reader
}

// errNoEnd is the error about a stream that ends between two batches, of which more may have been
// meant to come.
var errNoEnd = hint.With(errors.New("the stream ends without Arrow's end-of-stream marker, so that rows may be missing"),
	"close the writer of the stream, as pyarrow's \"with\" does")

// OpenArrowStream reads the description of a stream's columns.
func OpenArrowStream(in io.Reader) (s *ArrowStream, err error) {
	defer recovered(&err)
	var head [8]byte // a mark and a length
	if n, err := io.ReadFull(in, head[:]); n == 0 && err == io.EOF {
		return nil, errors.New("found nothing, expected an Arrow stream")
	} else if err != nil {
		return nil, noEnd(err)
	}
	if string(head[:4]) != arrowStream {
		return nil, fmt.Errorf("the first bytes are %q, expected an Arrow stream", head[:])
	}
	raw, err := readArrow(in, binary.LittleEndian.Uint32(head[4:]))
	if err != nil {
		return nil, err
	}
	if err := checkArrow(raw, arrowHeader); err != nil {
		return nil, err
	}
	again := io.MultiReader(bytes.NewReader(head[:]), bytes.NewReader(raw), in)
	allocator := ipc.WithAllocator(limited{memory.NewGoAllocator()})
	messages := marked{ipc.NewMessageReader(again, allocator, ipc.WithMetadataSizeLimit(maxArrowMetadata))}
	r, err := ipc.NewReaderFromMessageReader(messages, allocator)
	return &ArrowStream{in, r}, err
}

// Schema describes the columns.
func (s *ArrowStream) Schema() *arrow.Schema { return s.reader.Schema() }

// Next returns the next batch, which is valid until the next call unless it is retained, and io.EOF
// after the last one. A stream without an end-of-stream marker, or with anything behind it, is an
// error.
func (s *ArrowStream) Next() (batch arrow.RecordBatch, err error) {
	defer recovered(&err)
	if batch, err = s.reader.Read(); err != io.EOF {
		return batch, err
	}
	if n, err := io.ReadFull(s.in, make([]byte, 1)); n > 0 {
		return nil, errors.New("more bytes follow Arrow's end-of-stream marker, expected one stream")
	} else if err != io.EOF {
		return nil, err
	}
	return nil, io.EOF
}

// marked reads messages, and tells the end-of-stream marker from an end without it, which the
// library takes for an end as well.
type marked struct{ ipc.MessageReader }

func (m marked) Message() (*ipc.Message, error) {
	message, err := m.MessageReader.Message()
	if err != io.EOF && errors.Is(err, io.EOF) { // the marker is io.EOF itself
		return nil, errNoEnd
	}
	return message, err
}

// ArrowCell returns value i of a column. Lists, structs and maps are JSON. Bytes that are not UTF-8
// are [ErrNotText]; other errors are about a damaged stream.
func ArrowCell(column arrow.Array, i int) (Cell, error) { return cellAt(column, i) }
