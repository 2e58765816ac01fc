// Package neighbours compares the vectors of prompts with many stored vectors. [New] or
// [Rows] stores vectors in a [Matrix], [Matrix.Cosines] compares.
package neighbours

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/routellm/routellm/internal/text"
)

// Matrix holds n vectors with dim components.
type Matrix struct {
	dim, n int
	unit   float32   // every component is a whole multiple of unit; 0 if there is no unit
	panels []float32 // components in the layout of tile
	norms  []float64
}

// New stores n vectors with dim components; fill writes vector i to dst. If every
// component is a whole multiple of unit, as in quantised vectors, products are exact and
// depend neither on the order of summation nor on the machine. Pass 0 for other vectors.
func New(n, dim int, unit float32, fill func(i int, dst []float32)) *Matrix {
	m := &Matrix{dim: dim, n: n, unit: unit, panels: make([]float32, dim*padded(n, panelWidth)), norms: make([]float64, n)}
	row := make([]float32, dim)
	for i := range n {
		fill(i, row)
		m.norms[i] = m.scale(row, row)
		for k, x := range row {
			m.panels[m.at(i, k)] = x
		}
	}
	return m
}

// at returns the index in panels of component k of vector i.
func (m *Matrix) at(i, k int) int {
	return i/panelWidth*m.dim*panelWidth + k*panelWidth + i%panelWidth
}

// padded returns n, rounded up to a multiple.
func padded(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }

// Rows stores the given vectors with dim components; see New for unit.
func Rows(vectors [][]float32, dim int, unit float32) *Matrix {
	return New(len(vectors), dim, unit, func(i int, dst []float32) { copy(dst, vectors[i]) })
}

// Row returns vector i.
func (m *Matrix) Row(i int) []float32 {
	row := make([]float32, m.dim)
	for k := range row {
		row[k] = m.panels[m.at(i, k)]
		if m.unit > 0 {
			row[k] *= m.unit
		}
	}
	return row
}

// Unit returns the unit of the components, 0 if there is none.
func (m *Matrix) Unit() float32 { return m.unit }

// scale writes v, in units, to dst and returns its length. dst may be v.
func (m *Matrix) scale(dst, v []float32) (norm float64) {
	for k, x := range v {
		if m.unit > 0 {
			x = float32(math.Round(float64(x / m.unit)))
		}
		dst[k] = x
		norm += float64(float64(x) * float64(x))
	}
	return math.Sqrt(norm)
}

// Len returns the number of vectors.
func (m *Matrix) Len() int { return m.n }

// Dim returns the number of components per vector.
func (m *Matrix) Dim() int { return m.dim }

// blockRows is the number of queries multiplied together.
const blockRows = 64

// Cosines calls each once per query, with the query's cosines with all vectors. A cosine
// with a zero vector is 0. Calls are concurrent and in any order. each must not keep the
// slice.
func (m *Matrix) Cosines(ctx context.Context, queries [][]float32, each func(query int, cosines []float64) error) error {
	for i, q := range queries {
		if len(q) != m.dim {
			return fmt.Errorf("prompt %d: the vector has %s, expected %d", i+1, text.Plural(len(q), "component"), m.dim)
		}
	}
	var next atomic.Int64
	var failed error
	var once sync.Once
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (len(queries)+blockRows-1)/blockRows) {
		wait.Go(func() {
			b := m.newBlock(min(blockRows, len(queries)))
			for {
				lo := int(next.Add(blockRows)) - blockRows
				if lo >= len(queries) {
					return
				}
				err := ctx.Err()
				if err == nil {
					err = b.run(queries, lo, min(lo+blockRows, len(queries)), each)
				}
				if err != nil {
					once.Do(func() { failed = err })
					return
				}
			}
		})
	}
	wait.Wait()
	return failed
}

// block holds the buffers of one goroutine.
type block struct {
	m       *Matrix
	queries []float32 // packed as tile expects
	norms   []float64
	dots    []float32 // one row per query, width elements long
	width   int
	row     []float32
	cosines []float64
}

func (m *Matrix) newBlock(rows int) *block {
	rows, width := padded(rows, tileRows), padded(m.n, panelWidth)
	return &block{
		m, make([]float32, rows*m.dim), make([]float64, rows), make([]float32, rows*width), width,
		make([]float32, m.dim), make([]float64, m.n),
	}
}

// run compares queries lo to hi.
func (b *block) run(queries [][]float32, lo, hi int, each func(int, []float64) error) error {
	for i := lo; i < hi; i++ {
		b.pack(i-lo, queries[i])
	}
	b.multiply(hi - lo)
	for i := lo; i < hi; i++ {
		for j, dot := range b.dots[(i-lo)*b.width:][:b.m.n] {
			b.cosines[j] = 0
			if dot != 0 { // otherwise one of the two may be zero
				b.cosines[j] = float64(dot) / float64(b.norms[i-lo]*b.m.norms[j])
			}
		}
		if err := each(i, b.cosines); err != nil {
			return err
		}
	}
	return nil
}

// pack writes a query to row i of the tiles.
func (b *block) pack(i int, query []float32) {
	b.norms[i] = b.m.scale(b.row, query)
	tile := b.queries[i/tileRows*tileRows*b.m.dim:]
	for k, x := range b.row {
		tile[k*tileRows+i%tileRows] = x
	}
}

// multiply fills dots for the given number of rows. Each panel stays in the cache for all
// of them.
func (b *block) multiply(rows int) {
	dim := b.m.dim
	if dim == 0 {
		return
	}
	for j := 0; j < b.width; j += panelWidth {
		for i := 0; i < rows; i += tileRows {
			tile(dim, b.queries[i*dim:], b.m.panels[j*dim:], b.dots[i*b.width+j:], b.width)
		}
	}
}
