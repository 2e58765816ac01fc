package parquetfile

import (
	"encoding/binary"
	"errors"

	"github.com/parquet-go/parquet-go/encoding/rle"
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
