package render

import (
	"math"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// csvTable returns the result as one wide table for pandas or DuckDB: one row per benchmark and
// router, and one more per task if slices were requested. Only those have a number of tasks.
// Fractions are in [0,1], and a value that does not exist is empty. The ends of a metric's
// interval follow it as METRIC_lo and METRIC_hi. METRIC_within_lo and METRIC_within_hi follow for
// summaries: the range that the exact value lies in. Columns of costs, in USD per prompt, follow where
// costs are known.
func csvTable(d *results.Document) *table.Table {
	first := FirstCurve(d.Benchmarks[0])
	cpt, at, needs := SortedKeys(first.Metrics.CPT), SortedKeys(first.Metrics.QualityAt), SortedKeys(first.Metrics.FractionFor)
	t := &table.Table{Header: []string{
		"benchmark", "task", "strong", "weak", "samples", "strong_quality", "weak_quality", "router", "standing",
		"strong_fraction", "quality", "headroom",
	}}
	metric := func(prefix string, keys ...string) {
		for _, k := range keys {
			t.Header = append(t.Header, prefix+k, prefix+k+"_lo", prefix+k+"_hi")
		}
	}
	metric("", "apgr", "auc", "area_over_random")
	metric("cpt_", cpt...)
	metric("quality_at_", at...)
	metric("fraction_for_", needs...)
	t.Header = append(t.Header, "against_random", "against_random_p_adjusted", "as_best_lo", "as_best_hi", "clusters", "gap_state", "tasks")
	within := withinColumns(d.Benchmarks[0], cpt, at, needs)
	for _, c := range within {
		t.Header = append(t.Header, c.name+"_within_lo", c.name+"_within_hi")
	}
	costs := costColumns(d)
	for _, c := range costs {
		t.Header = append(t.Header, c.name, c.name+"_lo", c.name+"_hi")
	}
	for _, b := range d.Benchmarks {
		for _, r := range b.Routers {
			row := csvRow(b, r, cpt, at, needs)
			width := len(row)
			for _, c := range within {
				row = append(row, rangeCells(r, c.of(r.Metrics))...)
			}
			for _, c := range costs {
				row = append(row, cells(c.of(b, r))...)
			}
			t.Add(row...)
			for _, s := range r.Slices {
				t.Add(append(csvSlice(b, r, s, width), make([]string, len(row)-width)...)...)
			}
		}
	}
	return t
}

func csvRow(b results.Benchmark, r results.Router, cpt, at, needs []string) []string {
	row := []string{
		b.Name, "", b.Pair.Strong, b.Pair.Weak, strconv.Itoa(b.Samples), Exact(b.StrongQuality), Exact(b.WeakQuality), r.Name,
		string(r.Standing), "", "", Exact(r.Metrics.Headroom.Value),
	}
	if r.Point != nil {
		row[9], row[10] = Exact(r.Point.StrongFraction), Exact(r.Point.Quality)
	}
	m := r.Metrics
	row = append(row, cells(m.APGR, m.AUC, m.AreaOverRandom)...)
	for _, k := range cpt {
		row = append(row, lookup(m.CPT, k, func(c results.CPT) results.Metric { return c.Metric })...)
	}
	same := func(m results.Metric) results.Metric { return m }
	for _, k := range at {
		row = append(row, lookup(m.QualityAt, k, same)...)
	}
	for _, k := range needs {
		row = append(row, lookup(m.FractionFor, k, same)...)
	}
	row = append(row, csvVerdicts(r)...)
	return append(row, strconv.Itoa(b.Clusters), string(b.Gap.State), "")
}

// csvVerdicts returns the router's test against random, and the ends of its interval as the
// best of several.
func csvVerdicts(r results.Router) []string {
	row := make([]string, 4)
	if t := r.AgainstRandom; t != nil {
		row[0], row[1] = t.Verdict, Exact(t.PAdjusted)
	}
	if c := r.AsBest; c != nil {
		row[2], row[3] = Exact(c.Lo), Exact(c.Hi)
	}
	return row
}

func csvSlice(b results.Benchmark, r results.Router, s results.Slice, width int) []string {
	row := []string{
		b.Name, s.Task, b.Pair.Strong, b.Pair.Weak, strconv.Itoa(s.Samples), Exact(s.StrongQuality), Exact(s.WeakQuality), r.Name,
		"", "", "", "",
	}
	row = append(row, cells(s.APGR, results.NewMetric(math.NaN()), s.AreaOverRandom)...)
	row = append(row, make([]string, width-len(row))...)
	row[width-3], row[width-2], row[width-1] = strconv.Itoa(s.Clusters), string(s.GapState), strconv.Itoa(s.Tasks)
	return row
}

// cells returns the value and the ends of the interval of each metric.
func cells(metrics ...results.Metric) []string {
	var row []string
	for _, m := range metrics {
		row = append(row, Exact(m.Value), Exact(m.Lo), Exact(m.Hi))
	}
	return row
}

// lookup returns the cells of a metric, empty ones if a router does not have it.
func lookup[T any](m map[string]T, key string, metric func(T) results.Metric) []string {
	if v, ok := m[key]; ok {
		return cells(metric(v))
	}
	return make([]string, 3)
}

// withinColumn is a metric of which a summary gives a range.
type withinColumn struct {
	name string
	of   func(m results.Metrics) results.Metric
}

// withinColumns returns the metrics that a summary gives ranges of; nil for samples, whose metrics are
// exact.
func withinColumns(b results.Benchmark, cpt, at, needs []string) []withinColumn {
	if b.Summary == nil {
		return nil
	}
	out := []withinColumn{
		{"apgr", func(m results.Metrics) results.Metric { return m.APGR }}, {"auc", func(m results.Metrics) results.Metric { return m.AUC }},
		{"area_over_random", func(m results.Metrics) results.Metric { return m.AreaOverRandom }},
	}
	for _, k := range cpt {
		out = append(out, withinColumn{"cpt_" + k, func(m results.Metrics) results.Metric { return m.CPT[k].Metric }})
	}
	for _, k := range at {
		out = append(out, withinColumn{"quality_at_" + k, func(m results.Metrics) results.Metric { return m.QualityAt[k] }})
	}
	for _, k := range needs {
		out = append(out, withinColumn{"fraction_for_" + k, func(m results.Metrics) results.Metric { return m.FractionFor[k] }})
	}
	return out
}

// rangeCells returns the ends of the range of a router's metric: its value twice if that is exact,
// nothing for a router without a curve.
func rangeCells(r results.Router, m results.Metric) []string {
	if r.Point != nil {
		return make([]string, 2)
	}
	return rangeOf(m)
}

// rangeOf returns the ends of the range of a metric: its value twice if that is exact.
func rangeOf(m results.Metric) []string {
	if m.Within == nil {
		return []string{Exact(m.Value), Exact(m.Value)}
	}
	return []string{Exact(m.Within.Lo), Exact(m.Within.Hi)}
}
