package parquetfile

import (
	"encoding/binary"
	"math/bits"

	"github.com/parquet-go/parquet-go/encoding/bitpacked"
	"github.com/parquet-go/parquet-go/format"
)

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
