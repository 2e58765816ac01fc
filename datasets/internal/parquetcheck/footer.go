package parquetcheck

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// maxRowsPerByte bounds the number of rows, and of values in a column of a row group, that a file
// may claim per byte of its size. Sample ids are unique, so no encoding comes near it.
const maxRowsPerByte = 1024

// magic begins and ends a file; encryptedMagic does so if its footer is encrypted.
const magic, encryptedMagic = "PAR1", "PARE"

// ErrNotParquet is the error for a file that does not begin as Parquet does.
var ErrNotParquet = errors.New("not Parquet")

// Footer reads the footer of a file of size bytes, and checks that the rows and the column
// positions that it claims fit into the file. Its errors tell apart a file that is empty, one
// that is not Parquet, one that is encrypted, one that was cut short, and one whose footer is
// malformed; errors of r are returned as they are.
func Footer(r io.ReaderAt, size int64) (*Metadata, error) {
	m, _, err := RawFooter(r, size)
	return m, err
}

// RawFooter does what [Footer] does, and also returns the bytes of the footer, which end 8 bytes
// before the end of the file.
func RawFooter(r io.ReaderAt, size int64) (*Metadata, []byte, error) {
	footer, err := readFooter(r, size)
	if err != nil {
		return nil, nil, err
	}
	if err := (&walk{b: footer}).structure(); err != nil {
		return nil, nil, Damaged(err)
	}
	m, err := decode(footer)
	switch {
	case err != nil: // which would name field numbers
		return nil, nil, Damaged(errMalformed)
	case m.Algorithm.Value != nil:
		return nil, nil, Damaged(errEncrypted)
	}
	return m, footer, m.check(size)
}

// readFooter checks the magic bytes and returns the bytes of the footer.
func readFooter(r io.ReaderAt, size int64) ([]byte, error) {
	if size == 0 {
		return nil, hint.With(errors.New("empty file (0 bytes), expected Parquet"), "write the file again")
	}
	head, tail := make([]byte, min(4, size)), make([]byte, 8)
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if string(head) == encryptedMagic {
		return nil, Damaged(errEncrypted)
	}
	if string(head) != magic {
		return nil, fmt.Errorf("%w: the first four bytes are %q, expected %q", ErrNotParquet, head, magic)
	}
	if size >= 12 {
		if _, err := r.ReadAt(tail, size-8); err != nil && err != io.EOF {
			return nil, err
		}
	}
	length := int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != magic || length > size-12 {
		return nil, hint.With(errors.New("cut short: the footer at its end is missing or incomplete"), "copy or write the file again")
	}
	footer := make([]byte, length)
	_, err := r.ReadAt(footer, size-8-length)
	return footer, err
}

// check checks that the rows and the column positions that a footer claims fit into a file of
// size bytes.
func (m *Metadata) check(size int64) error {
	var total int64
	most := size * maxRowsPerByte
	for _, group := range m.RowGroups {
		if group.Rows < 0 {
			return Damaged(errors.New("negative number of rows"))
		}
		if group.Rows > most-total { // checked before the sum can overflow
			return Damaged(fmt.Errorf("%s in %d bytes", text.Plural(int(group.Rows), "row"), size))
		}
		total += group.Rows
		for i := range group.Columns {
			if group.Columns[i].FilePath != "" {
				return Damaged(errElsewhere)
			}
			chunk := &group.Columns[i].Chunk
			start := chunk.Start()
			if start < 0 || chunk.Size < 0 || start > size-chunk.Size {
				return Damaged(errors.New("a column lies outside the file"))
			}
			if chunk.Values < 0 || chunk.Values > most {
				return Damaged(fmt.Errorf("%s in %d bytes", text.Plural(int(chunk.Values), "value"), size))
			}
		}
	}
	if total != m.Rows {
		return Damaged(fmt.Errorf("%s in %d bytes", text.Plural(int(m.Rows), "row"), size))
	}
	return nil
}
