package parquetcheck

import (
	"encoding/binary"
	"errors"
)

var errMalformed = errors.New("malformed metadata")

// Wire types of the Thrift compact protocol:
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
const (
	thriftTrue = iota + 1
	thriftFalse
	thriftByte
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
)

// maxDepth bounds the recursion of a walk. Parquet's own metadata nests less than ten deep.
const maxDepth = 64

// walk steps through the compact-protocol structure at the start of b without
// allocating memory for its contents.
type walk struct {
	b []byte // bytes that are still to be walked
	// visit, if non-nil, is called with each integer and boolean field: the ids of the fields
	// that lead to it, outermost first, and its value, which is 1 for true.
	visit func(path []int, v int64)
	path  []int
}

// structure walks one struct and leaves in b the bytes after it.
func (w *walk) structure() error {
	if len(w.path) > maxDepth {
		return errMalformed
	}
	id := 0
	w.path = append(w.path, 0)
	defer func() { w.path = w.path[:len(w.path)-1] }()
	for {
		head, err := w.octet()
		if err != nil || head == 0 {
			return err
		}
		if delta := int(head >> 4); delta != 0 {
			id += delta
		} else if v, err := w.zigzag(); err != nil {
			return err
		} else {
			id = int(v)
		}
		w.path[len(w.path)-1] = id
		if err := w.value(head&15, false); err != nil {
			return err
		}
	}
}

// value walks one value of the given wire type. A boolean takes a byte only inside a
// list; elsewhere the field's header holds it.
func (w *walk) value(kind byte, inList bool) error {
	switch kind {
	case thriftTrue, thriftFalse:
		if inList {
			return w.skip(1)
		}
		if w.visit != nil {
			w.visit(w.path, int64(thriftFalse-kind))
		}
		return nil
	case thriftByte:
		return w.skip(1)
	case thriftI16, thriftI32, thriftI64:
		v, err := w.zigzag()
		if err == nil && w.visit != nil {
			w.visit(w.path, v)
		}
		return err
	case thriftDouble:
		return w.skip(8)
	case thriftBinary:
		n, err := w.uvarint()
		if err != nil {
			return err
		}
		return w.skip(n)
	case thriftList, thriftSet:
		return w.list()
	case thriftStruct:
		return w.structure()
	}
	return errMalformed // Parquet's metadata has no maps
}

// list walks one list. It refuses a list with more items than bytes left, because every
// item takes at least one byte.
func (w *walk) list() error {
	head, err := w.octet()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = w.uvarint(); err != nil {
			return err
		}
	}
	if n > uint64(len(w.b)) || len(w.path) > maxDepth {
		return errMalformed
	}
	w.path = append(w.path, 0)
	defer func() { w.path = w.path[:len(w.path)-1] }()
	for range n {
		if err := w.value(head&15, true); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) octet() (byte, error) {
	if len(w.b) == 0 {
		return 0, errMalformed
	}
	c := w.b[0]
	w.b = w.b[1:]
	return c, nil
}

func (w *walk) skip(n uint64) error {
	if n > uint64(len(w.b)) {
		return errMalformed
	}
	w.b = w.b[n:]
	return nil
}

func (w *walk) uvarint() (uint64, error) {
	v, n := binary.Uvarint(w.b)
	if n <= 0 {
		return 0, errMalformed
	}
	w.b = w.b[n:]
	return v, nil
}

func (w *walk) zigzag() (int64, error) {
	v, err := w.uvarint()
	return int64(v>>1) ^ -int64(v&1), err
}
