package rows

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/tidwall/gjson"
)

// cellAt returns value i of a column. Lists, structs and maps are JSON.
func cellAt(column arrow.Array, i int) (c Cell, err error) {
	defer recovered(&err) // the library panics on offsets out of range
	if _, null := column.(*array.Null); null || column.IsNull(i) {
		return Cell{}, nil
	}
	switch a := column.(type) {
	case *array.Dictionary:
		return cellAt(a.Dictionary(), a.GetValueIndex(i))
	case array.ExtensionArray:
		return cellAt(a.Storage(), i)
	case *array.RunEndEncoded:
		return cellAt(a.Values(), a.GetPhysicalIndex(i))
	case *array.Boolean:
		return Cell{Bool, strconv.FormatBool(a.Value(i))}, nil
	case *array.Struct, array.ListLike:
		text, err := appendJSON(nil, column, i)
		return Cell{JSON, string(text)}, err
	case *array.Float16:
		return number(float64(a.Value(i).Float32())), nil
	case *array.Float32:
		return number(float64(a.Value(i))), nil
	case *array.Float64:
		return number(a.Value(i)), nil
	case *array.Timestamp:
		return Cell{Text, timestamp(a, i)}, nil
	case interface{ Value(int) string }:
		return textCell(strings.Clone(a.Value(i))) // which the batch would keep in memory
	case interface{ Value(int) []byte }:
		return textCell(string(a.Value(i)))
	}
	if id := column.DataType().ID(); arrow.IsInteger(id) || arrow.IsDecimal(id) {
		return Cell{Number, column.ValueStr(i)}, nil
	}
	return Cell{Text, column.ValueStr(i)}, nil // dates, times and durations
}

// ErrNotText is the error about bytes that are not UTF-8.
var ErrNotText = errors.New("found bytes, expected UTF-8 text")

// textCell returns text, which must be UTF-8.
func textCell(s string) (Cell, error) {
	if !utf8.ValidString(s) {
		return Cell{}, ErrNotText
	}
	return Cell{Text, s}, nil
}

// number returns a number with all its digits.
func number(v float64) Cell {
	switch {
	case math.IsNaN(v):
		return Cell{Number, "NaN"}
	case math.IsInf(v, 1):
		return Cell{Number, "Infinity"}
	case math.IsInf(v, -1):
		return Cell{Number, "-Infinity"}
	}
	return Cell{Number, strconv.FormatFloat(v, 'g', -1, 64)}
}

// timestamp returns a point in time as ISO 8601 has it; without a zone if the column has none.
func timestamp(a *array.Timestamp, i int) string {
	typ := a.DataType().(*arrow.TimestampType)
	t := a.Value(i).ToTime(typ.Unit)
	if typ.TimeZone == "" {
		return t.Format("2006-01-02T15:04:05.999999999")
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// appendJSON appends value i of a column as JSON.
func appendJSON(out []byte, column arrow.Array, i int) ([]byte, error) {
	if column.IsNull(i) {
		return append(out, "null"...), nil
	}
	switch a := column.(type) {
	case *array.Struct:
		return appendStruct(out, a, i)
	case *array.Map:
		return appendMap(out, a, i)
	case array.ListLike:
		from, to := a.ValueOffsets(i)
		return appendList(out, int(from), int(to), func(out []byte, k int) ([]byte, error) { return appendJSON(out, a.ListValues(), k) })
	}
	c, err := cellAt(column, i)
	switch {
	case c.Kind == Missing:
		return append(out, "null"...), err
	case c.Kind == Text, c.Kind == Number && (strings.HasSuffix(c.Text, "NaN") || strings.HasSuffix(c.Text, "Infinity")):
		return gjson.AppendJSONString(out, c.Text), err
	}
	return append(out, c.Text...), err
}

func appendStruct(out []byte, a *array.Struct, i int) (_ []byte, err error) {
	out = append(out, '{')
	for k, field := range a.DataType().(*arrow.StructType).Fields() {
		if k > 0 {
			out = append(out, ',')
		}
		out = append(gjson.AppendJSONString(out, field.Name), ':')
		if out, err = appendJSON(out, a.Field(k), i); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

// appendMap appends a map as an object, with its keys as text.
func appendMap(out []byte, a *array.Map, i int) (_ []byte, err error) {
	from, to := a.ValueOffsets(i)
	out = append(out, '{')
	for k := int(from); k < int(to); k++ {
		if k > int(from) {
			out = append(out, ',')
		}
		key, err := cellAt(a.Keys(), k)
		if err != nil {
			return nil, err
		}
		out = append(gjson.AppendJSONString(out, key.Text), ':')
		if out, err = appendJSON(out, a.Items(), k); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

func appendList(out []byte, from, to int, element func([]byte, int) ([]byte, error)) (_ []byte, err error) {
	out = append(out, '[')
	for k := from; k < to; k++ {
		if k > from {
			out = append(out, ',')
		}
		if out, err = element(out, k); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}
