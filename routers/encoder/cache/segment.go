package cache

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Releases up to 2026-11 wrote segment files. A segment file consists of a header, the digests of the
// texts, their vectors as little-endian float32, and the SHA-256 of everything before it.

const (
	extension  = ".vectors"
	headerSize = int64(len(header{}.Magic) + sha256.Size + 4 + 4)
)

type digest = [sha256.Size]byte

// header is the start of a segment, in little-endian order.
type header struct {
	Magic [8]byte
	Key   digest
	Dim   uint32 // number of components per vector
	Count uint32 // number of texts
}

var magic = [8]byte{'R', 'L', 'V', 'E', 'C', 0, 0, 1}

// segment is one such file. Its checksum is checked when one of its vectors is
// first used.
type segment struct {
	path    string
	dim     int
	digests []digest
	checked bool
}

// vectorsAt returns the offset of the vectors in the file.
func (s *segment) vectorsAt() int64 { return headerSize + int64(len(s.digests))*sha256.Size }

// openSegment reads everything except the vectors. key is the digest of the cache's key.
func openSegment(path string, key digest) (*segment, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var h header
	r := bufio.NewReader(f)
	switch err := binary.Read(r, binary.LittleEndian, &h); {
	case err != nil || h.Magic != magic:
		return nil, errors.New("not a file of vectors")
	case h.Key != key:
		return nil, errors.New("it belongs to another cache key")
	}
	// Written this way, no header makes the sum overflow.
	texts := (info.Size() - headerSize - sha256.Size) / (sha256.Size + 4*int64(h.Dim))
	if want := headerSize + texts*(sha256.Size+4*int64(h.Dim)) + sha256.Size; h.Dim == 0 || int64(h.Count) != texts || info.Size() != want {
		return nil, fmt.Errorf("incomplete: %d bytes do not hold %d vectors of %d components", info.Size(), h.Count, h.Dim)
	}
	s := &segment{path: path, dim: int(h.Dim), digests: make([]digest, h.Count)}
	return s, binary.Read(r, binary.LittleEndian, s.digests)
}

// check compares the whole file with its checksum.
func (s *segment) check(f *os.File) error {
	if s.checked {
		return nil
	}
	size := s.vectorsAt() + int64(len(s.digests))*int64(s.dim)*4
	sum, want := sha256.New(), make([]byte, sha256.Size)
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, size)); err != nil {
		return err
	}
	if _, err := f.ReadAt(want, size); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), want) {
		return errors.New("damaged: the checksum does not match")
	}
	s.checked = true
	return nil
}

// read returns the vectors of the given rows.
func (s *segment) read(rows []int) ([][]float32, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := s.check(f); err != nil {
		return nil, err
	}
	out, raw := make([][]float32, len(rows)), make([]byte, 4*s.dim)
	for i, row := range rows {
		if _, err := f.ReadAt(raw, s.vectorsAt()+int64(row)*int64(len(raw))); err != nil {
			return nil, err
		}
		out[i] = unpack(raw)
	}
	return out, nil
}
