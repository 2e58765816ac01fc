package datasets

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/idset"
)

// Writer writes a sample file in batches of rows. It keeps one row group in memory, at most
// 131,072 rows or 64 MiB of values, and 16 bytes per id, by which it finds repeated ids. Equal
// rows give equal bytes, however they are cut into batches: only the first row group decides
// which columns get a dictionary. Get a Writer from [NewWriter].
type Writer struct {
	columns columnWriter
	bounds  Meta
	ids     idSet
	failed  error
}

// NewWriter returns a writer of a sample file.
func NewWriter(w io.Writer) *Writer { return &Writer{columns: columnWriter{w: w}} }

// Write adds a batch of samples. Every batch needs the same columns as the first, whose Meta the
// file gets; a batch without rows is ignored. Values that [File.Read] would refuse are errors
// that name row and column, where rows count from 1 over all batches. After an error every call
// returns it. Write may keep the table's values until the next calls: do not change them.
func (w *Writer) Write(t *Table) error {
	if w.failed == nil && t.Rows() > 0 {
		w.failed = w.write(t)
	}
	return w.failed
}

func (w *Writer) write(t *Table) error {
	if w.columns.meta == nil {
		meta := t.Meta
		if t.Cues == nil {
			meta.CuesSHA256 = "" // those of the file from which the table comes
		}
		w.columns.meta, w.bounds = meta.pairs(), t.Meta
	}
	columns := t.columns()
	if err := w.check(columns); err != nil {
		return err
	}
	for _, id := range t.SampleID {
		if first, row := w.ids.add(id); first != row {
			return repeatedID("table", colSampleID, id, first, row)
		}
	}
	return w.columns.write(columns)
}

// Close completes the file. It does not close the underlying writer.
func (w *Writer) Close() error {
	if w.failed == nil && w.columns.rows == 0 {
		w.failed = errors.New("no rows, expected at least one sample")
	}
	if w.failed == nil {
		w.failed = w.columns.close()
	}
	return w.failed
}

// check applies the checks that [File.Read] applies to the written file.
func (w *Writer) check(columns []AnyColumn) error {
	for _, c := range columns {
		for i, v := range c.Strings {
			if expected := expectedText(c.Name, v); expected != "" {
				return badCell{w.columns.rows + i + 1, c.Name, quote(v), expected}
			}
		}
		role := roleOf(c.Name)
		for i, v := range c.Floats {
			if math.IsNaN(v) {
				v = parquetfile.NullFloat
			}
			if expected := expectedNumber(role, v, w.bounds); expected != "" {
				return badCell{w.columns.rows + i + 1, c.Name, formatNumber(v), expected}
			}
		}
	}
	return nil
}

// idSet finds repeated ids by their 128-bit hashes: by chance, two different ids have the same
// hash with a probability below 1e-20 even among a billion. It is a hash table with open
// addressing, which takes a third of the memory of a map.
type idSet struct {
	seeds  [2]maphash.Seed
	hashes [][2]uint64 // one per id
	slots  []int32     // numbers of ids, counted from 1; 0 for an empty slot
}

// add adds the id of the next row and returns that row and the first row with the id, both
// counted from 1. They are equal if the id is new.
func (s *idSet) add(id string) (first, row int) {
	if s.slots == nil {
		s.seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	}
	if 4*len(s.hashes) >= 3*len(s.slots) {
		s.grow()
	}
	row = len(s.hashes) + 1
	hash := [2]uint64{maphash.String(s.seeds[0], id), maphash.String(s.seeds[1], id)}
	at := s.slot(hash)
	if s.slots[at] != 0 {
		return int(s.slots[at]), row
	}
	s.slots[at], s.hashes = int32(row), append(s.hashes, hash)
	return row, row
}

// slot returns the slot of a hash, or the empty one where it belongs.
func (s *idSet) slot(hash [2]uint64) int {
	at := int(hash[0] % uint64(len(s.slots)))
	for s.slots[at] != 0 && s.hashes[s.slots[at]-1] != hash {
		at = (at + 1) % len(s.slots)
	}
	return at
}

// grow doubles the slots.
func (s *idSet) grow() {
	s.slots = make([]int32, max(16, 2*len(s.slots)))
	for i, hash := range s.hashes {
		s.slots[s.slot(hash)] = int32(i + 1)
	}
}

// unique returns an error if an id occurs twice. The error names both rows.
func unique(file, column string, ids []string) error {
	firsts := idset.NewFirsts(ids)
	for i, id := range ids {
		if first := firsts.Of(i); first < i {
			return repeatedID(file, column, id, first+1, i+1)
		}
	}
	return nil
}

func repeatedID(file, column, id string, first, row int) error {
	return hint.With(fmt.Errorf("%q: column %q: %s in rows %d and %d, expected unique ids", file, column, quote(id), first, row),
		"give every sample its own id, or remove one of the rows")
}
