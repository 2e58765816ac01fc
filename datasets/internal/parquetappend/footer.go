package parquetappend

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/parquet-go/parquet-go"

	"github.com/routellm/routellm/datasets/internal/parquetorder"
)

// mark begins and ends a Parquet file.
const mark = "PAR1"

// Fields of Parquet's metadata:
// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
const (
	fileSchema, fileGroups, fileKeyValues, fileOrders    = 2, 4, 5, 7
	elementChildren                                      = 5
	groupColumns, groupBytes, groupRows, groupCompressed = 1, 2, 3, 6
	chunkOffset, chunkMeta                               = 2, 3
	chunkIndexes                                         = 4 // the first of four fields about page indexes
	metaData, metaIndex, metaDictionary                  = 9, 10, 11
	metaBloom, metaBloomSize                             = 14, 15
	keyValueKey, keyValueValue                           = 1, 2
)

// ownFooter decodes the footer at the end of what the new columns' writer writes.
func ownFooter(end []byte) (structure, error) {
	at := len(end) - 8
	length := int(binary.LittleEndian.Uint32(end[at:]))
	return decode(end[at-length : at])
}

// merged returns the end of the new file: a footer of the copied one's columns and of the added
// ones, whose footer is added.
func (w *Writer) merged(added structure) []byte {
	f := w.footer
	schema, more := f.list(fileSchema), added.list(fileSchema).items[1:]
	root := schema.items[0].(structure)
	root.add(elementChildren, int64(len(more)))
	schema.items = append(schema.items, more...)
	if orders := f.list(fileOrders); orders != nil {
		orders.items = append(orders.items, added.list(fileOrders).items...)
	}
	w.mergeGroups(f.list(fileGroups), added.list(fileGroups).items)
	f = w.withKeyValues(f)
	footer := f.encode(nil)
	return append(binary.LittleEndian.AppendUint32(footer, uint32(len(footer))), mark...)
}

// mergeGroups adds the columns of the added row groups. Row groups without rows are left out: there
// are none of them among the added ones.
func (w *Writer) mergeGroups(groups *list, added []any) {
	groups.items = slices.DeleteFunc(groups.items, func(g any) bool {
		n, _ := g.(structure).number(groupRows)
		return n == 0
	})
	for i, g := range groups.items {
		g, more := g.(structure), added[i].(structure)
		for _, id := range []int64{groupBytes, groupCompressed} {
			n, _ := more.number(id)
			g.add(id, n)
		}
		columns := g.list(groupColumns)
		for _, c := range more.list(groupColumns).items {
			columns.items = append(columns.items, w.moved(c.(structure)))
		}
	}
}

// moved returns the description of an added column chunk at its place in the file. Indexes of its
// pages are not copied, and so are not described.
func (w *Writer) moved(chunk structure) structure {
	by := w.start - int64(len(mark))
	chunk = chunk.without(chunkIndexes, chunkIndexes+1, chunkIndexes+2, chunkIndexes+3)
	for i, f := range chunk {
		if f.id == chunkMeta {
			meta := f.value.(structure).without(metaBloom, metaBloomSize)
			for _, id := range []int64{metaData, metaIndex, metaDictionary} {
				if at, _ := meta.number(id); at > 0 {
					meta.add(id, by)
				}
			}
			chunk[i].value = meta
		}
	}
	if at, _ := chunk.number(chunkOffset); at > 0 {
		chunk.add(chunkOffset, by)
	}
	return chunk
}

// withKeyValues returns a footer with the key/value metadata of the options.
func (w *Writer) withKeyValues(f structure) structure {
	entries := &list{kind: structOf}
	if old := f.list(fileKeyValues); old != nil {
		for _, entry := range old.items {
			if entry, keep := w.keyValue(entry.(structure)); keep {
				entries.items = append(entries.items, entry)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(w.options.Meta)) {
		entries.items = append(entries.items, structure{{keyValueKey, bytesOf, []byte(key)}, {keyValueValue, bytesOf, []byte(w.options.Meta[key])}})
	}
	at := slices.IndexFunc(f, func(x field) bool { return x.id >= fileKeyValues })
	f = f.without(fileKeyValues)
	if at < 0 {
		at = len(f)
	}
	return slices.Insert(f, at, field{fileKeyValues, listOf, entries})
}

// keyValue returns an entry of the copied file's metadata as it stays, and whether it does.
func (w *Writer) keyValue(entry structure) (structure, bool) {
	key, _ := entry.get(keyValueKey).([]byte)
	if _, replaced := w.options.Meta[string(key)]; replaced {
		return nil, false
	}
	value, ok := entry.get(keyValueValue).([]byte)
	if !ok || w.options.KeyValue == nil {
		return entry, true
	}
	changed, keep := w.options.KeyValue(string(key), string(value))
	return append(entry.without(keyValueValue), field{keyValueValue, bytesOf, []byte(changed)}), keep
}

// schemaOf returns the schema of the new columns.
func schemaOf(columns []Column) parquet.Node {
	var out []parquetorder.Column
	for _, c := range columns {
		node := parquet.Leaf(parquet.DoubleType)
		if c.Text {
			node = parquet.String()
		}
		out = append(out, parquetorder.Column{Name: c.Name, Node: parquet.Optional(parquet.Encoded(node, &parquet.Plain))})
	}
	return parquetorder.Root(out)
}
