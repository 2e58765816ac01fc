package datasets

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/values"
)

// gradeCount sums up the qualities of one model in the files.
type gradeCount struct {
	column            string
	measured, outside int
	lo, hi            float64 // range of all values
	outLo, outHi      float64 // range of the values outside the bounds
	lone              values.Lone
	firstOutside      error
}

func (c *gradeCount) add(v float64) {
	c.measured++
	c.lo, c.hi = min(c.lo, v), max(c.hi, v)
}

// maxOutside is the share of a model's qualities that may be outside the bounds.
const maxOutside = 0.05

// checkGrades checks what only all qualities together show: cells that do not belong with the
// others of their column, many values outside the bounds, and lone values.
func (in *importer) checkGrades() error {
	for i := range in.files {
		if err := in.checkColumns(&in.files[i]); err != nil {
			return err
		}
	}
	in.checkDirection()
	for _, model := range slices.Sorted(maps.Keys(in.grades)) {
		count := in.grades[model]
		if err := in.checkOutside(model, count); err != nil {
			return err
		}
		if err := in.checkLone(model, count); err != nil {
			return err
		}
	}
	return nil
}

func (in *importer) checkColumns(f *importFile) error {
	if f.known != nil { // odd cells were left out
		return nil
	}
	for _, column := range slices.Sorted(maps.Keys(f.grades)) {
		cells, count, expected := f.grades[column].Odd()
		if count == 0 {
			continue
		}
		bad := Skipped{}
		for _, c := range cells {
			bad.add(badCell{in.places.rowOf(c.Row), column, quote(c.Text), expected})
		}
		bad.Rows = count
		return bad.err(in.places.run(uint32(cells[0].Row)).file, in.rows, false)
	}
	return nil
}

// checkDirection warns of a column whose name sounds as if lower values were better.
func (in *importer) checkDirection() {
	if in.LowerIsBetter {
		return
	}
	for _, f := range in.files {
		for _, column := range slices.Sorted(maps.Keys(f.grades)) {
			if values.LowerIsBetter(column) {
				in.reading.Warnings = append(in.reading.Warnings, fmt.Sprintf("column %q is read as a quality, of which higher values are better: if lower ones are, give --lower-is-better and --range", column))
				return
			}
		}
	}
}

// checkOutside returns an error if many qualities of a model are outside the bounds and bad rows
// are not to be left out, and else counts those that were left out.
func (in *importer) checkOutside(model string, c *gradeCount) error {
	if c.outside == 0 {
		return nil
	}
	left := fmt.Sprintf("%s of %s of model %q", text.Thousands(c.outside), text.Plural(c.measured, "value"), model)
	if float64(c.outside) <= maxOutside*float64(c.measured) || in.SkipBad {
		in.reading.Warnings = append(in.reading.Warnings, fmt.Sprintf("%s left out as outside the range %v to %v", left, in.Min, in.Max))
		return nil
	}
	hints := []string{fmt.Sprintf("the values of the model are from %v to %v: --range %v,%v", c.lo, c.hi, c.lo, c.hi)}
	if c.outLo == c.outHi {
		hints = append(hints, fmt.Sprintf("if %v means \"not measured\": --null %v", c.outLo, c.outLo))
	}
	return hint.With(fmt.Errorf("%w\n  %s are outside, more than %v %%", c.firstOutside, left, 100*maxOutside),
		append(hints, "--skip-bad leaves out any number of values")...)
}

// checkLone returns an error if a value stands outside the scale of all others and the bounds are
// not known.
func (in *importer) checkLone(model string, c *gradeCount) error {
	found := c.lone.Found()
	if len(found) == 0 || in.Min == in.Min {
		return nil
	}
	v := found[0]
	return hint.With(fmt.Errorf("%q: row %d, column %q: found %s, in %s of model %q: expected one scale", in.places.run(uint32(v.Rows[0])).file,
		in.places.rowOf(v.Rows[0]), c.column, v, text.Plural(v.Count, "value"), model),
		fmt.Sprintf("if it means that a judge failed: --null %v", v.Value),
		fmt.Sprintf("if it is a quality, give the bounds of all: --range %v,%v", min(v.Value, v.Lo), max(v.Value, v.Hi)))
}

// learn reads the columns of quality, so that bad cells can be told from the others.
func (in *importer) learn(ctx context.Context) error {
	if !in.SkipBad {
		return nil
	}
	for i := range in.files {
		f := &in.files[i]
		if f.nested != "" {
			continue
		}
		var want []string
		if f.long {
			want = append(want, f.fields.columns[0])
		}
		for _, m := range f.models {
			if m.columns[0] != "" {
				want = append(want, m.columns[0])
			}
		}
		if len(want) == 0 {
			continue
		}
		known := map[string]*values.Column{}
		for _, column := range want {
			known[column] = &values.Column{Parser: f.parser}
		}
		if err := f.table.Scan(ctx, want, func(r rows.Row) error {
			for k, cell := range r.Cells {
				if cell.Kind != rows.JSON {
					known[want[k]].Add(cell.Text, r.Number)
				}
			}
			return nil
		}); err != nil {
			return err
		}
		f.known = known
	}
	return nil
}
