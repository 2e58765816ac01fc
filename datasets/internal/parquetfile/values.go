package parquetfile

import (
	"encoding/binary"
	"errors"

	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

var errShortPage = errors.New("a page holds fewer values than its header claims")

// values holds the non-null values of a page or of a dictionary, decoded to the layout of the
// encoding PLAIN.
type values struct {
	n       int
	typ     format.Type
	data    []byte   // little-endian numbers, or bits from the lowest, or bytes
	size    int      // length of each value of a type of fixed length
	offsets []uint32 // places of byte arrays: value i is data[offsets[i]+gap : offsets[i+1]]
	gap     uint32
}

// width returns the number of bytes per value, or 0 if it varies or is a bit.
func width(e *format.SchemaElement) int {
	switch e.Type.V {
	case format.Int32, format.Float:
		return 4
	case format.Int64, format.Double:
		return 8
	case format.Int96:
		return 12
	case format.FixedLenByteArray:
		return int(e.TypeLength.V)
	}
	return 0
}

// newValues returns n values with the layout of PLAIN. It checks that data holds them.
func newValues(e *format.SchemaElement, data []byte, n int) (values, error) {
	v := values{n: n, typ: e.Type.V, data: data, size: width(e)}
	switch {
	case v.typ == format.ByteArray:
		return v, v.plainOffsets()
	case v.typ == format.Boolean && n > 8*len(data), n*v.size > len(data):
		return v, errShortPage
	}
	return v, nil
}

// plainOffsets finds byte arrays, each of which follows its length.
func (v *values) plainOffsets() error {
	v.gap, v.offsets = 4, make([]uint32, v.n+1)
	at := 0
	for i := range v.n {
		if at+4 > len(v.data) {
			return errShortPage
		}
		v.offsets[i] = uint32(at)
		length := int(binary.LittleEndian.Uint32(v.data[at:]))
		if at += 4; length > len(v.data)-at {
			return errShortPage
		}
		at += length
	}
	v.offsets[v.n] = uint32(at)
	return nil
}

// bytes returns value i of bytes of any length.
func (v *values) bytes(i int) []byte {
	if v.typ == format.ByteArray {
		return v.data[v.offsets[i]+v.gap : v.offsets[i+1]]
	}
	return v.data[i*v.size : (i+1)*v.size]
}

// The numbers are read where they lie, without a copy.

func (v *values) int32s() []int32 {
	u := encoding.Int32ValuesFromBytes(v.data)
	return u.Int32()[:v.n]
}

func (v *values) int64s() []int64 {
	u := encoding.Int64ValuesFromBytes(v.data)
	return u.Int64()[:v.n]
}

func (v *values) float32s() []float32 {
	u := encoding.FloatValuesFromBytes(v.data)
	return u.Float()[:v.n]
}

func (v *values) float64s() []float64 {
	u := encoding.DoubleValuesFromBytes(v.data)
	return u.Double()[:v.n]
}

// bit returns boolean i.
func (v *values) bit(i int) byte { return v.data[i/8] >> (i % 8) & 1 }
