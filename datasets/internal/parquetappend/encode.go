package parquetappend

import "encoding/binary"

// encode appends a structure.
func (s structure) encode(b []byte) []byte {
	last := int64(0)
	for _, f := range s {
		if delta := f.id - last; delta > 0 && delta < 16 {
			b = append(b, byte(delta)<<4|f.kind)
		} else {
			b = appendZigzag(append(b, f.kind), f.id)
		}
		last = f.id
		if f.value != nil {
			b = appendValue(b, f.kind, f.value)
		}
	}
	return append(b, 0)
}

func appendValue(b []byte, kind byte, value any) []byte {
	switch v := value.(type) {
	case int64:
		return appendZigzag(b, v)
	case []byte:
		if kind == bytesOf {
			b = binary.AppendUvarint(b, uint64(len(v)))
		}
		return append(b, v...)
	case *list:
		if n := len(v.items); n < 15 {
			b = append(b, byte(n)<<4|v.kind)
		} else {
			b = binary.AppendUvarint(append(b, 15<<4|v.kind), uint64(n))
		}
		for _, item := range v.items {
			b = appendValue(b, v.kind, item)
		}
		return b
	case structure:
		return v.encode(b)
	}
	return b
}

func appendZigzag(b []byte, v int64) []byte {
	return binary.AppendUvarint(b, uint64(v<<1)^uint64(v>>63))
}
