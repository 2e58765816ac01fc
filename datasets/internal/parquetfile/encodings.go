package parquetfile

import (
	"encoding/binary"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"

	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/encoding/bytestreamsplit"
	"github.com/parquet-go/parquet-go/format"
)

// maxPrefixed bounds the bytes of one page of the encoding DELTA_BYTE_ARRAY, whose values repeat
// the beginnings of those before them: few bytes in a file can stand for any number.
const maxPrefixed = 1 << 28

// decode decodes n values of a page. The result may alias data.
func decode(e *format.SchemaElement, enc format.Encoding, data []byte, n int) (values, error) {
	size, isBytes := width(e), e.Type.V == format.ByteArray || e.Type.V == format.FixedLenByteArray
	isInteger := e.Type.V == format.Int32 || e.Type.V == format.Int64
	switch {
	case n == 0:
		return values{typ: e.Type.V, size: size}, nil
	case enc == format.Plain:
		return newValues(e, data, n)
	case enc == format.RLE && e.Type.V == format.Boolean:
		packed, err := booleans(data, n)
		return values{n: n, typ: e.Type.V, data: packed}, err
	case enc == format.ByteStreamSplit && size > 0 && e.Type.V != format.Int96:
		return split(e, data, size, n)
	case enc == format.DeltaBinaryPacked && isInteger:
		numbers, _, err := deltas(data, size, n)
		if err != nil {
			return values{}, err
		}
		return newValues(e, numbers, n)
	case enc == format.DeltaLengthByteArray && e.Type.V == format.ByteArray:
		return lengthsFirst(data, n)
	case enc == format.DeltaByteArray && isBytes:
		return prefixed(e, data, n)
	}
	return values{}, parquetcheck.Encoding(enc)
}

// split decodes values whose first bytes come first, then all second bytes, and so on.
func split(e *format.SchemaElement, data []byte, size, n int) (values, error) {
	if n*size > len(data) {
		return values{}, errShortPage
	}
	var v encoding.Values
	var err error
	switch data, enc := data[:n*size], new(bytestreamsplit.Encoding); size {
	case 4:
		v, err = encoding.DecodeInt32(encoding.Int32ValuesFromBytes(nil), data, enc)
	case 8:
		v, err = encoding.DecodeInt64(encoding.Int64ValuesFromBytes(nil), data, enc)
	default:
		v, err = encoding.DecodeFixedLenByteArray(encoding.FixedLenByteArrayValues(nil, size), data, enc)
	}
	if err != nil {
		return values{}, err
	}
	joined, _ := v.Data()
	return newValues(e, joined, n)
}

// lengthsFirst decodes texts of which all lengths come first.
func lengthsFirst(data []byte, n int) (values, error) {
	lengths, rest, err := deltas(data, 4, n)
	if err != nil {
		return values{}, err
	}
	v := values{n: n, typ: format.ByteArray, data: rest, offsets: make([]uint32, n+1)}
	at := 0
	for i := range n {
		length := int(binary.LittleEndian.Uint32(lengths[4*i:]))
		if length > len(rest)-at {
			return v, errShortPage
		}
		at += length
		v.offsets[i+1] = uint32(at)
	}
	return v, nil
}

// prefixed decodes values that share their first bytes with the value before.
func prefixed(e *format.SchemaElement, data []byte, n int) (values, error) {
	shared, data, err := deltas(data, 4, n)
	if err != nil {
		return values{}, err
	}
	suffixes, err := lengthsFirst(data, n)
	if err != nil {
		return values{}, err
	}
	v := values{n: n, typ: e.Type.V, size: width(e), offsets: make([]uint32, n+1)}
	var last []byte
	for i := range n {
		prefix, suffix := int(binary.LittleEndian.Uint32(shared[4*i:])), suffixes.bytes(i)
		if prefix > len(last) || len(v.data)+prefix+len(suffix) > maxPrefixed || v.size > 0 && prefix+len(suffix) != v.size {
			return v, errShortPage
		}
		from := len(v.data)
		v.data = append(append(v.data, last[:prefix]...), suffix...)
		last = v.data[from:]
		v.offsets[i+1] = uint32(len(v.data))
	}
	return v, nil
}
