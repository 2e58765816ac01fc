package store

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// A file is a header and frames. All numbers are little-endian, all checksums are CRC-32C.
//
//	header: magic (8 bytes), marker (8), length of kind (1), kind, checksum of all this (4)
//	frame:  marker (8), count and flag (4), count entries, checksum of all this (4), count values
//	entry:  digest (32), length of the value (4), checksum of digest and value (4)
//
// A frame holds the values that were put together. Its entries stand in front of the values, so
// that a file is opened without reading the values. The marker is random: no value can contain it
// on purpose, and frames behind a damaged place are found by it. The flag says that the values count
// in place of others with the same digests, which were damaged.

const (
	markerSize   = 8
	fixedHeader  = len(magic) + markerSize + 1 + 4
	fixedFrame   = markerSize + 4 + 4
	entrySize    = 32 + 4 + 4
	maxEntries   = 1 << 14
	replaceFlag  = 1 << 31
	maxValue     = 1 << 30
	maxKind      = 255
	magic        = "RLSTORE\x01"
	magicVersion = len(magic) - 1 // position of the version in magic
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type marker [markerSize]byte

// entry describes one value of a frame.
type entry struct {
	digest Digest
	size   uint32
	sum    uint32
}

// sumOf returns the checksum of a value under its digest.
func sumOf(d Digest, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(d[:], castagnoli), castagnoli, value)
}

func newMarker() (m marker) {
	rand.Read(m[:]) // never fails
	return m
}

func appendSum(b []byte, from int) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[from:], castagnoli))
}

// summed reports whether the last four bytes are the checksum of those before.
func summed(b []byte) bool {
	n := len(b) - 4
	return binary.LittleEndian.Uint32(b[n:]) == crc32.Checksum(b[:n], castagnoli)
}

func header(m marker, kind string) []byte {
	b := append([]byte(magic), m[:]...)
	b = append(append(b, byte(len(kind))), kind...)
	return appendSum(b, 0)
}

// errShort says that a file ends within its header, as after a kill. It holds no value.
var errShort = errors.New("the header is incomplete")

// notOurs is the error of a file that this version cannot read.
type notOurs struct{ error }

func unusable(err error) bool { return errors.As(err, new(notOurs)) }

// parseHeader reads a header from the start of a file. size is the header's length.
func parseHeader(b []byte) (m marker, kind string, size int, err error) {
	n := min(len(b), magicVersion)
	switch {
	case !bytes.Equal(b[:n], []byte(magic[:n])):
		return m, "", 0, notOurs{errors.New("not a file of a store")}
	case len(b) < fixedHeader:
		return m, "", 0, errShort
	case b[magicVersion] != magic[magicVersion]:
		return m, "", 0, notOurs{fmt.Errorf("found version %d, expected %d: another release of routellm wrote it", b[magicVersion], magic[magicVersion])}
	}
	size = fixedHeader + int(b[fixedHeader-5])
	switch {
	case len(b) < size:
		return m, "", 0, errShort
	case !summed(b[:size]):
		return m, "", 0, notOurs{errors.New("damaged: the header's checksum does not match")}
	}
	return marker(b[len(magic):]), string(b[fixedHeader-4 : size-4]), size, nil
}

// frameHead returns what stands in front of the values of a frame.
func frameHead(m marker, entries []entry, replace bool) []byte {
	b := make([]byte, 0, fixedFrame+entrySize*len(entries))
	count := uint32(len(entries))
	if replace {
		count |= replaceFlag
	}
	b = binary.LittleEndian.AppendUint32(append(b, m[:]...), count)
	for _, e := range entries {
		b = append(b, e.digest[:]...)
		b = binary.LittleEndian.AppendUint32(b, e.size)
		b = binary.LittleEndian.AppendUint32(b, e.sum)
	}
	return appendSum(b, 0)
}

// frameCount returns the number of entries of a frame, of which b holds the first bytes, and its
// flag. The number is 0 if there is no frame.
func frameCount(m marker, b []byte) (count int, replace bool) {
	if !bytes.HasPrefix(b, m[:]) {
		return 0, false
	}
	n := binary.LittleEndian.Uint32(b[markerSize:])
	count, replace = int(n&^replaceFlag), n&replaceFlag != 0
	if count > maxEntries {
		return 0, false
	}
	return count, replace
}

// parseEntry reads the i-th entry of a frame's head.
func parseEntry(head []byte, i int) entry {
	b := head[markerSize+4+entrySize*i:]
	return entry{Digest(b), binary.LittleEndian.Uint32(b[32:]), binary.LittleEndian.Uint32(b[36:])}
}
