package datasets

import (
	"reflect"

	"github.com/parquet-go/parquet-go"
)

// node returns the schema of the column. It chooses a dictionary if values repeat: a quality of
// 0 or 1 then takes one bit. Cues have few distinct values.
func (c AnyColumn) node() parquet.Node {
	switch {
	case c.Bools != nil:
		return parquet.Leaf(parquet.BooleanType)
	case c.Bytes != nil:
		return encoded(parquet.Leaf(parquet.FixedLenByteArrayType(len(c.Bytes[0]))), repeats(c.Bytes))
	case c.Vectors != nil:
		return parquet.List(encoded(parquet.Leaf(parquet.FloatType), c.Name == colCues))
	case c.Strings != nil:
		return encoded(parquet.String(), repeats(c.Strings))
	case c.Texts != nil:
		return parquet.Optional(encoded(parquet.String(), repeats(c.filled())))
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

// filled returns the texts that are not null.
func (c AnyColumn) filled() []string {
	var out []string
	for _, s := range c.Texts {
		if s != nil {
			out = append(out, *s)
		}
	}
	return out
}
