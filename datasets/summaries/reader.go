package summaries

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
)

// maxBuckets is the largest number of buckets that is taken for one.
const maxBuckets = 1 << 20

// reader adds up rows.
type reader struct {
	options Options
	first   *layout
	parts   int32 // number of files so far
	// expected is the number of cells of the file, 0 if it is not known.
	expected int
	routers  map[string]*sums
	unused   map[string]int64 // unused rows by router; "" for those that have none
	tasks    map[string]int32 // number of each task
	names    []string         // name of each task
}

// sums adds up the rows of one router.
type sums struct {
	bins  []binned.Bin
	parts []int32           // number of the file that each bin was first seen in
	place map[float64]int32 // index of each bin
	cells []binned.Cell
}

// row adds a row.
func (r *reader) row(l *layout, x rows.Row) error {
	c := cells{l, x}
	router := c.text(colRouter)
	bin, err := c.bin()
	if err != nil {
		return err
	}
	if math.IsNaN(bin) {
		return r.addUnused(c, router)
	}
	if c.missing(colRouter) {
		return c.error(colRouter, "the name of a router")
	}
	b, err := c.sums(r.options.ScoresOnly)
	if err != nil {
		return err
	}
	s := r.sumsOf(router)
	whole := l.at[colTask] < 0 && l.at[colBucket] < 0
	at := s.add(bin, b, l.part, whole)
	if whole {
		return nil
	}
	cell := binned.Cell{Bin: at, Task: r.task(c.text(colTask)), Rows: b.Rows, N: b.N, Strong: b.Strong, Weak: b.Weak, Gain2: b.Gain2}
	if cell.Bucket, err = c.bucket(); err != nil {
		return err
	}
	s.cells = append(s.cells, cell)
	return nil
}

// sumsOf returns the sums of a router.
func (r *reader) sumsOf(router string) *sums {
	s := r.routers[router]
	if s == nil {
		s = &sums{place: map[float64]int32{}, cells: make([]binned.Cell, 0, r.expected)}
		r.routers[router] = s
	}
	return s
}

// add adds sums to a bin of a file. It returns the bin's index. whole says that a row is a whole bin:
// then two rows of one bin are from two tables, like those of two files. Areas of two tables do not add
// up, because they say nothing of how their scores interleave.
func (s *sums) add(bin float64, b binned.Bin, part int32, whole bool) int32 {
	at, known := s.place[bin]
	if !known {
		at = int32(len(s.bins))
		s.place[bin] = at
		s.bins, s.parts = append(s.bins, b), append(s.parts, part)
		return at
	}
	if whole || s.parts[at] != part {
		b.Area = math.NaN()
	}
	x := &s.bins[at]
	x.Min, x.Max, x.Rows = min(x.Min, b.Min), max(x.Max, b.Max), x.Rows+b.Rows
	x.N, x.Strong, x.Weak, x.Gain2, x.Area = x.N+b.N, x.Strong+b.Strong, x.Weak+b.Weak, x.Gain2+b.Gain2, x.Area+b.Area
	return at
}

// task returns the number of a task.
func (r *reader) task(name string) int32 {
	k, known := r.tasks[name]
	if !known {
		k = int32(len(r.names))
		r.tasks[strings.Clone(name)] = k
		r.names = append(r.names, strings.Clone(name))
	}
	return k
}

// addUnused counts the samples that cannot be used.
func (r *reader) addUnused(c cells, router string) error {
	n, err := c.count(colRows, colN)
	if err != nil {
		return err
	}
	if r.unused == nil {
		r.unused = map[string]int64{}
	}
	r.unused[router] += int64(n)
	return nil
}

// cells is a row with its columns by their meaning.
type cells struct {
	layout *layout
	row    rows.Row
}

// cell returns the cell of a column; a missing one without the column.
func (c cells) cell(column int) rows.Cell {
	if at := c.layout.at[column]; at >= 0 {
		return c.row.Cells[at]
	}
	return rows.Cell{}
}

// missing reports whether a column that the file has is null. CSV writes null as nothing.
func (c cells) missing(column int) bool {
	return c.layout.at[column] >= 0 && c.null(column)
}

// null reports whether a cell holds nothing. A task may be called null.
func (c cells) null(column int) bool {
	x := c.cell(column)
	return x.Kind == rows.Missing || x.Text == "" || x.Text == `\N` || column != colTask && strings.EqualFold(x.Text, "null")
}

// text returns the text of a cell, "" for null.
func (c cells) text(column int) string {
	if c.null(column) {
		return ""
	}
	return c.cell(column).Text
}

// number returns a finite number.
func (c cells) number(column int) (float64, error) {
	x, err := strconv.ParseFloat(c.text(column), 64)
	if err != nil || !num.Finite(x) {
		return 0, c.error(column, "a finite number")
	}
	return x, nil
}

