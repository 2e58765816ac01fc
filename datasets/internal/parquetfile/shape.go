package parquetfile

import "github.com/parquet-go/parquet-go/format"

// maxCell bounds the JSON of one cell, in bytes, so that a damaged file cannot ask for more
// memory.
const maxCell = 1 << 28

// shape says how a node of the schema becomes JSON. Lists and maps are assembled from the levels
// of their leaves: https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#nested-types
type shape struct {
	def    byte       // level from which the value is not null
	leaf   *entries   // nil unless the node is a leaf
	leaves []*entries // leaves below the node, at least one

	names  []string // names of a struct's fields
	fields []*shape

	key     *shape // key of a map
	element *shape // element of a list, or value of a map; nil if a map has no values
	isList  bool
	item    *node // repeated node: its levels say whether there is an element, and whether another follows
}

// shaper makes the shapes of a file's nodes.
type shaper struct {
	file *File
	err  error // the first error
}

// of returns the shape of a node, or nil if there is no leaf below it.
func (b *shaper) of(n *node) *shape {
	if n.repeated() { // a list without its own group, whose elements are not null
		return b.list(n.def-1, n, b.plain(n))
	}
	return b.plain(n)
}

// plain returns the shape of a node itself, even if it is repeated.
func (b *shaper) plain(n *node) *shape {
	if _, variant := logicalOf(n.elem).(*format.VariantType); variant && b.err == nil {
		b.err = unreadable(b.file, n)
	}
	if n.isLeaf() {
		if scalarOf(n.elem).kind == Missing && !n.none() && b.err == nil {
			b.err = unreadable(b.file, n)
		}
		e := newEntries(b.file, n)
		return &shape{def: n.def, leaf: e, leaves: []*entries{e}}
	}
	if len(n.children) == 1 && n.children[0].repeated() {
		item := n.children[0]
		switch logicalOf(n.elem).(type) {
		case *format.ListType:
			if element := item.element(n); element != item {
				return b.list(n.def, item, b.of(element))
			}
			return b.list(n.def, item, b.plain(item))
		case *format.MapType:
			if len(item.children) == 1 || len(item.children) == 2 {
				return b.mapping(n, item)
			}
		}
	}
	return b.group(n)
}

// element returns the node of the elements of a list whose repeated child is n. Old writers left
// out the level below:
// https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#backward-compatibility-rules
func (n *node) element(list *node) *node {
	if len(n.children) != 1 || n.children[0].repeated() || n.name() == "array" || n.name() == list.name()+"_tuple" {
		return n
	}
	return n.children[0]
}

func (b *shaper) list(def byte, item *node, element *shape) *shape {
	if element == nil {
		return nil
	}
	return &shape{def: def, leaves: element.leaves, isList: true, item: item, element: element}
}

func (b *shaper) mapping(n, item *node) *shape {
	s := &shape{def: n.def, item: item, key: b.of(item.children[0])}
	if len(item.children) == 2 {
		s.element = b.of(item.children[1])
	}
	for _, part := range []*shape{s.key, s.element} {
		if part != nil {
			s.leaves = append(s.leaves, part.leaves...)
		}
	}
	if s.key == nil {
		return nil
	}
	return s
}

func (b *shaper) group(n *node) *shape {
	s := &shape{def: n.def}
	for _, child := range n.children {
		if field := b.of(child); field != nil {
			s.names, s.fields = append(s.names, child.name()), append(s.fields, field)
			s.leaves = append(s.leaves, field.leaves...)
		}
	}
	if len(s.leaves) == 0 {
		return nil
	}
	return s
}

// append appends the next value as JSON. isNull reports whether it is null.
func (s *shape) append(dst []byte) (out []byte, isNull bool, err error) {
	_, def, ok, err := s.leaves[0].look()
	switch {
	case err != nil || !ok:
		return dst, false, orElse(err, errLevels)
	case len(dst) > maxCell:
		return dst, false, errLongCell
	case def < s.def:
		return append(dst, "null"...), true, s.skip(s.def)
	case s.leaf != nil:
		c, err := s.leaf.pop()
		return appendCell(dst, c), false, err
	case s.item == nil:
		out, err = s.appendFields(dst)
	default:
		out, err = s.appendItems(dst, def)
	}
	return out, false, err
}

// skip takes one entry of each leaf, which all say that there is no value at a level.
func (s *shape) skip(level byte) error {
	for _, leaf := range s.leaves {
		if _, def, ok, err := leaf.look(); err != nil || !ok || def >= level {
			return orElse(err, errLevels)
		}
		if _, err := leaf.pop(); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) appendFields(dst []byte) (_ []byte, err error) {
	for i, field := range s.fields {
		dst = append(appendText(append(dst, separator(i, '{')), s.names[i]), ':')
		if dst, _, err = field.append(dst); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func separator(i int, first byte) byte {
	if i == 0 {
		return first
	}
	return ','
}

// appendItems appends a list or a map. def is the level of its first entry.
func (s *shape) appendItems(dst []byte, def byte) (_ []byte, err error) {
	first, last := byte('{'), byte('}')
	if s.isList {
		first, last = '[', ']'
	}
	if def < s.item.def {
		return append(dst, first, last), s.skip(s.item.def)
	}
	for i := 0; ; i++ {
		dst = append(dst, separator(i, first))
		if dst, err = s.appendItem(dst); err != nil {
			return dst, err
		}
		rep, _, ok, err := s.leaves[0].look()
		if err != nil || ok && rep > s.item.rep {
			return dst, orElse(err, errLevels)
		}
		if !ok || rep < s.item.rep {
			return append(dst, last), nil
		}
	}
}

func (s *shape) appendItem(dst []byte) (_ []byte, err error) {
	if s.key != nil {
		from := len(dst)
		if dst, _, err = s.key.append(dst); err != nil {
			return dst, err
		}
		if dst[from] != '"' { // a key of an object is a text
			dst = appendText(dst[:from], string(dst[from:]))
		}
		if dst = append(dst, ':'); s.element == nil {
			return append(dst, "null"...), nil
		}
	}
	dst, _, err = s.element.append(dst)
	return dst, err
}
