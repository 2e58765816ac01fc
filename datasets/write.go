package datasets

import (
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"unicode/utf8"

	"github.com/routellm/routellm/internal/text"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// AnyColumn holds one column for [WriteColumns]. Exactly one of Strings, Bytes, Floats, Bools
// and Vectors is non-nil and holds one value per row.
type AnyColumn struct {
	Name    string
	Strings []string
	Bytes   []string  // byte strings, all of the same length
	Floats  []float64 // finite numbers, or NaN, which is written as null
	Bools   []bool
	Vectors [][]float32 // vectors of finite numbers, all of the same length
}

func (c AnyColumn) rows() int {
	return len(c.Strings) + len(c.Bytes) + len(c.Floats) + len(c.Bools) + len(c.Vectors)
}

// dim returns the number of values per row.
func (c AnyColumn) dim() int {
	if len(c.Vectors) > 0 {
		return len(c.Vectors[0])
	}
	return 1
}

// Limits of a row group, which the writer holds in memory.
const (
	groupRows   = 1 << 20 // rows
	groupValues = 1 << 22 // values in one column, unless a single row holds more
)

// WriteColumns writes columns of equal length as Parquet, in the given order, with the given
// key/value metadata. Equal input gives equal bytes. Floats become nullable doubles; all other
// columns are required. Vectors become lists of 32-bit floats. Infinite numbers, text that is
// not UTF-8, repeated or empty names and unequal lengths are errors.
func WriteColumns(w io.Writer, columns []AnyColumn, meta map[string]string) error {
	if err := checkColumns(columns); err != nil {
		return err
	}
	options := []parquet.WriterOption{
		parquet.NewSchema("samples", newOrdered(columns)), parquet.CreatedBy("routellm", "1", "0"),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedBetterCompression}),
	}
	for key, value := range meta { // parquet-go sorts them
		options = append(options, parquet.KeyValueMetadata(key, value))
	}
	pw := parquet.NewWriter(w, options...)
	step := groupRows
	for _, c := range columns {
		step = min(step, max(1, groupValues/c.dim()))
	}
	for from := 0; from < columns[0].rows(); from += step {
		to := min(from+step, columns[0].rows())
		for i, cw := range pw.ColumnWriters() {
			if err := writeValues(cw, columns[i], from, to); err != nil {
				return fmt.Errorf("column %q: %w", columns[i].Name, err)
			}
		}
		if err := pw.Flush(); err != nil {
			return err
		}
	}
	return pw.Close()
}

func checkColumns(columns []AnyColumn) error {
	if len(columns) == 0 {
		return errors.New("no columns to write, expected at least one")
	}
	seen := map[string]bool{}
	for _, c := range columns {
		switch {
		case c.Name == "" || seen[c.Name]:
			return fmt.Errorf("column %q: expected a unique, non-empty name", c.Name)
		case c.rows() != columns[0].rows():
			return fmt.Errorf("column %q: %s, expected %d as in %q", c.Name, text.Plural(c.rows(), "row"), columns[0].rows(), columns[0].Name)
		}
		seen[c.Name] = true
		if i := slices.IndexFunc(c.Floats, func(v float64) bool { return math.IsInf(v, 0) }); i >= 0 {
			return fmt.Errorf("row %d, column %q: found %v, expected a finite number", i+1, c.Name, c.Floats[i])
		}
		if i := slices.IndexFunc(c.Bytes, func(s string) bool { return len(s) != len(c.Bytes[0]) || s == "" }); i >= 0 {
			return fmt.Errorf("row %d, column %q: found %s, expected %d as in row 1", i+1, c.Name, text.Plural(len(c.Bytes[i]), "byte"), len(c.Bytes[0]))
		}
		if i := slices.IndexFunc(c.Strings, func(s string) bool { return !utf8.ValidString(s) }); i >= 0 {
			return fmt.Errorf("row %d, column %q: found %s, expected UTF-8", i+1, c.Name, quote(c.Strings[i]))
		}
		dim := 0
		for i, v := range c.Vectors {
			if found := invalidVector(v, dim); found != "" {
				return badCell{i + 1, c.Name, found, expectedVector(dim)}
			}
			dim = len(v)
		}
	}
	return nil
}

// writeValues writes rows [from, to) of a column in slices of about 4096 values.
func writeValues(cw *parquet.ColumnWriter, c AnyColumn, from, to int) error {
	step := max(1, 4096/c.dim())
	values := make([]parquet.Value, 0, step*c.dim())
	for ; from < to; from += step {
		values = values[:0]
		for i := from; i < min(from+step, to); i++ {
			values = c.appendRow(values, i)
		}
		if _, err := cw.WriteRowValues(values); err != nil {
			return err
		}
	}
	return nil
}

// appendRow appends the values of row i.
func (c AnyColumn) appendRow(values []parquet.Value, i int) []parquet.Value {
	if c.Vectors == nil {
		return append(values, c.value(i))
	}
	for k, x := range c.Vectors[i] {
		values = append(values, parquet.FloatValue(x).Level(min(k, 1), 1, 0))
	}
	return values
}

func (c AnyColumn) value(i int) parquet.Value {
	switch {
	case c.Strings != nil:
		return parquet.ByteArrayValue([]byte(c.Strings[i]))
	case c.Bytes != nil:
		return parquet.FixedLenByteArrayValue([]byte(c.Bytes[i]))
	case c.Bools != nil:
		return parquet.BooleanValue(c.Bools[i])
	case math.IsNaN(c.Floats[i]):
		return parquet.NullValue()
	}
	return parquet.DoubleValue(c.Floats[i]).Level(0, 1, 0)
}

// node returns the schema of the column. It chooses a dictionary if values repeat: a quality of
// 0 or 1 then takes one bit.
func (c AnyColumn) node() parquet.Node {
	switch {
	case c.Bools != nil:
		return parquet.Leaf(parquet.BooleanType)
	case c.Bytes != nil:
		return encoded(parquet.Leaf(parquet.FixedLenByteArrayType(len(c.Bytes[0]))), repeats(c.Bytes))
	case c.Vectors != nil:
		return parquet.List(encoded(parquet.Leaf(parquet.FloatType), false))
	case c.Strings != nil:
		return encoded(parquet.String(), repeats(c.Strings))
	}
	return parquet.Optional(encoded(parquet.Leaf(parquet.DoubleType), repeats(c.Floats)))
}

func encoded(node parquet.Node, dictionary bool) parquet.Node {
	if dictionary {
		return parquet.Encoded(node, &parquet.RLEDictionary)
	}
	return parquet.Encoded(node, &parquet.Plain)
}

// repeats reports whether at most a quarter of the values are distinct.
func repeats[T comparable](values []T) bool {
	distinct := map[T]struct{}{}
	for _, v := range values {
		if v == v { // a NaN would count as distinct each time
			distinct[v] = struct{}{}
		}
		if 4*len(distinct) > len(values) {
			return false
		}
	}
	return true
}

// ordered is a schema root that keeps its fields in order. parquet.Group sorts them by name.
type ordered struct {
	parquet.Group
	fields []parquet.Field
}

type field struct {
	parquet.Node
	name string
}

func (f field) Name() string                           { return f.name }
func (f field) Value(base reflect.Value) reflect.Value { return base.FieldByName(f.name) }
func (o ordered) Fields() []parquet.Field              { return o.fields }

func newOrdered(columns []AnyColumn) ordered {
	o := ordered{}
	for _, c := range columns {
		o.fields = append(o.fields, field{Node: c.node(), name: c.Name})
	}
	return o
}
