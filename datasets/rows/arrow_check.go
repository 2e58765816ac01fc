package rows

import (
	"encoding/binary"
	"errors"
	"io"

	flatbuffers "github.com/google/flatbuffers/go"
)

// maxArrowMetadata bounds the bytes that describe the columns of an Arrow file.
const maxArrowMetadata = 256 << 20

// Offsets of what is looked at in the tables of Arrow's format: Message.fbs, File.fbs, Schema.fbs.
const (
	arrowHeader   flatbuffers.VOffsetT = 8 // schema of a stream's first message
	arrowSchema   flatbuffers.VOffsetT = 6 // schema of a file's footer
	arrowFields   flatbuffers.VOffsetT = 6
	arrowNotes    flatbuffers.VOffsetT = 8 // key/value metadata of a schema
	arrowChildren flatbuffers.VOffsetT = 14
	arrowMore     flatbuffers.VOffsetT = 16 // key/value metadata of a field
)

var errArrowSchema = errors.New("its description of the columns is damaged")

// checkArrow checks that the description of the columns lists no more of them than it can hold: the
// library allocates as much memory as a damaged list asks for, which ends the program.
func checkArrow(raw []byte, schema flatbuffers.VOffsetT) (err error) {
	defer recovered(&err) // from reading beyond the end
	root := flatbuffers.Table{Bytes: raw, Pos: flatbuffers.GetUOffsetT(raw)}
	at := root.Offset(schema)
	if at == 0 {
		return errArrowSchema
	}
	c := arrowCheck{left: len(raw) / 8}
	s := flatbuffers.Table{Bytes: raw, Pos: root.Indirect(root.Pos + flatbuffers.UOffsetT(at))}
	return firstError(c.list(s, arrowNotes), c.fields(s, arrowFields, 0))
}

// arrowCheck counts down how many fields the bytes can hold.
type arrowCheck struct{ left int }

// list counts the elements of a list of a table.
func (c *arrowCheck) list(t flatbuffers.Table, slot flatbuffers.VOffsetT) error {
	if at := t.Offset(slot); at != 0 {
		c.left -= t.VectorLen(flatbuffers.UOffsetT(at))
	}
	if c.left < 0 {
		return errArrowSchema
	}
	return nil
}

// fields checks a list of fields, and the fields inside of them.
func (c *arrowCheck) fields(t flatbuffers.Table, slot flatbuffers.VOffsetT, depth int) error {
	if err := c.list(t, slot); err != nil || depth > maxDepth {
		return firstError(err, errArrowSchema)
	}
	at := flatbuffers.UOffsetT(t.Offset(slot))
	if at == 0 {
		return nil
	}
	first := t.Vector(at)
	for i := range t.VectorLen(at) {
		f := flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(first + flatbuffers.UOffsetT(4*i))}
		if err := firstError(c.list(f, arrowMore), c.fields(f, arrowChildren, depth+1)); err != nil {
			return err
		}
	}
	return nil
}

// checkStream checks the first message of a stream.
func checkStream(in io.Reader) error {
	var head [8]byte // a mark and a length
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return noEnd(err)
	}
	raw, err := readArrow(in, binary.LittleEndian.Uint32(head[4:]))
	if err != nil {
		return err
	}
	return checkArrow(raw, arrowHeader)
}

// checkFooter checks the footer of a file.
func checkFooter(in io.ReaderAt, size int64) error {
	const end = 4 + int64(len(arrowFile))
	var tail [end]byte
	if _, err := in.ReadAt(tail[:], max(size-end, 0)); err != nil || string(tail[4:]) != arrowFile {
		return errCut
	}
	n := binary.LittleEndian.Uint32(tail[:])
	raw, err := readArrow(io.NewSectionReader(in, max(size-end-int64(n), 0), int64(n)), n)
	if err != nil {
		return err
	}
	return checkArrow(raw, arrowSchema)
}

func readArrow(in io.Reader, n uint32) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(in, min(int64(n), maxArrowMetadata)))
	if err == nil && (len(raw) != int(n) || n < 8) {
		err = errArrowSchema
	}
	return raw, err
}
