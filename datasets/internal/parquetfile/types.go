package parquetfile

import (
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// number says how to convert the values of a column to float64.
type number struct {
	ok       bool // whether the column holds numbers
	unsigned bool
	divisor  float64 // 10^scale for decimals, 1 otherwise
}

// numberOf returns how to convert values of type t. The physical type does not suffice: an INT64
// may be a date, and DuckDB writes the literal 0.5 as a decimal.
func numberOf(t parquet.Type) number {
	n := number{divisor: 1}
	switch t.Kind() {
	case parquet.Boolean, parquet.Float, parquet.Double, kindNull:
		n.ok = true
		return n
	case parquet.Int32, parquet.Int64:
	default:
		return n
	}
	n.ok = true
	if logical := t.LogicalType(); logical != nil {
		switch l := logical.Value.(type) {
		case *format.IntType:
			n.unsigned = !l.IsSigned
		case *format.DecimalType:
			n.divisor = math.Pow10(int(l.Scale))
		case nil:
		default:
			n.ok = false
		}
	}
	return n
}

// kindNull is the kind that parquet-go gives to a column without any value. pyarrow writes such a
// column with the logical type UNKNOWN.
const kindNull parquet.Kind = -1

// IsText reports whether a column holds at most one text per row.
func (f *File) IsText(name string) bool {
	column, ok := f.flat[name]
	return ok && isText(column.typ)
}

func isText(t parquet.Type) bool { return t.Kind() == parquet.ByteArray || t.Kind() == kindNull }

// IsNumber reports whether a column holds at most one number or boolean per row.
func (f *File) IsNumber(name string) bool { return f.flat[name].num.ok }

// IsFixed reports whether a column holds one value of fixed-length bytes in every row.
func (f *File) IsFixed(name string) bool {
	node := f.file.Root().Column(name)
	return node.Leaf() && node.Required() && node.Type().Kind() == parquet.FixedLenByteArray
}

// TypeName describes a column's type for an error message.
func (f *File) TypeName(name string) string { return typeName(f.file.Root().Column(name)) }

func typeName(node parquet.Node) string {
	switch {
	case !node.Leaf():
		return "a nested column"
	case node.Repeated():
		return "a repeated column"
	}
	return node.Type().String()
}
