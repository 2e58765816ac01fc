package datasets

import (
	"context"
	"math"

	"github.com/routellm/routellm/internal/slicesx"
)

// ImportTable does what [Import] does, and returns the whole table.
func ImportTable(ctx context.Context, path string, m Mapping) (*Table, Reading, error) {
	t := &Table{}
	reading, err := Import(ctx, path, m, t.Append)
	if err != nil {
		return nil, reading, err
	}
	return t, reading, nil
}

// textColumns lists the columns of text.
func (t *Table) textColumns() []*[]string {
	return []*[]string{&t.SampleID, &t.Task, &t.Cluster, &t.Prompt, &t.PromptSHA256, &t.PromptNormSHA256, &t.Embedding, &t.ModelA, &t.ModelB, &t.Winner, &t.Source}
}

// Append adds the rows of a table with the same columns, such as a batch of [Import]. A table
// without rows becomes the other one.
func (t *Table) Append(batch *Table) error {
	if t.Rows() == 0 {
		*t = *batch
		return nil
	}
	to, from := t.textColumns(), batch.textColumns()
	for k := range to {
		*to[k] = append(*to[k], *from[k]...)
	}
	t.Contaminated, t.Weight = append(t.Contaminated, batch.Contaminated...), append(t.Weight, batch.Weight...)
	t.Vectors, t.Cues = append(t.Vectors, batch.Vectors...), append(t.Cues, batch.Cues...)
	t.Share = append(t.Share, batch.Share...)
	for _, c := range [][2][]Column{{t.Features, batch.Features}, {t.Quality, batch.Quality}, {t.Extras, batch.Extras}} {
		for k := range c[0] {
			c[0][k].Values = append(c[0][k].Values, c[1][k].Values...)
		}
	}
	return nil
}

// Slice returns rows from to to, without the last. It shares their values with t.
func (t *Table) Slice(from, to int) *Table {
	out := *t
	for _, column := range out.textColumns() {
		*column = sliceIf(*column, from, to)
	}
	out.Contaminated, out.Weight = sliceIf(t.Contaminated, from, to), sliceIf(t.Weight, from, to)
	out.Vectors, out.Cues = sliceIf(t.Vectors, from, to), sliceIf(t.Cues, from, to)
	out.Share = sliceIf(t.Share, from, to)
	for _, columns := range []*[]Column{&out.Features, &out.Quality, &out.Extras} {
		var some []Column
		for _, c := range *columns {
			some = append(some, Column{c.Name, c.Values[from:to]})
		}
		*columns = some
	}
	return &out
}

func sliceIf[T any](values []T, from, to int) []T {
	if values == nil {
		return nil
	}
	return values[from:to:to]
}

// pick returns a table of some rows.
func (t *Table) pick(rows []int) *Table {
	out := *t
	for _, column := range out.textColumns() {
		*column = pickIf(*column, rows)
	}
	out.Contaminated, out.Weight = pickIf(t.Contaminated, rows), pickIf(t.Weight, rows)
	out.Vectors, out.Cues = pickIf(t.Vectors, rows), pickIf(t.Cues, rows)
	out.Share = pickIf(t.Share, rows)
	for _, columns := range []*[]Column{&out.Features, &out.Quality, &out.Extras} {
		var picked []Column
		for _, c := range *columns {
			picked = append(picked, Column{c.Name, slicesx.Pick(c.Values, rows)})
		}
		*columns = picked
	}
	return &out
}

func pickIf[T any](values []T, rows []int) []T {
	if values == nil {
		return nil
	}
	return slicesx.Pick(values, rows)
}

// Measured returns the samples on which at least some number of models have a quality.
func (t *Table) Measured(least int) *Table {
	var keep []int
	for i := range t.SampleID {
		n := 0
		for _, c := range t.Quality {
			if !math.IsNaN(c.Values[i]) {
				n++
			}
		}
		if n >= least {
			keep = append(keep, i)
		}
	}
	return t.pick(keep)
}
