package summaries

import (
	"io"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/binned"
)

// Write writes summaries as Parquet, as [Read] reads them: the column router if they have names, and
// task, bucket and area if all have them.
func Write(w io.Writer, routers []Router) error {
	all := func(has func(r Router) bool) bool {
		return !slices.ContainsFunc(routers, func(r Router) bool { return !has(r) })
	}
	t := &table{
		named:    all(func(r Router) bool { return r.Name != "" }),
		tasked:   all(func(r Router) bool { return r.Summary.Tasks != nil }),
		bucketed: all(func(r Router) bool { return r.Summary.Bucketed }),
		areas: all(func(r Router) bool {
			return r.Summary.Cells == nil && !slices.ContainsFunc(r.Summary.Bins, func(b binned.Bin) bool { return math.IsNaN(b.Area) })
		}),
	}
	for _, r := range routers {
		t.add(r)
	}
	return datasets.WriteColumns(w, t.columns(), nil)
}

// table holds the columns of a summary.
type table struct {
	named, tasked, bucketed, areas bool
	router                         []string
	task                           []*string
	numbers                        [columns][]float64
}

// add adds the rows of a router, and one for those that are not used.
func (t *table) add(r Router) {
	s := r.Summary
	if s.Cells == nil {
		for i, b := range s.Bins {
			t.row(r.Name, nil, [columns]float64{float64(i), b.Min, b.Max, b.N, b.Strong, b.Weak, b.Gain2, float64(b.Rows), b.Area})
		}
	}
	for _, c := range s.Cells {
		b, task := s.Bins[c.Bin], (*string)(nil)
		if t.tasked {
			task = &s.Tasks[c.Task]
		}
		x := [columns]float64{float64(c.Bin), b.Min, b.Max, c.N, c.Strong, c.Weak, c.Gain2, float64(c.Rows)}
		x[colBucket] = float64(c.Bucket)
		t.row(r.Name, task, x)
	}
	if s.Unused > 0 {
		none := math.NaN()
		x := [columns]float64{none, none, none, float64(s.Unused), 0, 0, 0, float64(s.Unused)}
		x[colBucket] = none
		t.row(r.Name, nil, x)
	}
}

// row adds a row.
func (t *table) row(router string, task *string, x [columns]float64) {
	t.router, t.task = append(t.router, router), append(t.task, task)
	for c := range x {
		t.numbers[c] = append(t.numbers[c], x[c])
	}
}

// columns returns the columns that the summaries have.
func (t *table) columns() []datasets.AnyColumn {
	var out []datasets.AnyColumn
	if t.named {
		out = append(out, datasets.AnyColumn{Name: names[colRouter], Strings: t.router})
	}
	if t.tasked {
		out = append(out, datasets.AnyColumn{Name: names[colTask], Texts: t.task})
	}
	for _, c := range []int{colBucket, colBin, colMin, colMax, colRows, colN, colStrong, colWeak, colGain2, colArea} {
		if c == colBucket && !t.bucketed || c == colArea && !t.areas {
			continue
		}
		out = append(out, datasets.AnyColumn{Name: names[c], Floats: t.numbers[c]})
	}
	return out
}
