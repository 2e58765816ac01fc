package parquetfile

import (
	"errors"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// decoder decodes the non-null values of a page. If the page has a dictionary, its values are
// indexes into that.
type decoder[T any] struct {
	plain   func(v encoding.Values, n int) ([]T, error) // decodes n values
	dict    parquet.Dictionary                          // dictionary of the last page
	entries []T                                         // decoded values of dict
}

// flat decodes a page of a flat column, nulls included.
func (d *decoder[T]) flat(page parquet.Page, null T) ([]T, error) {
	rows, nulls := int(page.NumValues()), int(page.NumNulls())
	values, err := d.present(page, rows-nulls)
	if err != nil || nulls == 0 {
		return values, err
	}
	spread := make([]T, rows)
	for i, level := range page.DefinitionLevels() {
		if level == 0 {
			spread[i] = null
			continue
		}
		spread[i], values = values[0], values[1:]
	}
	return spread, nil
}

// present decodes the n non-null values of a page.
func (d *decoder[T]) present(page parquet.Page, n int) ([]T, error) {
	dict, data := page.Dictionary(), page.Data()
	if dict == nil {
		return d.plain(data, n)
	}
	if dict != d.dict {
		entries, err := d.plain(dict.Page().Data(), dict.Len())
		if err != nil {
			return nil, err
		}
		d.dict, d.entries = dict, entries
	}
	indexes := data.Int32()
	if n > len(indexes) {
		return nil, errors.New("a page holds fewer values than its header claims")
	}
	values := make([]T, n)
	for i, index := range indexes[:n] {
		if uint(index) >= uint(len(d.entries)) {
			return nil, errors.New("a value lies outside the dictionary")
		}
		values[i] = d.entries[index]
	}
	return values, nil
}

// plainTexts cuts n texts out of one copy of the page's bytes, which takes one allocation per
// page instead of one per value.
func plainTexts(v encoding.Values, n int) ([]string, error) {
	if n == 0 {
		return nil, nil
	}
	data, offsets := v.ByteArray()
	base := offsets[0]
	all := string(data[base:offsets[n]])
	texts := make([]string, n)
	for i := range texts {
		texts[i] = all[offsets[i]-base : offsets[i+1]-base]
		if !utf8.ValidString(texts[i]) {
			return nil, notUTF8(texts[i][:min(16, len(texts[i]))])
		}
	}
	return texts, nil
}

// plainFixed cuts n fixed-length values out of one copy of the page's bytes.
func plainFixed(v encoding.Values, n int) ([]string, error) {
	data, size := v.FixedLenByteArray()
	all := string(data[:n*size])
	values := make([]string, n)
	for i := range values {
		values[i] = all[i*size : (i+1)*size]
	}
	return values, nil
}

// plainFloats returns a function that decodes numbers of any accepted kind. Its result may
// alias the page.
func plainFloats(num number) func(encoding.Values, int) ([]float64, error) {
	return func(v encoding.Values, n int) ([]float64, error) {
		switch kind := v.Kind(); {
		case n == 0:
			return nil, nil
		case kind == encoding.Double:
			return v.Double()[:n], nil
		case kind == encoding.Float:
			return convert(v.Float()[:n], 1), nil
		case kind == encoding.Boolean:
			return unpack(v.Boolean(), n), nil
		case kind == encoding.Int32 && num.unsigned:
			return convert(v.Uint32()[:n], 1), nil
		case kind == encoding.Int32:
			return convert(v.Int32()[:n], num.divisor), nil
		case kind == encoding.Int64 && num.unsigned:
			return convert(v.Uint64()[:n], 1), nil
		default:
			return convert(v.Int64()[:n], num.divisor), nil
		}
	}
}

func convert[T float32 | int32 | uint32 | int64 | uint64](in []T, divisor float64) []float64 {
	out := make([]float64, len(in))
	for i, v := range in {
		out[i] = float64(v) / divisor
	}
	return out
}

// unpack reads one bit per value, the lowest first.
func unpack(packed []byte, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(packed[i/8] >> (i % 8) & 1)
	}
	return out
}
