package parquetfile

import (
	"encoding/binary"

	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/encoding/delta"
)

// deltas decodes n numbers of size bytes of the encoding DELTA_BINARY_PACKED, and returns what
// follows them.
func deltas(src []byte, size, n int) (data, rest []byte, err error) {
	rest, err = skipDeltas(src, 8*size, n)
	if err != nil || n == 0 {
		return nil, rest, err
	}
	src = src[: len(src)-len(rest) : len(src)-len(rest)]
	var v encoding.Values
	e := new(delta.BinaryPackedEncoding)
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
