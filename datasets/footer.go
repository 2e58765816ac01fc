package datasets

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go/format"
)

// rowsPerByte bounds what a file may claim: ids are unique, and no encoding packs more of them into a byte.
const rowsPerByte = 1024

// checkGroups checks that what the footer says of rows and places is possible in a file of this size.
func (s *source) checkGroups() error {
	var total int64
	for _, group := range s.file.Metadata().RowGroups {
		if group.NumRows < 0 {
			return damaged(s.name, errors.New("negative number of rows"))
		}
		total += group.NumRows
		for _, chunk := range group.Columns {
			m := chunk.MetaData
			start := chunkStart(m)
			if start < 0 || m.TotalCompressedSize < 0 || start > s.size-m.TotalCompressedSize {
				return damaged(s.name, errors.New("a column lies outside the file"))
			}
		}
	}
	if total != s.file.NumRows() || total > s.size*rowsPerByte {
		return damaged(s.name, fmt.Errorf("%d rows in %d bytes", s.file.NumRows(), s.size))
	}
	return nil
}

// chunkStart is where a column chunk begins, by the rule parquet-go reads it with.
func chunkStart(m format.ColumnMetaData) int64 {
	if m.DictionaryPageOffset != 0 {
		return m.DictionaryPageOffset
	}
	return m.DataPageOffset
}

// checkFooter tells files which are empty, not Parquet, or cut short apart before parquet-go sees them.
func checkFooter(name string, r io.ReaderAt, size int64) error {
	if size == 0 {
		return hint.With(fmt.Errorf("%q: empty file (0 bytes), expected Parquet", name), "write the file again")
	}
	head, tail := make([]byte, min(4, size)), make([]byte, 8)
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return readError(name, err)
	}
	if string(head) != "PAR1" {
		return hint.With(fmt.Errorf("%q: not Parquet: the first four bytes are %q, expected \"PAR1\"", name, head),
			"routellm datasets import reads .csv, .jsonl and .parquet tables")
	}
	if size >= 12 {
		if _, err := r.ReadAt(tail, size-8); err != nil && err != io.EOF {
			return readError(name, err)
		}
	}
	length := int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != "PAR1" || length > size-12 {
		return hint.With(fmt.Errorf("%q: cut short: the footer at its end is missing or incomplete", name), "copy or write the file again")
	}
	footer := make([]byte, length)
	if _, err := r.ReadAt(footer, size-8-length); err != nil {
		return readError(name, err)
	}
	if err := (&thriftWalk{b: footer}).structure(); err != nil {
		return damaged(name, err)
	}
	return nil
}

func damaged(name string, err error) error {
	return hint.With(fmt.Errorf("%q: damaged Parquet: %w", name, err), "copy or write the file again")
}

// recoverDamage turns a panic into an error: parquet-go panics on some corrupt input.
func recoverDamage(name string, err *error) {
	if r := recover(); r != nil {
		*err = damaged(name, fmt.Errorf("%v", r))
	}
}
