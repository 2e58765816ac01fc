package parquetappend

import (
	"encoding/binary"
	"errors"
	"slices"
)

// Wire types of the Thrift compact protocol:
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
const (
	boolTrue  = 1
	boolFalse = 2
	i8        = 3
	i16       = 4
	i32       = 5
	i64       = 6
	double    = 7
	bytesOf   = 8
	listOf    = 9
	setOf     = 10
	structOf  = 12
)

// field is one field of a structure, with its value: an int64 of the integer types, []byte of
// binary, double and i8, *list, structure, or nil for a boolean, whose type is its value.
type field struct {
	id    int64
	kind  byte
	value any
}

// structure is a Thrift structure of any type. What this package does not know of it stays as it is.
type structure []field

// list is a list or set.
type list struct {
	kind  byte
	items []any
}

// get returns the value of a field, and nil without the field.
func (s structure) get(id int64) any {
	if i := slices.IndexFunc(s, func(f field) bool { return f.id == id }); i >= 0 {
		return s[i].value
	}
	return nil
}

// list returns the list in a field; nil without the field.
func (s structure) list(id int64) *list {
	l, _ := s.get(id).(*list)
	return l
}

// number returns the integer in a field, and whether there is one.
func (s structure) number(id int64) (int64, bool) {
	v, ok := s.get(id).(int64)
	return v, ok
}

// add adds to the integer in a field, if there is one.
func (s structure) add(id, v int64) {
	for i := range s {
		if old, ok := s[i].value.(int64); ok && s[i].id == id {
			s[i].value = old + v
		}
	}
}

// without returns the structure without some fields.
func (s structure) without(ids ...int64) structure {
	return slices.DeleteFunc(slices.Clone(s), func(f field) bool { return slices.Contains(ids, f.id) })
}

var errThrift = errors.New("malformed metadata")

// decoder decodes bytes that parquetcheck has walked: their nesting and their lists are within
// bounds.
type decoder struct{ b []byte }

func (d *decoder) octet() byte { return d.bytes(1)[0] }

// bytes returns the next n bytes. It panics with errThrift if there are fewer.
func (d *decoder) bytes(n uint64) []byte {
	if n > uint64(len(d.b)) {
		panic(errThrift)
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		panic(errThrift)
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) zigzag() int64 {
	v := d.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// structure decodes a structure.
func (d *decoder) structure() structure {
	var out structure
	for id := int64(0); ; {
		head := d.octet()
		if head == 0 {
			return out
		}
		if delta := int64(head >> 4); delta != 0 {
			id += delta
		} else {
			id = d.zigzag()
		}
		f := field{id: id, kind: head & 15}
		if f.kind != boolTrue && f.kind != boolFalse {
			f.value = d.value(f.kind)
		}
		out = append(out, f)
	}
}

// value decodes a value. A boolean of a list takes a byte.
func (d *decoder) value(kind byte) any {
	switch kind {
	case boolTrue, boolFalse, i8:
		return d.bytes(1)
	case i16, i32, i64:
		return d.zigzag()
	case double:
		return d.bytes(8)
	case bytesOf:
		return d.bytes(d.uvarint())
	case listOf, setOf:
		return d.list()
	case structOf:
		return d.structure()
	}
	panic(errThrift) // Parquet's metadata has no maps
}

func (d *decoder) list() *list {
	head := d.octet()
	n := uint64(head >> 4)
	if n == 15 {
		n = d.uvarint()
	}
	l := &list{kind: head & 15}
	for range n {
		l.items = append(l.items, d.value(l.kind))
	}
	return l
}

// decode decodes a footer.
func decode(b []byte) (s structure, err error) {
	defer func() {
		if r := recover(); r != nil {
			if r != error(errThrift) {
				panic(r)
			}
			err = errThrift
		}
	}()
	return (&decoder{b}).structure(), nil
}
