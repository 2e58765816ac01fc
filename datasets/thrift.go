package datasets

import (
	"encoding/binary"
	"errors"
)

// parquet-go allocates what a Parquet file's thrift structures claim before it has seen the bytes, and running out of memory
// cannot be recovered from. So footer and page headers are first walked here, without allocating.
// Format: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md

var errThrift = errors.New("malformed metadata")

// Wire types of the compact protocol.
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

const maxThriftDepth = 64

// thriftWalk steps through a compact-protocol structure held in b. Integer fields are given to visit as
// (path of field ids, value); visit may be nil.
type thriftWalk struct {
	b     []byte
	visit func(path []int, v int64)
	path  []int
}

// structure walks one struct and leaves b behind its end.
func (w *thriftWalk) structure() error {
	if len(w.path) > maxThriftDepth {
		return errThrift
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

// value walks one value; booleans outside a list sit in the field's head and take no bytes.
func (w *thriftWalk) value(kind byte, listed bool) error {
	switch kind {
	case thriftTrue, thriftFalse:
		if listed {
			return w.skip(1)
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
	return errThrift // Parquet's metadata has no maps
}

// list refuses more items than bytes are left: every item takes at least one.
func (w *thriftWalk) list() error {
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
	if n > uint64(len(w.b)) || len(w.path) > maxThriftDepth {
		return errThrift
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

func (w *thriftWalk) octet() (byte, error) {
	if len(w.b) == 0 {
		return 0, errThrift
	}
	c := w.b[0]
	w.b = w.b[1:]
	return c, nil
}

func (w *thriftWalk) skip(n uint64) error {
	if n > uint64(len(w.b)) {
		return errThrift
	}
	w.b = w.b[n:]
	return nil
}

func (w *thriftWalk) uvarint() (uint64, error) {
	v, n := binary.Uvarint(w.b)
	if n <= 0 {
		return 0, errThrift
	}
	w.b = w.b[n:]
	return v, nil
}

func (w *thriftWalk) zigzag() (int64, error) {
	v, err := w.uvarint()
	return int64(v>>1) ^ -int64(v&1), err
}
