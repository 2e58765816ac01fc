package store

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gofrs/flock"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// Files are opened here and not by package outfile: they grow in place, and an answer that arrives
// after an interruption was paid for and shall be kept.

// append writes values to a file that no other process is writing, and adds them to the index.
func (s *Store) append(b *batch) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return s.failed(err)
	}
	for i := 0; ; i++ {
		path, unlock, err := s.lock(i)
		if err == nil && unlock != nil {
			err = s.appendTo(path, b)
			unlock()
		}
		switch {
		case unusable(err):
			s.warn(path, err)
		case err != nil:
			return s.failed(err)
		case unlock != nil:
			return nil
		}
	}
}

// failed returns the error of values that could not be kept.
func (s *Store) failed(err error) error {
	return fault.Wrap(hint.With(fmt.Errorf("nothing can be kept in %q: %w", s.dir, fault.Cause(err)),
		"make that folder writable and free some space, or choose another folder"))
}

// lock locks the i-th file of this user on this machine, and returns no unlock if another process is
// writing it: no process waits for another. Users cannot write each other's files, and machines that
// share a folder may not share locks: each has files of its own.
func (s *Store) lock(i int) (path string, unlock func(), err error) {
	path = filepath.Join(s.dir, fmt.Sprintf("%s-%d%s", writer(), i, extension))
	unlock, err = s.tryLock(path + lockExtension)
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.ENOLCK) {
		return s.private(), func() {}, nil
	}
	return path, unlock, err
}

// tryLock locks a file, and returns nil if another process has locked it.
func tryLock(path string) (unlock func(), err error) {
	l := flock.New(path, flock.SetPermissions(0o600))
	locked, err := l.TryLock()
	if !locked || err != nil {
		return nil, err
	}
	return func() { _ = l.Unlock() }, nil
}

// writer returns what the names of this user's files on this machine begin with.
func writer() string {
	host, _ := os.Hostname() // machines without a name share their locks
	return fmt.Sprintf("%08x", crc32.ChecksumIEEE(fmt.Appendf(nil, "%s %d", host, os.Getuid())))
}

// private returns the path of a file that this process alone writes, for file systems without
// locks.
func (s *Store) private() string {
	if s.own == "" {
		s.own = filepath.Join(s.dir, fmt.Sprintf("%s-%x%s", writer(), newMarker(), extension))
	}
	return s.own
}

// appendTo appends to a locked file, after it has read what other processes added. It removes what
// a killed process wrote incompletely.
func (s *Store) appendTo(path string, b *batch) error {
	w, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer w.Close()
	f, err := s.loadFrom(context.Background(), path, w)
	if errors.Is(err, errShort) {
		f, err = s.begin(path, w)
	}
	if err != nil {
		return err
	}
	if err := trim(w, f.end); err != nil {
		return err
	}
	if err := s.write(w, f, b); err != nil {
		return errors.Join(err, trim(w, f.end))
	}
	s.publish(f, b)
	return nil
}

// begin writes the header of a new file.
func (s *Store) begin(path string, w *os.File) (*file, error) {
	m := newMarker()
	h := header(m, s.kind)
	if _, err := w.WriteAt(h, 0); err != nil {
		return nil, err
	}
	s.syncDir()
	f, _ := s.fileOf(path, m, int64(len(h)))
	return f, nil
}

// trim removes what follows the last frame.
func trim(w *os.File, end int64) error {
	info, err := w.Stat()
	if err != nil || info.Size() <= end {
		return err
	}
	return w.Truncate(end)
}

// write writes frames at the end of a file, and waits until they are on disk.
func (s *Store) write(w *os.File, f *file, b *batch) error {
	s.out.Reset(io.NewOffsetWriter(w, f.end))
	out := s.out
	for from, to := range b.frames() {
		out.Write(frameHead(f.marker, b.entries[from:to], b.replace)) // Flush returns the first error
		for _, v := range b.values[from:to] {
			out.Write(v)
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return s.sync(w)
}

// publish adds values that are on disk to the index.
func (s *Store) publish(f *file, b *batch) {
	_, index := s.fileOf(f.path, f.marker, f.start)
	for from, to := range b.frames() {
		f.end += int64(fixedFrame + entrySize*(to-from))
		for _, e := range b.entries[from:to] {
			s.add(index, e, f.end, b.replace)
			f.end += int64(e.size)
		}
	}
}

// syncDir makes the names in the folder survive a power cut, where the system can.
func (s *Store) syncDir() {
	if d, err := os.Open(s.dir); err == nil {
		_ = s.sync(d)
		_ = d.Close()
	}
}
