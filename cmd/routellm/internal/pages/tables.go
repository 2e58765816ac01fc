package pages

import (
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// reportTables returns eval's tables without a limit on width, so that every metric has its
// interval.
func reportTables(b results.Benchmark, i results.Intervals) []report.Block {
	u := render.UnitOf(b)
	curves := slices.DeleteFunc(slices.Clone(b.Routers), func(r results.Router) bool { return r.Point != nil })
	gap, calls, at := newWide(b.Routers, i), newWide(curves, i), newWide(curves, i)
	gap.points(u)
	gap.column("APGR", func(r results.Router) results.Metric { return r.Metrics.APGR }, render.Number, render.ShortNumber)
	if b.Summary == nil {
		gap.column("headroom", func(r results.Router) results.Metric { return r.Metrics.Headroom }, render.Percent, nil)
	}
	end := func(x float64) string { return u.Quality(results.Value(x)) }
	gap.column("area over random", func(r results.Router) results.Metric { return r.Metrics.AreaOverRandom }, u.Metric, end)
	gap.column("AUC", func(r results.Router) results.Metric { return r.Metrics.AUC }, u.Metric, end)
	first := render.FirstCurve(b).Metrics
	for _, k := range render.CPTKeys(b) {
		calls.column("CPT"+k, func(r results.Router) results.Metric { return r.Metrics.CPT[k].Metric }, render.Percent, render.ShortPercent)
	}
	for _, k := range render.SortedKeys(first.FractionFor) {
		calls.column(render.CallsHeader(k), func(r results.Router) results.Metric { return r.Metrics.FractionFor[k] }, render.Percent, render.ShortPercent)
	}
	for _, k := range render.SortedKeys(first.QualityAt) {
		at.column(render.QualityHeader(k), func(r results.Router) results.Metric { return r.Metrics.QualityAt[k] }, u.Metric, end)
	}
	blocks := []report.Block{{Caption: "Gap recovered", Table: gap.Table}}
	if len(calls.Header) > 1 {
		blocks = append(blocks, report.Block{Caption: "Strong calls needed to recover a share of the gap (CPT) or to reach a share of the strong model's quality", Table: calls.Table})
	}
	if len(at.Header) > 1 {
		blocks = append(blocks, report.Block{Caption: "Quality at given shares of strong calls", Table: at.Table})
	}
	for _, t := range render.DollarTables(b, i) {
		blocks = append(blocks, report.Block{Caption: t.Caption, Table: t.Table})
	}
	return blocks
}

// wide is a table with one row per router, to which columns are added.
type wide struct {
	*table.Table
	routers []results.Router
	level   string // confidence of the intervals, such as "95 %"; "" without intervals
}

// newWide returns a table with the routers' names and marks.
func newWide(routers []results.Router, i results.Intervals) wide {
	w := wide{&table.Table{Header: []string{"router"}}, routers, ""}
	if i.Method != "none" {
		w.level = render.Confidence(i)
	}
	for _, r := range routers {
		w.Add(r.Name + render.Marks(r))
	}
	return w
}

// column adds a column with a metric, formatted by value. If end is non-nil, another column
// has the metric's interval, with its ends formatted by end.
func (w wide) column(name string, of func(results.Router) results.Metric, value func(results.Value, results.Router) string, end func(float64) string) {
	with := end != nil && w.level != ""
	w.Header = append(w.Header, name)
	if with {
		w.Header = append(w.Header, name+", "+w.level)
	}
	for i, r := range w.routers {
		m := of(r)
		w.Rows[i] = append(w.Rows[i], value(m.Value, r))
		if with {
			w.Rows[i] = append(w.Rows[i], render.Interval(m, r, end))
		}
	}
}

// points adds each router's operating point: its only one, or the one at 50 % strong calls.
func (w wide) points(u render.Unit) {
	w.Header = append(w.Header, "calls", "quality")
	for i, r := range w.routers {
		calls, quality := render.OperatingPoint(r, u)
		w.Rows[i] = append(w.Rows[i], calls, quality)
	}
}

// taskBlock returns a table with one row per task and every router's APGR, nil if there is
// only one task.
func taskBlock(c *harness.ScoredBenchmark, routers []string, i results.Intervals) (*report.Block, error) {
	confidence := 0.0
	if i.Method != "none" {
		confidence = float64(i.Confidence)
	}
	b, err := harness.ByTask(c, routers, confidence)
	if err != nil || len(b.Routers[0].Slices) < 2 {
		return nil, err
	}
	return &report.Block{Caption: taskCaption(b, i), Table: taskAPGR(b, i)}, nil
}

// taskCaption returns the caption of the table by task, which explains its words.
func taskCaption(b results.Benchmark, i results.Intervals) string {
	caption := "APGR by task"
	if i.Method != "none" {
		caption += ", " + render.Confidence(i) + " intervals from the influence function"
	}
	return strings.Join(append([]string{caption}, render.SliceNotes(b)...), "; ")
}

// taskAPGR returns one row per task: the models' qualities and every router's APGR.
func taskAPGR(b results.Benchmark, i results.Intervals) *table.Table {
	u, t := render.UnitOf(b), &table.Table{Header: render.SliceHeader()}
	for _, r := range b.Routers {
		t.Header = append(t.Header, r.Name)
		if i.Method != "none" {
			t.Header = append(t.Header, r.Name+", "+render.Confidence(i))
		}
	}
	for k, s := range b.Routers[0].Slices {
		row := render.SliceCells(s, u)
		for _, r := range b.Routers {
			row = append(row, render.Number(r.Slices[k].APGR.Value, r))
			if i.Method != "none" {
				row = append(row, render.Interval(r.Slices[k].APGR, r, render.ShortNumber))
			}
		}
		t.Add(row...)
	}
	return t
}
