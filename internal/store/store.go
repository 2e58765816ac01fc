// Package store keeps bytes under digests in files that only grow, so that what was paid for once
// is never asked for again. Call [Open].
//
// A value is on disk, also after a power cut, when [Store.Put] returns. Concurrent calls of Put
// share one write and one sync. A killed process loses the values whose Put has not returned, and
// no other. Several processes may share a folder: each sees what the others had put before it
// opened the store, and all append to the same file in turn.
//
// Values are private: only the user may read the files.
package store

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
)

// Digest is the key of a value.
type Digest = [sha256.Size]byte

// extension ends the names of files with values.
const extension = ".store"

// lockExtension is added to the name of a file for the name of its lock.
const lockExtension = ".lock"

// maxOpen limits the number of files that a store keeps open for reading.
const maxOpen = 64

// outBuffer is the number of bytes that are written at once.
const outBuffer = 1 << 18

// Store holds values in a folder. They stay on disk until they are requested: a million take about
// 100 MB of memory. It is safe for concurrent use.
type Store struct {
	dir, kind string

	mu       sync.RWMutex
	files    []*file
	at       map[short]place
	first    int            // length of the first value that was found; -1 without values
	damaged  map[short]bool // the digests whose values were dropped
	warnings []string
	open     int    // number of files that are kept open
	queue    *batch // the values that wait for the next commit

	commit sync.Mutex // is held by the batch that is being written
	out    *bufio.Writer
	own    string // the file of this process, where the system has no locks

	sync    func(*os.File) error                         // sync waits until a file is on disk; tests replace it
	tryLock func(path string) (unlock func(), err error) // tryLock locks a file; tests replace it
}

// short is the start of a digest, which saves memory. The checksum of each value covers the whole
// digest.
type short = [16]byte

// place says where a value is.
type place struct {
	where uint64 // index of the file and position in it
	size  uint32
	sum   uint32
}

const positionBits = 44

func placeOf(file int, at int64, e entry) place {
	return place{uint64(file)<<positionBits | uint64(at), e.size, e.sum}
}

func (p place) file() int       { return int(p.where >> positionBits) }
func (p place) position() int64 { return int64(p.where & (1<<positionBits - 1)) }

// file is one file of a store.
type file struct {
	path   string
	marker marker
	start  int64    // end of the header
	end    int64    // end of the last known frame
	r      *os.File // r reads the file; nil until it is needed
}

// Open opens the store in a folder, which need not exist. kind, of at most 255 bytes, names what
// the values are: files of another kind are skipped, as are files that are damaged, with a warning.
func Open(ctx context.Context, dir, kind string) (*Store, error) {
	if len(kind) > maxKind {
		return nil, fmt.Errorf("kind %q has %d bytes, expected at most %d", kind, len(kind), maxKind)
	}
	s := &Store{dir: dir, kind: kind, at: map[short]place{}, damaged: map[short]bool{}, first: -1, sync: (*os.File).Sync, tryLock: tryLock}
	s.out = bufio.NewWriterSize(nil, outBuffer)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, s.unreadable(err) // not empty: its values would be paid for twice
	}
	for _, e := range entries {
		if path := filepath.Join(dir, e.Name()); filepath.Ext(path) == extension {
			if _, err := s.load(ctx, path); ctx.Err() != nil {
				return nil, context.Cause(ctx)
			} else if err != nil && !errors.Is(err, errShort) {
				s.warn(path, err)
			}
		}
	}
	return s, nil
}

// load reads what is new in a file, and adds the file if it is not known.
func (s *Store) load(ctx context.Context, path string) (*file, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return s.loadFrom(ctx, path, r)
}

func (s *Store) loadFrom(ctx context.Context, path string, r *os.File) (*file, error) {
	info, err := r.Stat()
	if err != nil {
		return nil, err
	}
	w := window{r: r, size: info.Size()}
	b, err := w.read(0, fixedHeader+maxKind)
	if err != nil {
		return nil, err
	}
	m, kind, start, err := parseHeader(b)
	switch {
	case err != nil:
		return nil, err
	case kind != s.kind:
		return nil, notOurs{fmt.Errorf("found values of kind %q, expected %q", kind, s.kind)}
	}
	f, index := s.fileOf(path, m, int64(start))
	sc := scan{window: w, marker: m}
	end, err := sc.frames(ctx, f.end, func(e entry, at int64, replace bool) { s.add(index, e, at, replace) })
	f.end = end
	if sc.damaged > 0 {
		s.warn(path, fmt.Errorf("%s from byte %d on are damaged", text.Plural(int(sc.damaged), "byte"), sc.first))
	}
	return f, err
}

