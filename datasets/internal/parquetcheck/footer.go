package parquetcheck

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"

	"github.com/parquet-go/parquet-go/format"
)

// maxRowsPerByte bounds the number of rows that a file may claim per byte of its size.
// Sample ids are unique, so no encoding comes near it.
const maxRowsPerByte = 1024

// magic begins and ends a file; encryptedMagic does so if its footer is encrypted.
const magic, encryptedMagic = "PAR1", "PARE"

// ErrNotParquet is the error for a file that does not begin as Parquet does.
var ErrNotParquet = errors.New("not Parquet")

// Footer checks the magic bytes and the footer of a file of size bytes. Its errors tell
// apart a file that is empty, one that is not Parquet, one that is encrypted, one that was
// cut short, and one whose footer is malformed; errors of r are returned as they are.
func Footer(r io.ReaderAt, size int64) error {
	if size == 0 {
		return hint.With(errors.New("empty file (0 bytes), expected Parquet"), "write the file again")
	}
	head, tail := make([]byte, min(4, size)), make([]byte, 8)
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	if string(head) == encryptedMagic {
		return Damaged(errEncrypted)
	}
	if string(head) != magic {
		return fmt.Errorf("%w: the first four bytes are %q, expected %q", ErrNotParquet, head, magic)
	}
	if size >= 12 {
		if _, err := r.ReadAt(tail, size-8); err != nil && err != io.EOF {
			return err
		}
	}
	length := int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != magic || length > size-12 {
		return hint.With(errors.New("cut short: the footer at its end is missing or incomplete"), "copy or write the file again")
	}
	footer := make([]byte, length)
	if _, err := r.ReadAt(footer, size-8-length); err != nil {
		return err
	}
	if err := (&walk{b: footer}).structure(); err != nil {
		return Damaged(err)
	}
	return nil
}

// RowGroups checks that the rows and the column positions that a footer claims fit into a
// file of size bytes.
func RowGroups(m *format.FileMetaData, size int64) error {
	var total int64
	most := size * maxRowsPerByte
	for _, group := range m.RowGroups {
		if group.NumRows < 0 {
			return Damaged(errors.New("negative number of rows"))
		}
		if group.NumRows > most-total { // checked before the sum can overflow
			return Damaged(fmt.Errorf("%s in %d bytes", text.Plural(int(group.NumRows), "row"), size))
		}
		total += group.NumRows
		for i := range group.Columns {
			if group.Columns[i].FilePath != "" {
				return Damaged(errElsewhere)
			}
			chunk := &group.Columns[i].MetaData
			start := chunkStart(chunk)
			if start < 0 || chunk.TotalCompressedSize < 0 || start > size-chunk.TotalCompressedSize {
				return Damaged(errors.New("a column lies outside the file"))
			}
		}
	}
	if total != m.NumRows {
		return Damaged(fmt.Errorf("%s in %d bytes", text.Plural(int(m.NumRows), "row"), size))
	}
	return nil
}

// chunkStart returns the offset of a column chunk by the same rule as parquet-go.
func chunkStart(m *format.ColumnMetaData) int64 {
	if m.DictionaryPageOffset != 0 {
		return m.DictionaryPageOffset
	}
	return m.DataPageOffset
}
