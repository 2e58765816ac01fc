package store

import (
	"fmt"
	"iter"
)

// batch holds values that are written together.
type batch struct {
	entries []entry
	values  [][]byte
	replace bool // the values count in place of damaged ones
	done    chan struct{}
	err     error
}

// frames returns the bounds of the frames that the batch is written in.
func (b *batch) frames() iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for from := 0; from < len(b.entries); from += maxEntries {
			if !yield(from, min(from+maxEntries, len(b.entries))) {
				return
			}
		}
	}
}

// Put keeps a value. It is on disk when Put returns. A digest keeps its first value: Put ignores
// another one, unless the first turned out to be damaged.
func (s *Store) Put(d Digest, value []byte) error { return s.PutAll([]Digest{d}, [][]byte{value}) }

// PutAll keeps several values at the price of one: all of them, or none after an error.
func (s *Store) PutAll(digests []Digest, values [][]byte) error {
	var fresh batch
	for i, d := range digests {
		if len(values[i]) > maxValue {
			return fmt.Errorf("a value has %d bytes, expected at most %d", len(values[i]), maxValue)
		}
		if !s.Has(d) {
			fresh.entries = append(fresh.entries, entry{d, uint32(len(values[i])), sumOf(d, values[i])})
			fresh.values = append(fresh.values, values[i])
		}
	}
	if len(fresh.entries) == 0 {
		return nil
	}
	b, first := s.enqueue(fresh)
	if first {
		s.flush(b)
	}
	<-b.done
	return b.err
}

// enqueue adds values to the batch that waits. The caller that began it must flush it.
func (s *Store) enqueue(fresh batch) (b *batch, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if first = s.queue == nil; first {
		s.queue = &batch{done: make(chan struct{})}
	}
	b = s.queue
	b.entries = append(b.entries, fresh.entries...)
	b.values = append(b.values, fresh.values...)
	for _, e := range fresh.entries {
		b.replace = b.replace || s.damaged[short(e.digest[:])]
	}
	return b, first
}

// flush writes a batch once the one before is written. Until then the batch grows.
func (s *Store) flush(b *batch) {
	s.commit.Lock()
	defer s.commit.Unlock()
	s.mu.Lock()
	s.queue = nil
	s.mu.Unlock()
	b.err = s.append(b)
	close(b.done)
}
