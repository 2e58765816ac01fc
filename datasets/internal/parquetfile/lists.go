package parquetfile

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go/format"
)

var errLevels = errors.New("the repetition and definition levels of its lists are inconsistent")

// MaxDim bounds the length of a list of floats, so that a damaged file cannot ask for more memory.
// The largest encoders have a fraction of this. A longer list is cut off behind that.
const MaxDim = 1 << 16

// NullElement represents null in a list. It is a NaN with bits that no program writes, so that
// null differs from a NaN in the file.
var NullElement = math.Float32frombits(0x7fc0_6e75)

// lists reads a column of lists of floats. Each entry of a page has two levels. The repetition
// level is 0 at the start of a list. The definition level distinguishes elements, null elements,
// empty lists and null lists. A list may begin in one page and end in a later one.
type lists struct {
	elements flat[float32]
	empty    byte      // definition level of an empty list; a level below is a null list
	open     []float32 // last list, which the next page may continue; nil for null
	begun    bool      // whether open holds a list
	rows     int64     // number of lists begun in the open chunk
}

// Lists opens a column of lists of floats. A null list is read as nil, a null element as
// [NullElement]. If the column does not hold lists of floats, the error names its type.
func (f *File) Lists(name string) (*Cursor[[]float32], error) {
	n := column(f, name)
	leaf, found := n.listLeaf(), n.typeName()
	if leaf != nil {
		found = "a list of " + leaf.elementName()
	}
	if leaf == nil || leaf.elem.Type.V != format.Float && leaf.elem.Type.V != format.Double {
		return nil, hint.With(fmt.Errorf("%q: column %q: found %s, expected a list of floats", f.name, name, found),
			fmt.Sprintf("write the vectors as lists of 32-bit floats, or rename the column if it is not meant as %q", name))
	}
	l := &lists{elements: flat[float32]{pager: pager{file: f, leaf: leaf}, plain: plainElements}}
	if n.optional() {
		l.empty = 1
	}
	return &Cursor[[]float32]{file: f, name: name, source: l}, nil
}

// listLeaf returns the leaf of a list's elements, or nil if the column is not a list of plain
// values. Writers choose the names of the levels in between, and old writers omit a level.
func (n *node) listLeaf() *node {
	if n.isLeaf() && n.repeated() {
		return n
	}
	if _, ok := logicalOf(n.elem).(*format.ListType); !ok || n.isLeaf() || n.repeated() || len(n.children) != 1 || !n.children[0].repeated() {
		return nil
	}
	n = n.children[0]
	if !n.isLeaf() && len(n.children) == 1 && !n.children[0].repeated() {
		n = n.children[0]
	}
	if !n.isLeaf() {
		return nil
	}
	return n
}

// more returns the lists that are known to be complete after the next page that completes some.
func (l *lists) more() ([][]float32, error) {
	for {
		if err := l.elements.nextPage(); err != nil {
			return nil, err
		}
		if done, err := l.decodeLists(&l.elements.page); err != nil || len(done) > 0 {
			return done, err
		}
	}
}

// decodeLists decodes a page and returns the lists that are now known to be complete.
func (l *lists) decodeLists(page *page) ([][]float32, error) {
	elements, err := l.spread(page)
	if err != nil {
		return nil, err
	}
	var done [][]float32
	for i := 0; i < page.n; {
		end := i + 1 + untilNextList(page.rep[i+1:])
		list := elements[i:end:end]
		if level := page.def[i]; level <= l.empty {
			if end > i+1 {
				return nil, errLevels
			}
			if list = list[:0]; level < l.empty {
				list = nil
			}
		}
		switch {
		case page.rep[i] == 0:
			done = l.begin(done, list)
		case len(l.open) == 0: // no list was begun, or it is null or empty
			return nil, errLevels
		case len(l.open) <= MaxDim:
			l.open = append(l.open, list...)
		}
		i = end
	}
	if l.elements.left > 0 {
		return done, nil
	}
	return l.endChunk(done)
}

// begin opens a list and appends the list before it to done.
func (l *lists) begin(done [][]float32, list []float32) [][]float32 {
	if l.begun {
		done = append(done, l.open)
	}
	l.open, l.begun, l.rows = list, true, l.rows+1
	return done
}

// untilNextList returns the number of entries before the next list begins.
func untilNextList(repetition []byte) int {
	if i := bytes.IndexByte(repetition, 0); i >= 0 {
		return i
	}
	return len(repetition)
}

// endChunk appends the open list to done after the last page of a chunk, because no list
// continues in the next chunk.
func (l *lists) endChunk(done [][]float32) ([][]float32, error) {
	p := &l.elements.pager
	if l.rows != layoutOf(p.file).meta.RowGroups[p.group-1].Rows {
		return nil, errLevels
	}
	if l.begun {
		done = append(done, l.open)
	}
	l.open, l.begun, l.rows = nil, false, 0
	return done, nil
}

// spread decodes the elements of a page, one per pair of levels, into new memory.
func (l *lists) spread(page *page) ([]float32, error) {
	element := l.elements.leaf.def
	present, _, err := l.elements.take(page.present(l.elements.leaf, 0, page.n))
	if err != nil {
		return nil, err
	}
	if len(present) == page.n {
		return append([]float32(nil), present...), nil
	}
	spread := make([]float32, page.n)
	for i, level := range page.def {
		switch {
		case level == element:
			spread[i], present = present[0], present[1:]
		case level > element || level <= l.empty && page.rep[i] != 0:
			return nil, errLevels
		default:
			spread[i] = NullElement
		}
	}
	return spread, nil
}

// plainElements reads floats of 32 or 64 bits as float32.
func plainElements(v *values, from, to int) []float32 {
	if v.typ == format.Float {
		return v.float32s()[from:to]
	}
	out := make([]float32, to-from)
	for i, x := range v.float64s()[from:to] {
		out[i] = float32(x)
	}
	return out
}
