package cli

import (
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
)

// csvTable is the result as one wide table for pandas or DuckDB: a row a
// benchmark and router, and one a task where slices were asked for. Fractions
// are in [0,1]; a value that does not exist is empty.
func csvTable(d *result.Document) *table.Table {
	first := firstCurve(d.Benchmarks[0])
	cpt, at, needs := sortedKeys(first.Metrics.CPT), sortedKeys(first.Metrics.QualityAt), sortedKeys(first.Metrics.FractionFor)
	t := &table.Table{Header: []string{
		"benchmark", "task", "strong", "weak", "samples", "strong_quality", "weak_quality", "router",
		"apgr", "headroom", "auc", "area_over_random", "strong_fraction", "quality",
	}}
	for _, k := range cpt {
		t.Header = append(t.Header, "cpt_"+k)
	}
	for _, k := range at {
		t.Header = append(t.Header, "quality_at_"+k)
	}
	for _, k := range needs {
		t.Header = append(t.Header, "fraction_for_"+k)
	}
	for _, b := range d.Benchmarks {
		for _, r := range b.Routers {
			t.Add(csvRow(b, r, cpt, at, needs)...)
			for _, s := range r.Slices {
				t.Add(csvSlice(b, r, s, len(t.Header))...)
			}
		}
	}
	return t
}

func csvRow(b result.Benchmark, r result.Router, cpt, at, needs []string) []string {
	row := []string{
		b.Name, "", b.Pair.Strong, b.Pair.Weak, strconv.Itoa(b.Samples), cell(b.StrongQuality), cell(b.WeakQuality), r.Name,
		cell(r.Metrics.APGR.Value), cell(r.Metrics.Headroom.Value), cell(r.Metrics.AUC.Value), cell(r.Metrics.AreaOverRandom.Value),
	}
	if r.Point != nil {
		row = append(row, cell(r.Point.StrongFraction), cell(r.Point.Quality))
	} else {
		row = append(row, "", "")
	}
	for _, k := range cpt {
		row = append(row, lookup(r.Metrics.CPT, k, func(c result.CPT) result.Value { return c.Value }))
	}
	value := func(m result.Metric) result.Value { return m.Value }
	for _, k := range at {
		row = append(row, lookup(r.Metrics.QualityAt, k, value))
	}
	for _, k := range needs {
		row = append(row, lookup(r.Metrics.FractionFor, k, value))
	}
	return row
}

func csvSlice(b result.Benchmark, r result.Router, s result.Slice, width int) []string {
	row := make([]string, width)
	copy(row, []string{
		b.Name, s.Task, b.Pair.Strong, b.Pair.Weak, strconv.Itoa(s.Samples), cell(s.StrongQuality), cell(s.WeakQuality), r.Name,
		cell(s.APGR.Value), "", "", cell(s.AreaOverRandom.Value),
	})
	return row
}

// cell writes the shortest decimal that reads back the same, "" for no value.
func cell(v result.Value) string {
	if !v.Exists() {
		return ""
	}
	return strconv.FormatFloat(float64(v), 'g', -1, 64)
}

// lookup is the cell of a metric that a router may not have.
func lookup[T any](m map[string]T, key string, value func(T) result.Value) string {
	if v, ok := m[key]; ok {
		return cell(value(v))
	}
	return ""
}