// fileOf returns the known file of a path with a marker, or adds it.
func (s *Store) fileOf(path string, m marker, start int64) (*file, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	index := slices.IndexFunc(s.files, func(f *file) bool { return f.path == path && f.marker == m })
	if index < 0 {
		index = len(s.files)
		s.files = append(s.files, &file{path: path, marker: m, start: start, end: start})
	}
	return s.files[index], index
}

// add adds a value to the index. The first value of a digest is kept, unless another one replaces
// it.
func (s *Store) add(file int, e entry, at int64, replace bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := short(e.digest[:])
	if _, ok := s.at[key]; ok && !replace {
		return
	}
	s.at[key] = placeOf(file, at, e)
	if s.first < 0 {
		s.first = int(e.size)
	}
}

func (s *Store) warn(path string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.warnLocked(path, err)
}

func (s *Store) warnLocked(path string, err error) {
	if w := fmt.Sprintf("skipped %q: %v", path, fault.Cause(err)); !slices.Contains(s.warnings, w) {
		s.warnings = append(s.warnings, w)
	}
}

// Warnings lists what was skipped, with the reason. A value's checksum is checked when the value is
// requested, so warnings may be added after Open.
func (s *Store) Warnings() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.warnings)
}

// Len returns the number of values.
func (s *Store) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.at)
}

// FirstSize returns the number of bytes of the value that was found first; false without values.
func (s *Store) FirstSize() (bytes int, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.first, s.first >= 0
}

// Has reports whether there is a value, which may turn out to be damaged.
func (s *Store) Has(d Digest) bool {
	_, ok := s.find(d)
	return ok
}

func (s *Store) find(d Digest) (place, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.at[short(d[:])]
	return p, ok
}

// Get returns the value of a digest. ok is false if the store has none. A damaged value is none,
// with a warning.
func (s *Store) Get(d Digest) (value []byte, ok bool, err error) {
	p, ok := s.find(d)
	if !ok {
		return nil, false, nil
	}
	r, done, err := s.reader(p.file())
	if errors.Is(err, os.ErrNotExist) {
		s.Drop(d, "the file was removed")
		return nil, false, nil
	}
	if err != nil {
		return nil, false, s.unreadable(err)
	}
	defer done()
	value = make([]byte, p.size)
	if _, err := r.ReadAt(value, p.position()); err != nil && err != io.EOF {
		return nil, false, s.unreadable(err)
	}
	if sumOf(d, value) != p.sum {
		s.Drop(d, fmt.Sprintf("the value at byte %d is damaged", p.position()))
		return nil, false, nil
	}
	return value, true, nil
}

func (s *Store) unreadable(err error) error {
	return fmt.Errorf("what is kept in %q cannot be read: %w", s.dir, fault.Cause(err))
}

// reader opens a file for reading. The caller calls done.
func (s *Store) reader(index int) (r *os.File, done func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[index]
	if f.r != nil {
		return f.r, func() {}, nil
	}
	if r, err = os.Open(f.path); err != nil {
		return nil, nil, err
	}
	if s.open >= maxOpen {
		return r, func() { _ = r.Close() }, nil
	}
	s.open++
	f.r = r
	return r, func() {}, nil
}

// Drop forgets a value that turned out to be unusable, with a warning, so that another one can be put
// in its place.
func (s *Store) Drop(d Digest, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := short(d[:])
	p, ok := s.at[key]
	if !ok {
		return
	}
	delete(s.at, key)
	s.damaged[key] = true
	s.warnLocked(s.files[p.file()].path, errors.New(why))
}

// Close closes the files until they are needed again. Values that were put stay.
func (s *Store) Close() error {
	s.commit.Lock()
	defer s.commit.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, f := range s.files {
		if f.r != nil {
			err = errors.Join(err, f.r.Close())
			f.r = nil
		}
	}
	s.open = 0
	return err
}
