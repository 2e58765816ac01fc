package plots

import (
	"encoding/binary"
	"maps"
	"slices"
)

// tables holds the tables of a TrueType file by their four-letter tags.
type tables map[string][]byte

// readTables returns the tables of a TrueType file.
func readTables(ttf []byte) tables {
	t := tables{}
	for i := range int(u16(ttf, 4)) {
		record := ttf[12+16*i:]
		offset, size := binary.BigEndian.Uint32(record[8:]), binary.BigEndian.Uint32(record[12:])
		t[string(record[:4])] = ttf[offset : offset+size]
	}
	return t
}

// write returns the file, with the tables in the order of their tags as the specification
// requires.
func (t tables) write() []byte {
	tags := slices.Sorted(maps.Keys(t))
	clear(t["head"][8:12]) // the checksums are computed with the file's own checksum at 0
	header := searchHeader([]byte{0, 1, 0, 0}, len(tags), 16)
	var body []byte
	for _, tag := range tags {
		header = append(header, tag...)
		header = binary.BigEndian.AppendUint32(header, sum(t[tag]))
		header = binary.BigEndian.AppendUint32(header, uint32(12+16*len(tags)+len(body)))
		header = binary.BigEndian.AppendUint32(header, uint32(len(t[tag])))
		body = append(body, t[tag]...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	file := append(header, body...)
	head := readTables(file)["head"]
	binary.BigEndian.PutUint32(head[8:], 0xB1B0AFBA-sum(file))
	return file
}

// sum returns the sum of the big-endian 32-bit words in b, the last one padded with zeros.
func sum(b []byte) uint32 {
	var s uint32
	for i, c := range b {
		s += uint32(c) << (24 - 8*(i%4))
	}
	return s
}

// searchHeader appends n and the three numbers that help a binary search through
// n records of size bytes.
func searchHeader(b []byte, n, size int) []byte {
	power, log := 1, 0
	for 2*power <= n {
		power, log = 2*power, log+1
	}
	for _, v := range []int{n, power * size, log, (n - power) * size} {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	return b
}

// mapping maps a character of the basic plane to its new glyph.
type mapping struct{ code, glyph uint16 }

// cmapTable returns the table cmap in format 4, with one segment per character, in ascending
// order, and the closing segment that the format requires.
func cmapTable(codes []mapping) []byte {
	codes = append(codes, mapping{0xFFFF, 0})
	n := len(codes)
	size := 16 + 8*n
	var ends, deltas []byte
	for _, c := range codes {
		ends = binary.BigEndian.AppendUint16(ends, c.code)
		deltas = binary.BigEndian.AppendUint16(deltas, c.glyph-c.code)
	}
	b := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12} // one subtable: Windows, Unicode, at 12
	b = append(b, 0, 4, byte(size>>8), byte(size), 0, 0)
	b = searchHeader(b, n, 2)
	binary.BigEndian.PutUint16(b[18:], uint16(2*n)) // this header counts bytes, not segments
	b = append(append(b, ends...), 0, 0)
	b = append(append(b, ends...), deltas...) // each segment starts and ends at the same character
	return append(b, make([]byte, 2*n)...)    // no glyph arrays
}

// u16 returns the big-endian 16-bit number at an offset.
func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
