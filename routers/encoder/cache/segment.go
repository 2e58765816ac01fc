package cache

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/internal/outfile"
)

// A segment file consists of a header, the digests of the texts, their vectors as
// little-endian float32, and the SHA-256 of everything before it.

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

// segment is one file of the cache. Its checksum is checked when one of its vectors is
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
		out[i] = make([]float32, s.dim)
		for k := range out[i] {
			out[i][k] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*k:]))
		}
	}
	return out, nil
}

// writeSegment writes at least one vector, all of the same length, to a new file. The
// file appears atomically and is named by its checksum, so two processes cannot clash.
func writeSegment(dir string, key digest, digests []digest, vectors [][]float32) (*segment, error) {
	h := header{Magic: magic, Key: key, Dim: uint32(len(vectors[0])), Count: uint32(len(vectors))}
	var b bytes.Buffer
	for _, part := range []any{h, digests} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			return nil, err
		}
	}
	for _, v := range vectors {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			return nil, err
		}
	}
	sum := sha256.Sum256(b.Bytes())
	b.Write(sum[:])
	path := filepath.Join(dir, hex.EncodeToString(sum[:])+extension)
	if err := outfile.Write(path, b.Bytes()); err != nil {
		return nil, err
	}
	return &segment{path: path, dim: len(vectors[0]), digests: digests, checked: true}, nil
}
