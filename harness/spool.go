package harness

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/outfile"
)

// spoolMemory is the number of bytes that a spool keeps in memory.
const spoolMemory = 64 << 20

// spool keeps what is written to it: in memory, or from spoolMemory bytes on in a temporary
// file. Close removes it.
type spool struct {
	memory bytes.Buffer
	file   *os.File // nil while everything is in memory
	remove func()
	size   int64
}

// Write adds bytes.
func (s *spool) Write(p []byte) (int, error) {
	if s.file == nil && s.memory.Len()+len(p) > spoolMemory {
		if err := s.spill(); err != nil {
			return 0, fault.Wrap(err)
		}
	}
	s.size += int64(len(p))
	if s.file == nil {
		return s.memory.Write(p)
	}
	n, err := s.file.Write(p)
	return n, fault.Wrap(err)
}

// spill moves what is in memory to a temporary file.
func (s *spool) spill() error {
	dir, remove, err := outfile.TempDir("routellm-*")
	if err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "data"))
	if err == nil {
		_, err = f.Write(s.memory.Bytes())
	}
	if err != nil {
		remove()
		return err
	}
	s.file, s.remove, s.memory = f, remove, bytes.Buffer{}
	return nil
}

// reader returns the bytes, which must not grow from now on.
func (s *spool) reader() io.ReaderAt {
	if s.file == nil {
		return bytes.NewReader(s.memory.Bytes())
	}
	return s.file
}

// Close removes the bytes.
func (s *spool) Close() error {
	if s.file == nil {
		s.memory = bytes.Buffer{}
		return nil
	}
	err := s.file.Close()
	s.remove()
	return err
}
