// Package neighbours compares prompts' vectors with many stored ones.
package neighbours

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// Matrix holds n vectors of dim components.
type Matrix struct {
	dim, n int
	unit   float32   // 0, or what every component is a whole multiple of
	panels []float32 // see tile
	norms  []float64
}

// New stores n vectors of dim components, each written by fill. Where every component
// is a whole multiple of unit, as in quantised vectors, products are exact: they do not
// depend on the order of sums or the machine. unit is 0 for other vectors.
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

// at is where component k of vector i is.
func (m *Matrix) at(i, k int) int {
	return i/panelWidth*m.dim*panelWidth + k*panelWidth + i%panelWidth
}

// padded is n rounded up to whole multiples.
func padded(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }

// Rows stores the given vectors, all of dim components.
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

// Unit is what every component is a whole multiple of, 0 where nothing is.
func (m *Matrix) Unit() float32 { return m.unit }

// scale writes v in units to dst, which may be v, and returns its length.
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

// Len is the number of vectors, Dim that of their components.
func (m *Matrix) Len() int { return m.n }

// Dim is the number of components of a vector.
func (m *Matrix) Dim() int { return m.dim }

// blockRows is how many queries are multiplied at once.
const blockRows = 64

// Cosines calls each once a query, in no order and from several goroutines, with the
// cosines of the query to all vectors: 0 where one has no length. each may keep
// nothing of the slice.
func (m *Matrix) Cosines(ctx context.Context, queries [][]float32, each func(query int, cosines []float64) error) error {
	for i, q := range queries {
		if len(q) != m.dim {
			return fmt.Errorf("prompt %d: a vector of %d components, want %d", i+1, len(q), m.dim)
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

// block is one goroutine's room.
type block struct {
	m       *Matrix
	queries []float32 // packed by tiles
	norms   []float64
	dots    []float32 // a row a query, of width elements
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
			if dot != 0 { // else one may have no length
				b.cosines[j] = float64(dot) / float64(b.norms[i-lo]*b.m.norms[j])
			}
		}
		if err := each(i, b.cosines); err != nil {
			return err
		}
	}
	return nil
}

// pack puts a query into row i of the tiles.
func (b *block) pack(i int, query []float32) {
	b.norms[i] = b.m.scale(b.row, query)
	tile := b.queries[i/tileRows*tileRows*b.m.dim:]
	for k, x := range b.row {
		tile[k*tileRows+i%tileRows] = x
	}
}

// multiply fills the dots of the first rows. A panel stays in the cache for all of them.
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
