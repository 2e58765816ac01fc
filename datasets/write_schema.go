package datasets

import (
	"github.com/parquet-go/parquet-go"

	"github.com/routellm/routellm/datasets/internal/parquetorder"
)

// nodeOf returns the schema of a column. It chooses a dictionary if values repeat: a quality of
// 0 or 1 then takes one bit. Cues have few distinct values.
func nodeOf(c AnyColumn) parquet.Node {
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

// schemaOf returns the schema of columns in their order.
func schemaOf(columns []AnyColumn) parquet.Node {
	var out []parquetorder.Column
	for _, c := range columns {
		out = append(out, parquetorder.Column{Name: c.Name, Node: nodeOf(c)})
	}
	return parquetorder.Root(out)
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
