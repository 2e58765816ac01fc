package summaries

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/eval/pool/moved"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// The columns of a summary of moves, in the order in which they are read. Three per model follow.
const (
	moveStep = iota
	moveBin
	moveMin
	moveMax
	moveN
	moveQuality
	moveCost
	moveQualityLoss
	moveCostLoss
	moveRows
	moveBucket
	moveModels // first column of the models
)

var moveNames = [moveModels]string{"step", "bin", "lambda_min", "lambda_max", "n", "quality", "cost", "quality_loss", "cost_loss", "rows", "bucket"}

// chosenPrefix begins the names of the columns with the number of prompts that a model answers.
const chosenPrefix = "chosen:"

// Moves is the summary of the path of a router among several models, with what it was read from.
type Moves struct {
	Models  []string // names of the models, in the order of the columns
	Summary *moved.Summary
	Files   []File // files that were read, one per path
}

// isMoves reports whether columns are those of a summary of moves.
func isMoves(columns []string) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, name) })
	}
	return has(moveNames[moveStep]) && has(moveNames[moveMin])
}

// AreMoves reports whether a file is a summary of moves, by its columns.
func AreMoves(ctx context.Context, path string, o rows.Options) (is bool, err error) {
	t, err := rows.Open(ctx, path, o)
	if err != nil {
		return false, err
	}
	return isMoves(t.Columns()), t.Close()
}

// ReadMoves reads files that are parts of one summary of moves, as the query of routellm sql pool makes
// it, and adds them up. Tasks are added up too. An error names file, row and column, and what was
// expected.
func ReadMoves(ctx context.Context, paths []string, o rows.Options) (*Moves, error) {
	r, out := &moveReader{bins: map[float64]int32{}}, &Moves{}
	for _, path := range paths {
		f, err := readFile(ctx, path, o, func(t *rows.Table) (layout, error) { return r.layoutOf(path, t.Columns()) }, r.row)
		if err != nil {
			return nil, err
		}
		out.Files = append(out.Files, f)
	}
	if len(r.sums.Starts) == 0 {
		err := fmt.Errorf("%s: no row has the step start", text.Quoted(paths, 3))
		if r.sums.Unused > 0 {
			err = fmt.Errorf("%s: no row of the table can be used (%s)", text.Quoted(paths, 3), text.Plural(int(r.sums.Unused), "row"))
		}
		return nil, hint.With(err, "the query of routellm sql pool adds up the rows where lambda is infinity")
	}
	r.sums.Bucketed = r.first.at[moveBucket] >= 0
	var err error
	if out.Summary, err = moved.New(r.sums); err != nil {
		return nil, fmt.Errorf("%s: %w", text.Quoted(paths, 3), err)
	}
	out.Models = r.models
	return out, nil
}

// moveReader adds up rows.
type moveReader struct {
	first  *layout
	models []string
	bins   map[float64]int32 // number of each bin
	sums   moved.Summary
}

// layoutOf finds the columns of a file.
func (r *moveReader) layoutOf(path string, have []string) (layout, error) {
	all := moveNames[:moveModels:moveModels]
	models := modelsIn(have)
	if r.models == nil {
		r.models = models
	}
	if len(models) < 2 || !slices.Equal(slices.Sorted(slices.Values(models)), slices.Sorted(slices.Values(r.models))) {
		return layout{}, hint.With(fmt.Errorf("%q has columns %s of the models %s: expected the same models, at least two, in all parts of a summary", path, chosenPrefix, text.Quoted(models, 10)),
			"make all parts by the same query")
	}
	for _, m := range r.models {
		all = append(all, chosenPrefix+m, "quality:"+m, "cost_usd:"+m)
	}
	l, missing := find(path, all, have, func(c int) bool { return c == moveRows || c == moveBucket })
	if missing >= 0 {
		return l, hint.With(fmt.Errorf("%q: column %q: missing, expected a summary of moves with the columns %s", path, all[missing], strings.Join(moveNames[:moveRows], ", ")),
			"columns in the file: "+text.Quoted(have, 20), "routellm sql pool prints the query that makes one")
	}
	if r.first == nil {
		r.first = &l
		return l, nil
	}
	return l, l.same(r.first)
}

