package datasets

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/routellm/routellm/internal/num"
)

// storeRows is the number of rows per chunk of a store. Chunks are never copied to grow, so that
// memory stays near what the values need.
const storeRows = 1 << 12

// store holds one value per row in chunks. A row that was never set has the zero value.
type store[T any] struct{ chunks [][]T }

func (s *store[T]) set(i int, v T) {
	for len(s.chunks) <= i/storeRows {
		s.chunks = append(s.chunks, nil)
	}
	chunk := &s.chunks[i/storeRows]
	if *chunk == nil {
		*chunk = make([]T, storeRows)
	}
	(*chunk)[i%storeRows] = v
}

func (s *store[T]) at(i int) (v T) {
	if i/storeRows < len(s.chunks) && s.chunks[i/storeRows] != nil {
		v = s.chunks[i/storeRows][i%storeRows]
	}
	return v
}

// means holds the mean of the numbers that were added to each row: NaN if none was.
type means struct{ chunks []meanChunk }

// meanChunk holds sums as 32-bit floats as long as those are exact, which saves half of the memory
// for grades such as 0 and 1.
type meanChunk struct {
	small []float32
	large []float64
	more  []uint32 // numbers in a sum beyond the first; nil if there are none
}

func (m *means) add(i int, v float64) {
	if math.IsNaN(v) {
		return
	}
	for len(m.chunks) <= i/storeRows {
		m.chunks = append(m.chunks, meanChunk{})
	}
	m.chunks[i/storeRows].add(i%storeRows, v)
}

func (c *meanChunk) add(i int, v float64) {
	if sum := c.sum(i); !math.IsNaN(sum) {
		if c.more == nil {
			c.more = make([]uint32, storeRows)
		}
		c.more[i]++
		v += sum
	}
	if c.large == nil && float64(float32(v)) != v {
		c.widen()
	}
	switch {
	case c.large != nil:
		c.large[i] = v
	case c.small == nil:
		c.small = make([]float32, storeRows)
		for k := range c.small {
			c.small[k] = float32(math.NaN())
		}
		fallthrough
	default:
		c.small[i] = float32(v)
	}
}

// widen replaces the 32-bit sums by 64-bit ones.
func (c *meanChunk) widen() {
	large := num.NaNs(storeRows)
	for k, v := range c.small {
		large[k] = float64(v)
	}
	c.small, c.large = nil, large
}

func (c *meanChunk) sum(i int) float64 {
	switch {
	case c.large != nil:
		return c.large[i]
	case c.small != nil:
		return float64(c.small[i])
	}
	return math.NaN()
}

func (m *means) at(i int) float64 {
	if i/storeRows >= len(m.chunks) {
		return math.NaN()
	}
	c := &m.chunks[i/storeRows]
	sum := c.sum(i % storeRows)
	if c.more == nil {
		return sum
	}
	return sum / float64(1+c.more[i%storeRows])
}

// names numbers texts that repeat, from 1. 0 stands for "".
type names struct {
	texts []string
	index map[string]uint32
}

func (n *names) number(text string) uint32 {
	if text == "" {
		return 0
	}
	k, ok := n.index[text]
	if !ok {
		if n.index == nil {
			n.index = map[string]uint32{}
		}
		text = strings.Clone(text)
		n.texts = append(n.texts, text)
		k = uint32(len(n.texts))
		n.index[text] = k
	}
	return k
}

func (n *names) text(k uint32) string {
	if k == 0 {
		return ""
	}
	return n.texts[k-1]
}

// places remembers the file and row of many answers in little memory: answers that follow each
// other in a file share one entry.
type places struct {
	n    int // number of answers
	rows int // largest row of the last file
	runs []placeRun
}

type placeRun struct {
	first  int // number of the run's first answer, counted from 1
	file   string
	row    int
	before int // rows of the files before this one
}

// add returns the number of the answer in a row of a file, counted from 1.
func (p *places) add(file string, row int) uint32 {
	p.n++
	last := placeRun{}
	if k := len(p.runs) - 1; k >= 0 {
		last = p.runs[k]
	}
	switch {
	case last.first == 0 || last.file != file:
		p.runs = append(p.runs, placeRun{p.n, file, row, last.before + p.rows})
		p.rows = 0
	case last.row+p.n-last.first != row:
		p.runs = append(p.runs, placeRun{p.n, file, row, last.before})
	}
	p.rows = max(p.rows, row)
	return uint32(p.n)
}

func (p *places) run(answer uint32) placeRun {
	return p.runs[sort.Search(len(p.runs), func(k int) bool { return p.runs[k].first > int(answer) })-1]
}

// number returns the row of an answer, counted from 1 through all files.
func (p *places) number(answer uint32) int {
	run := p.run(answer)
	return run.before + run.row + int(answer) - run.first
}

// rowOf returns the row of an answer in its file.
func (p *places) rowOf(answer int) int {
	run := p.run(uint32(answer))
	return run.row + answer - run.first
}

// where describes the place of an earlier answer in a message about a row of file.
func (p *places) where(answer uint32, file string) string {
	run := p.run(answer)
	at := fmt.Sprintf("row %d", p.rowOf(int(answer)))
	if run.file != file {
		at = fmt.Sprintf("%q, %s", run.file, at)
	}
	return at
}
