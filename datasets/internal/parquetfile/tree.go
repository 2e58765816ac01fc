package parquetfile

import (
	"errors"
	"fmt"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"

	"github.com/parquet-go/parquet-go/format"
)

// Limits of a schema, which keep recursion and levels small.
const maxDepth = 100

var errSchema = errors.New("malformed schema")

// node is an element of the schema: a leaf, which holds values, or a group.
type node struct {
	elem     *format.SchemaElement
	parent   *node
	children []*node
	leaf     int  // index among the leaves of the schema; of a group that of its first leaf
	rep, def byte // levels of a value that is present
}

func (n *node) name() string   { return n.elem.Name }
func (n *node) isLeaf() bool   { return n.elem.Type.Valid }
func (n *node) repeated() bool { return n.elem.RepetitionType.V == format.Repeated }
func (n *node) optional() bool { return n.elem.RepetitionType.V == format.Optional }

// flat reports whether the node is a leaf with at most one value per row.
func (n *node) flat() bool { return n.isLeaf() && n.rep == 0 }

// path returns the names from the column to the node, joined by dots.
func (n *node) path() string {
	if n.parent == nil || n.parent.parent == nil {
		return n.name()
	}
	return n.parent.path() + "." + n.name()
}

// treeReader builds the tree from the schema's elements, which are listed depth first.
type treeReader struct {
	elements []format.SchemaElement
	leaves   int
}

// newTree returns the root of the schema.
func newTree(m *parquetcheck.Metadata) (*node, error) {
	r := treeReader{elements: m.Schema}
	root, err := r.node(nil, 0)
	if err != nil {
		return nil, err
	}
	if root.isLeaf() || len(r.elements) > 0 {
		return nil, errSchema
	}
	for _, group := range m.RowGroups {
		if len(group.Columns) != r.leaves {
			return nil, fmt.Errorf("%d columns in a row group, %d in the schema", len(group.Columns), r.leaves)
		}
	}
	return root, nil
}

// node takes the next element and those below it.
func (r *treeReader) node(parent *node, depth int) (*node, error) {
	if len(r.elements) == 0 || depth > maxDepth {
		return nil, errSchema
	}
	n := &node{elem: &r.elements[0], parent: parent, leaf: r.leaves}
	r.elements = r.elements[1:]
	if parent != nil {
		n.rep, n.def = parent.rep, parent.def
		if n.repeated() {
			n.rep++
		}
		if n.repeated() || n.optional() {
			n.def++
		}
	}
	if n.isLeaf() {
		r.leaves++
		return n, n.checkLength()
	}
	for range n.elem.NumChildren.V {
		child, err := r.node(n, depth+1)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	return n, nil
}

// checkLength checks the length of values of fixed length.
func (n *node) checkLength() error {
	if n.elem.Type.V == format.FixedLenByteArray && (n.elem.TypeLength.V < 1 || n.elem.TypeLength.V > maxFixed) {
		return fmt.Errorf("column %q: values of %d bytes", n.path(), n.elem.TypeLength.V)
	}
	return nil
}

// maxFixed bounds the length of values of fixed length, in bytes.
const maxFixed = 1 << 20