// modelsIn returns the models of a file, in the order of its columns.
func modelsIn(columns []string) (models []string) {
	for _, c := range columns {
		if len(c) > len(chosenPrefix) && strings.EqualFold(c[:len(chosenPrefix)], chosenPrefix) {
			models = append(models, c[len(chosenPrefix):])
		}
	}
	return models
}

// row adds a row.
func (r *moveReader) row(l *layout, x rows.Row) error {
	c := cells{l, x}
	switch step := c.text(moveStep); step {
	case "start":
		return r.start(c)
	case "move":
		return r.move(c)
	case "unused":
		n, err := c.count(moveRows, moveN)
		r.sums.Unused += int64(n)
		return err
	}
	return c.error(moveStep, "start, move or unused")
}

// start adds the start of the path of some prompts.
func (r *moveReader) start(c cells) (err error) {
	var s moved.Start
	if s.Bucket, err = c.bucketIn(moveBucket); err != nil {
		return err
	}
	count, err := c.count(moveRows, moveN)
	if err != nil {
		return err
	}
	s.Rows = int64(count)
	if err := c.numbers(map[int]*float64{moveN: &s.N, moveQuality: &s.Quality, moveCost: &s.Cost}); err != nil {
		return err
	}
	for k, to := range []*[]float64{&s.Chosen, &s.ModelQuality, &s.ModelCost} {
		if *to, err = c.perModel(k, len(r.models)); err != nil {
			return err
		}
	}
	r.sums.Starts = append(r.sums.Starts, s)
	return nil
}

// move adds the moves of a bin.
func (r *moveReader) move(c cells) (err error) {
	var m moved.Cell
	if m.Bucket, err = c.bucketIn(moveBucket); err != nil {
		return err
	}
	bin := 0.0
	err = c.numbers(map[int]*float64{moveBin: &bin, moveMin: &m.Min, moveMax: &m.Max, moveN: &m.N,
		moveQuality: &m.Quality, moveCost: &m.Cost, moveQualityLoss: &m.QualityLoss, moveCostLoss: &m.CostLoss})
	if err != nil {
		return err
	}
	if m.Chosen, err = c.perModel(0, len(r.models)); err != nil {
		return err
	}
	at, known := r.bins[bin]
	if !known {
		at = int32(len(r.bins))
		r.bins[bin] = at
	}
	m.Bin = at
	r.sums.Cells = append(r.sums.Cells, m)
	return nil
}

// count returns a number of rows: that of the column of rows or, without it, of the column n, where a
// sum of weights is an error.
func (c cells) count(rowsColumn, nColumn int) (float64, error) {
	column := nColumn
	if c.layout.at[rowsColumn] >= 0 {
		column = rowsColumn
	}
	n, err := c.number(column)
	if err == nil && (n < 0 || n > maxRows || n != math.Trunc(n)) {
		err = hint.With(c.error(column, "a number of rows"), "sums of weights need a column rows with the number of samples")
	}
	return n, err
}

// numbers reads finite numbers by their columns.
func (c cells) numbers(to map[int]*float64) (err error) {
	for column := range c.layout.names {
		if x := to[column]; x != nil {
			if *x, err = c.number(column); err != nil {
				return err
			}
		}
	}
	return nil
}

// perModel returns the k-th of the three numbers of each model.
func (c cells) perModel(k, models int) (out []float64, err error) {
	out = make([]float64, models)
	for m := range out {
		if out[m], err = c.number(moveModels + 3*m + k); err != nil {
			return nil, err
		}
	}
	return out, nil
}
