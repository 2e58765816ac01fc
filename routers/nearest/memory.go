package nearest

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers/internal/neighbours"
)

// memory holds training prompts with their outcomes.
type memory struct {
	vectors           *neighbours.Matrix
	quality, cost     pool.Matrix // NaN where not measured; no rows if costs are not known
	byQuality, byCost []alike
}

// alike holds columns of a matrix that are known on the same rows.
type alike struct {
	columns []int
	known   []bool // whether each row is known; nil if all are
}

func newMemory(vectors *neighbours.Matrix, quality, cost pool.Matrix) memory {
	return memory{vectors, quality, cost, alikes(quality), alikes(cost)}
}

// alikes groups the columns of a matrix.
func alikes(m pool.Matrix) []alike {
	var out []alike
	if m.Rows() == 0 {
		return nil
	}
	for c := range m.Columns {
		known := make([]bool, m.Rows())
		for i := range known {
			known[i] = !math.IsNaN(m.At(i, c))
		}
		if !slices.Contains(known, false) {
			known = nil
		}
		k := slices.IndexFunc(out, func(a alike) bool { return slices.Equal(a.known, known) })
		if k < 0 {
			out, k = append(out, alike{known: known}), len(out)
		}
		out[k].columns = append(out[k].columns, c)
	}
	return out
}

// complete reports whether every column has a known row.
func (m *memory) complete() bool {
	none := func(a alike) bool { return a.known != nil && !slices.Contains(a.known, true) }
	return !slices.ContainsFunc(m.byQuality, none) && !slices.ContainsFunc(m.byCost, none)
}

func anyRow(int) bool { return true }

// means writes the mean of the k nearest rows of each column of a matrix to dst: of the rows that
// may be used and on which the column is known. Without such rows it writes NaN.
func (m *memory) means(values pool.Matrix, groups []alike, distances []float64, k int, use func(row int) bool, dst []float64) {
	for _, g := range groups {
		rows := nearest(distances, k, func(i int) bool { return use(i) && g.has(i) })
		for _, c := range g.columns {
			sum := 0.0
			for _, i := range rows {
				sum += values.At(i, c)
			}
			dst[c] = sum / float64(len(rows))
		}
	}
}

// has reports whether the columns are known on a row.
func (a alike) has(row int) bool { return a.known == nil || a.known[row] }

// nearest returns the k rows with the smallest distances of those that may be used, nearest first.
// Of equally near rows the first counts as nearer.
func nearest(distances []float64, k int, use func(row int) bool) []int {
	h := heap{distances: distances, rows: make([]int, 0, min(k, len(distances)))}
	for i, d := range distances {
		full := len(h.rows) == k
		if full && d >= distances[h.rows[0]] || !use(i) {
			continue
		}
		if full {
			h.rows[0] = i
			h.sink(0, k)
		} else {
			h.push(i)
		}
	}
	for n := len(h.rows) - 1; n > 0; n-- {
		h.rows[0], h.rows[n] = h.rows[n], h.rows[0]
		h.sink(0, n)
	}
	return h.rows
}

// heap is a binary heap of rows with the farthest on top.
type heap struct {
	distances []float64
	rows      []int
}

// farther reports whether the row at place a is farther than that at place b.
func (h *heap) farther(a, b int) bool {
	i, j := h.rows[a], h.rows[b]
	return h.distances[i] > h.distances[j] || h.distances[i] == h.distances[j] && i > j
}

func (h *heap) push(row int) {
	h.rows = append(h.rows, row)
	for k := len(h.rows) - 1; k > 0 && h.farther(k, (k-1)/2); k = (k - 1) / 2 {
		h.rows[k], h.rows[(k-1)/2] = h.rows[(k-1)/2], h.rows[k]
	}
}

// sink moves the row at place k down within the first n places.
func (h *heap) sink(k, n int) {
	for {
		child := 2*k + 1
		if child >= n {
			return
		}
		if child+1 < n && h.farther(child+1, child) {
			child++
		}
		if !h.farther(child, k) {
			return
		}
		h.rows[k], h.rows[child] = h.rows[child], h.rows[k]
		k = child
	}
}
