// Package parquetorder makes schemas whose columns stay in their order. parquet.Group sorts them by
// name.
package parquetorder

import (
	"reflect"

	"github.com/parquet-go/parquet-go"
)

// Column is a column of a schema.
type Column struct {
	Name string
	Node parquet.Node
}

// Root returns the root of a schema with the given columns.
func Root(columns []Column) parquet.Node {
	var o ordered
	for _, c := range columns {
		o.fields = append(o.fields, field{c.Node, c.Name})
	}
	return o
}

type ordered struct {
	parquet.Group
	fields []parquet.Field
}

// Fields returns the columns in their order.
func (o ordered) Fields() []parquet.Field { return o.fields }

type field struct {
	parquet.Node
	name string
}

// Name returns the column's name.
func (f field) Name() string { return f.name }

// Value returns the column's value in a row.
func (f field) Value(base reflect.Value) reflect.Value { return base.FieldByName(f.name) }