// bin returns the bin's name, NaN for rows that cannot be used, whose bin and scores are null.
func (c cells) bin() (float64, error) {
	if c.null(colBin) && c.null(colMin) && c.null(colMax) {
		return math.NaN(), nil
	}
	return c.number(colBin)
}

// bucket returns the number of the bucket, 0 without buckets.
func (c cells) bucket() (int32, error) {
	return c.bucketIn(colBucket)
}

// bucketIn returns the number of the bucket in a column, 0 without it.
func (c cells) bucketIn(column int) (int32, error) {
	if c.layout.at[column] < 0 {
		return 0, nil
	}
	x, err := c.number(column)
	if err != nil || x < 0 || x >= maxBuckets || x != math.Trunc(x) {
		return 0, c.error(column, fmt.Sprintf("a whole number from 0 to %d", maxBuckets-1))
	}
	return int32(x), nil
}

// sums returns the sums of a row. Area is NaN without one.
func (c cells) sums(scoresOnly bool) (b binned.Bin, err error) {
	b.Area = math.NaN()
	for _, x := range []struct {
		column int
		to     *float64
	}{{colMin, &b.Min}, {colMax, &b.Max}, {colN, &b.N}, {colStrong, &b.Strong}, {colWeak, &b.Weak}, {colGain2, &b.Gain2}, {colArea, &b.Area}} {
		if c.layout.at[x.column] < 0 {
			continue
		}
		if *x.to, err = c.number(x.column); err != nil {
			return b, err
		}
	}
	return b, c.checkSums(&b)
}

// checkSums sets the number of rows and refuses sums that no samples have.
func (c cells) checkSums(b *binned.Bin) error {
	count := b.N
	if c.layout.at[colRows] >= 0 {
		var err error
		if count, err = c.number(colRows); err != nil {
			return err
		}
		if count < 1 || count != math.Trunc(count) {
			return c.error(colRows, "a whole number of at least 1")
		}
	}
	gain := b.Strong - b.Weak
	switch {
	case !(b.N > 0):
		return c.error(colN, "a number above 0")
	case count > maxRows:
		return c.error(colN, fmt.Sprintf("at most %d", int64(maxRows)))
	case count != math.Trunc(count):
		return hint.With(c.error(colN, "a whole number"), "sums of weights need a column rows with the number of samples")
	case b.Min > b.Max:
		return c.error(colMin, fmt.Sprintf("at most score_max, %v", b.Max))
	case gain*gain > b.N*b.Gain2*(1+rounding)+rounding*rounding:
		return hint.With(c.error(colGain2, fmt.Sprintf("at least (strong - weak)^2/n = %v", gain*gain/b.N)),
			"gain2 is the sum of the squared differences of both qualities, not the square of the sum")
	}
	b.Rows = int64(count)
	return nil
}

// maxRows is the largest number of rows that a bin may have: doubles count no further.
const maxRows = 1 << 53

// rounding is the relative error of sums.
const rounding = 1e-9

// error returns the error about a cell.
func (c cells) error(column int, expected string) error {
	found := fmt.Sprintf("%.40q", c.cell(column).Text)
	if c.null(column) {
		found = "nothing"
	}
	err := fmt.Errorf("%q: row %d, column %q: found %s, expected %s", c.row.File, c.row.Number, c.layout.names[column], found, expected)
	if x, parse := strconv.ParseFloat(c.text(column), 64); parse == nil && !num.Finite(x) {
		err = hint.With(err, "one score or quality that is not finite spoils a whole bin: the queries of routellm sql leave such rows out")
	}
	return err
}

// sortedTasks returns the names of the tasks in ascending order, and numbers the cells' tasks by it:
// engines write the rows of a summary in any order.
func (r *reader) sortedTasks(cells []binned.Cell) []string {
	sorted := slices.Sorted(slices.Values(r.names))
	place := make([]int32, len(sorted))
	for i, name := range r.names {
		at, _ := slices.BinarySearch(sorted, name)
		place[i] = int32(at)
	}
	for i := range cells {
		cells[i].Task = place[cells[i].Task]
	}
	return sorted
}

// summary returns the summary of one router.
func (r *reader) summary(name string) (*binned.Summary, error) {
	s := r.routers[name]
	out := binned.Summary{Bins: s.bins, Cells: s.cells, Bucketed: r.first.at[colBucket] >= 0, Unused: r.unused[name]}
	if name != "" {
		out.Unused += r.unused[""]
	}
	if r.first.at[colTask] >= 0 {
		out.Tasks = r.sortedTasks(out.Cells)
	}
	delete(r.routers, name) // frees the map of the bins
	return binned.New(out)
}
