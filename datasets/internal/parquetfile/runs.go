package parquetfile

import (
	"encoding/binary"
	"errors"
	"math/bits"

	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/encoding/bitpacked"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/format"
)

var errRuns = errors.New("malformed run lengths")

// padding is the number of values that a writer may add to fill up its last run.
const padding = 504

// cutRuns returns the beginning of the hybrid of runs and bit-packed groups that holds n values
// of width bits. It refuses runs that claim more: parquet-go would take the memory for them.
func cutRuns(src []byte, width, n int) ([]byte, error) {
	at, count := 0, 0
	for count < n {
		head, used := binary.Uvarint(src[at:])
		if used <= 0 || head>>1 > uint64(n)+padding {
			return nil, errRuns
		}
		at += used
		values, size := int(head>>1), (width+7)/8
		if head&1 == 1 {
			values, size = 8*values, values*width
		}
		if size > len(src)-at {
			return nil, errRuns
		}
		count, at = count+values, at+size
	}
	return src[:at:at], nil
}

// runs decodes n small numbers, of at most 8 bits, into memory that it takes from buf.
func runs(buf, src []byte, width, n int) ([]byte, error) {
	if width == 0 || n == 0 {
		return append(buf[:0], make([]byte, n)...), nil
	}
	src, err := cutRuns(src, width, n)
	if err != nil {
		return nil, err
	}
	out, err := (&rle.Encoding{BitWidth: width}).DecodeLevels(buf, src)
	if err == nil && len(out) < n {
		err = errRuns
	}
	if err != nil {
		return nil, err
	}
	return out[:n], nil
}

// indexes decodes n indexes into a dictionary, of a page whose first byte is their width.
func indexes(buf []int32, src []byte, n int) ([]int32, error) {
	if n == 0 {
		return buf[:0], nil
	}
	if len(src) == 0 || src[0] > 32 {
		return nil, errRuns
	}
	width := int(src[0])
	if width == 0 {
		return append(buf[:0], make([]int32, n)...), nil
	}
	src, err := cutRuns(src[1:], width, n)
	if err != nil {
		return nil, err
	}
	out, err := (&rle.Encoding{BitWidth: width}).DecodeInt32(buf, src)
	if err == nil && len(out) < n {
		err = errRuns
	}
	if err != nil {
		return nil, err
	}
	return out[:n], nil
}

// levels decodes n levels of at most highest.
func levels(buf, src []byte, highest byte, n int) ([]byte, error) {
	out, err := runs(buf, src, bits.Len8(highest), n)
	if err == nil && highest&(highest+1) != 0 { // more values fit into the bits than there are levels
		for _, level := range out {
			if level > highest {
				return nil, errRuns
			}
		}
	}
	return out, err
}

// levelsV1 decodes the n levels at the start of a data page V1, and returns what follows them.
// The deprecated encoding BIT_PACKED has no length in front.
func levelsV1(buf, src []byte, enc format.Encoding, highest byte, n int) (out, rest []byte, err error) {
	if enc == format.BitPacked {
		size := (bits.Len8(highest)*n + 7) / 8
		if size > len(src) {
			return nil, nil, errShortPage
		}
		out, err = (&bitpacked.Encoding{BitWidth: bits.Len8(highest)}).DecodeLevels(buf, src[:size:size])
		if err == nil && len(out) < n {
			err = errShortPage
		}
		return out[:min(n, len(out))], src[size:], err
	}
	if len(src) < 4 {
		return nil, nil, errShortPage
	}
	size := binary.LittleEndian.Uint32(src)
	if src = src[4:]; uint64(size) > uint64(len(src)) {
		return nil, nil, errShortPage
	}
	out, err = levels(buf, src[:size], highest, n)
	return out, src[size:], err
}

// booleans decodes n booleans that are encoded as runs, which follow their length, into bits.
// parquet-go's decoder repeats a run's byte instead of its bit.
func booleans(src []byte, n int) ([]byte, error) {
	ones, _, err := levelsV1(nil, src, format.RLE, 1, n)
	if err != nil {
		return nil, err
	}
	out := make([]byte, (n+7)/8)
	for i, one := range ones {
		out[i/8] |= one << (i % 8)
	}
	return out, nil
}

// deltas decodes n numbers of the encoding DELTA_BINARY_PACKED, and returns what follows them.
// e is parquet-go's decoder.
func deltas(src []byte, size, n int, e encoding.Encoding) (data, rest []byte, err error) {
	rest, err = skipDeltas(src, 8*size, n)
	if err != nil || n == 0 {
		return nil, rest, err
	}
	src = src[: len(src)-len(rest) : len(src)-len(rest)]
	var v encoding.Values
	if size == 4 {
		v, err = encoding.DecodeInt32(encoding.Int32ValuesFromBytes(nil), src, e)
	} else {
		v, err = encoding.DecodeInt64(encoding.Int64ValuesFromBytes(nil), src, e)
	}
	data, _ = v.Data()
	return data, rest, err
}

// skipDeltas returns what follows n numbers of the encoding DELTA_BINARY_PACKED, of at most
// width bits. It refuses counts that the bytes cannot hold: parquet-go would take the memory for
// them.
func skipDeltas(src []byte, width, n int) (rest []byte, err error) {
	uvarint := func() int {
		v, used := binary.Uvarint(src)
		if used <= 0 || v > 1<<31 {
			err, used = errRuns, 0
			v = 0
		}
		src = src[used:]
		return int(v)
	}
	skipVarint := func() {
		if _, used := binary.Varint(src); used > 0 {
			src = src[used:]
		} else {
			err = errRuns
		}
	}
	block, minis, count := uvarint(), uvarint(), uvarint()
	if skipVarint(); err != nil || count != n || minis == 0 || block == 0 || block%128 != 0 || block/minis%32 != 0 {
		return nil, errRuns
	}
	perMini := block / minis
	for left := n - 1; left > 0; {
		if skipVarint(); err != nil || len(src) < minis {
			return nil, errRuns
		}
		widths := src[:minis]
		src = src[minis:]
		for _, w := range widths {
			if left <= 0 {
				break
			}
			if int(w) > width || perMini*int(w)/8 > len(src) {
				return nil, errRuns
			}
			src, left = src[perMini*int(w)/8:], left-perMini
		}
	}
	return src, nil
}
