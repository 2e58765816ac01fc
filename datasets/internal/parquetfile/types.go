package parquetfile

import (
	"fmt"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// scalar says how to read the values of a leaf.
type scalar struct {
	kind   Kind                                    // kind of the cells; Missing if the values cannot be read
	floats func(v *values, from, to int) []float64 // nil unless the values are numbers or booleans
	text   func(v *values, i int) string           // nil if the values are texts themselves
}

// none reports whether the node is a column without any value, as pyarrow writes it.
func (n *node) none() bool {
	_, ok := logicalOf(n.elem).(*format.NullType)
	return ok && n.isLeaf()
}

// scalarOf returns how to read the values of a leaf. The physical type does not suffice: an
// INT64 may be a date, and DuckDB writes the literal 0.5 as a decimal.
func scalarOf(e *format.SchemaElement) scalar {
	switch l := logicalOf(e).(type) {
	case *format.DecimalType:
		return decimals(e.Type.V, int(l.Scale))
	case *format.Float16Type:
		if e.Type.V == format.FixedLenByteArray && e.TypeLength.V == 2 {
			return scalar{Number, halves, halfText}
		}
		return scalar{}
	case *format.IntType:
		return integers(e.Type.V, !l.IsSigned)
	case *format.DateType, *format.TimeType, *format.TimestampType, *format.UUIDType, interval:
		return times(e, l)
	case *format.JsonType:
		return scalar{kind: JSON}
	case *format.StringType, *format.EnumType, nil:
		return physical(e.Type.V)
	}
	return scalar{}
}

// physical returns how to read values without a logical type.
func physical(t format.Type) scalar {
	switch t {
	case format.Boolean:
		return scalar{Bool, zerosAndOnes, boolText}
	case format.Int32, format.Int64:
		return integers(t, false)
	case format.Int96:
		return scalar{kind: Text, text: int96Text}
	case format.Float:
		return scalar{Number, func(v *values, from, to int) []float64 { return convert(v.float32s()[from:to]) }, floatText}
	case format.Double:
		return scalar{Number, func(v *values, from, to int) []float64 { return v.float64s()[from:to] }, doubleText}
	}
	return scalar{kind: Text} // bytes: texts, if they are UTF-8
}

// interval stands for the logical type INTERVAL, which has a converted type alone.
type interval struct{ format.LogicalTypeValue }

// String returns the type's name.
func (interval) String() string { return "INTERVAL" }

// logicalOf returns the logical type of an element, or the one that its deprecated converted
// type stands for, or nil.
func logicalOf(e *format.SchemaElement) format.LogicalTypeValue {
	if e.LogicalType.Value != nil || !e.ConvertedType.Valid {
		return e.LogicalType.Value
	}
	integer := func(bits int8, signed bool) format.LogicalTypeValue {
		return &format.IntType{BitWidth: bits, IsSigned: signed}
	}
	millis, micros := format.TimeUnit{Value: new(format.MilliSeconds)}, format.TimeUnit{Value: new(format.MicroSeconds)}
	switch e.ConvertedType.V {
	case deprecated.UTF8:
		return new(format.StringType)
	case deprecated.Map, deprecated.MapKeyValue:
		return new(format.MapType)
	case deprecated.List:
		return new(format.ListType)
	case deprecated.Enum:
		return new(format.EnumType)
	case deprecated.Decimal:
		return &format.DecimalType{Scale: e.Scale.V, Precision: e.Precision.V}
	case deprecated.Date:
		return new(format.DateType)
	case deprecated.TimeMillis:
		return &format.TimeType{IsAdjustedToUTC: true, Unit: millis}
	case deprecated.TimeMicros:
		return &format.TimeType{IsAdjustedToUTC: true, Unit: micros}
	case deprecated.TimestampMillis:
		return &format.TimestampType{IsAdjustedToUTC: true, Unit: millis}
	case deprecated.TimestampMicros:
		return &format.TimestampType{IsAdjustedToUTC: true, Unit: micros}
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		return integer(8<<(e.ConvertedType.V-deprecated.Uint8), false)
	case deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64:
		return integer(8<<(e.ConvertedType.V-deprecated.Int8), true)
	case deprecated.Json:
		return new(format.JsonType)
	case deprecated.Bson:
		return new(format.BsonType)
	case deprecated.Interval:
		return interval{}
	}
	return nil
}

// IsText reports whether a column holds at most one text per row. Dates, times and UUIDs count
// as texts.
func (f *File) IsText(name string) bool {
	n := column(f, name)
	if !n.flat() {
		return false
	}
	kind := scalarOf(n.elem).kind
	return n.none() || (kind == Text || kind == JSON) && (n.elem.Type.V != format.FixedLenByteArray || logicalOf(n.elem) != nil)
}

// IsNumber reports whether a column holds at most one number or boolean per row.
func (f *File) IsNumber(name string) bool {
	n := column(f, name)
	return n.flat() && (n.none() || scalarOf(n.elem).floats != nil)
}

// IsFixed reports whether a column holds one value of fixed-length bytes in every row.
func (f *File) IsFixed(name string) bool {
	n := column(f, name)
	return n.flat() && n.def == 0 && n.elem.Type.V == format.FixedLenByteArray
}

// TypeName describes a column's type for an error message.
func (f *File) TypeName(name string) string { return column(f, name).typeName() }

func (n *node) typeName() string {
	_, variant := logicalOf(n.elem).(*format.VariantType)
	switch {
	case variant:
		return "VARIANT"
	case !n.isLeaf():
		return "a nested column"
	case n.repeated():
		return "a repeated column"
	}
	return n.elementName()
}

// elementName describes the type of a leaf's values.
func (n *node) elementName() string {
	switch logical := logicalOf(n.elem); {
	case logical != nil:
		return logical.String()
	case n.elem.Type.V == format.FixedLenByteArray:
		return fmt.Sprintf("%s(%d)", n.elem.Type.V, n.elem.TypeLength.V)
	}
	return n.elem.Type.V.String()
}
