// Package neighbours compares the vectors of prompts with many stored vectors. [New] or
// [Rows] stores vectors in a [Matrix], [Matrix.Cosines] and [Matrix.Distances] compare.
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
	// squares holds the squared norms, which for whole multiples of the unit are exact.
	squares []float64
	// inverse holds 1/norms, 0 for zero vectors and up to a multiple of lanes.
	inverse []float64
}

// New stores n vectors with dim components; fill writes vector i to dst. If every
// component is a whole multiple of unit, as in quantised vectors, products are exact and
// depend neither on the order of summation nor on the machine. Pass 0 for other vectors.
func New(n, dim int, unit float32, fill func(i int, dst []float32)) *Matrix {
	m := &Matrix{dim: dim, n: n, unit: unit, panels: make([]float32, dim*padded(n, panelWidth)), norms: make([]float64, n), squares: make([]float64, n), inverse: make([]float64, padded(n, lanes))}
	row := make([]float32, dim)
	for i := range n {
		fill(i, row)
		m.squares[i] = m.scale(row, row)
		m.norms[i] = math.Sqrt(m.squares[i])
		if m.norms[i] > 0 {
			m.inverse[i] = 1 / m.norms[i]
		}
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

// scale writes v, in units, to dst and returns its squared length. dst may be v.
func (m *Matrix) scale(dst, v []float32) (square float64) {
	for k, x := range v {
		if m.unit > 0 {
			x = float32(math.Round(float64(x / m.unit)))
		}
		dst[k] = x
		square += float64(float64(x) * float64(x))
	}
	return square
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
	return m.compare(ctx, queries, (*block).cosine, func(b *block, i int) error { return each(i, b.values[:m.n]) })
}

// Distances does the same with squared Euclidean distances, in squares of the unit if there is
// one.
func (m *Matrix) Distances(ctx context.Context, queries [][]float32, each func(query int, distances []float64) error) error {
	return m.compare(ctx, queries, (*block).distance, func(b *block, i int) error { return each(i, b.values[:m.n]) })
}

// Projections does the same with the cosines times the query's length, which is faster, and the
// largest of them, which is at least 0. each may change the slice.
func (m *Matrix) Projections(ctx context.Context, queries [][]float32, each func(query int, projections []float64, largest float64) error) error {
	return m.compare(ctx, queries, (*block).project, func(b *block, i int) error { return each(i, b.values[:m.n], b.largest) })
}

// compare calls each once per query, with the values that fill writes from products.
func (m *Matrix) compare(ctx context.Context, queries [][]float32, fill func(b *block, query int, dots []float32), each func(b *block, query int) error) error {
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
					err = b.run(queries, lo, min(lo+blockRows, len(queries)), fill, each)
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
	squares []float64 // squared lengths of the queries
	dots    []float32 // one row per query, width elements long
	width   int
	row     []float32
	values  []float64
	largest float64 // the largest of the projections, at least 0
}

func (m *Matrix) newBlock(rows int) *block {
	rows, width := padded(rows, tileRows), padded(m.n, panelWidth)
	return &block{
		m, make([]float32, rows*m.dim), make([]float64, rows), make([]float32, rows*width), width,
		make([]float32, m.dim), make([]float64, padded(m.n, lanes)), 0,
	}
}

// run compares queries lo to hi.
func (b *block) run(queries [][]float32, lo, hi int, fill func(*block, int, []float32), each func(*block, int) error) error {
	for i := lo; i < hi; i++ {
		b.pack(i-lo, queries[i])
	}
	b.multiply(hi - lo)
	for i := lo; i < hi; i++ {
		fill(b, i-lo, b.dots[(i-lo)*b.width:][:b.m.n])
		if err := each(b, i); err != nil {
			return err
		}
	}
	return nil
}

// cosine writes the cosines of a query to values.
func (b *block) cosine(query int, dots []float32) {
	norm := math.Sqrt(b.squares[query])
	for j, dot := range dots {
		b.values[j] = 0
		if dot != 0 { // otherwise one of the two may be zero
			b.values[j] = float64(dot) / float64(norm*b.m.norms[j])
		}
	}
}

// distance writes the squared distances of a query to values.
func (b *block) distance(query int, dots []float32) {
	for j, dot := range dots {
		b.values[j] = b.squares[query] + b.m.squares[j] - 2*float64(dot)
	}
}

// pack writes a query to row i of the tiles.
func (b *block) pack(i int, query []float32) {
	b.squares[i] = b.m.scale(b.row, query)
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
