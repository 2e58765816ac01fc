package cli

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// tablesOf lists the tables of a benchmark. With intervals there is no room for CPT
// beside APGR in 80 columns.
func tablesOf(b results.Benchmark, u unit, conventions results.Conventions) []*table.Table {
	if conventions.Curve != "exact" {
		return []*table.Table{compatTable(b, u)}
	}
	var tables []*table.Table
	if i := conventions.Intervals; i.Method == "none" {
		tables = append(tables, gapTable(b, u))
	} else {
		tables = append(tables, intervalTable(b, u, i), cptTable(b, i))
	}
	tables = append(tables, operatingTable(b, u))
	if t := sliceTable(b, u, conventions.Intervals); len(t.Rows) > 0 {
		tables = append(tables, t)
	}
	return tables
}

// gapTable has one row a router: an operating point, then the gap recovered
// and where.
func gapTable(b results.Benchmark, u unit) *table.Table {
	percents := cptKeys(b)
	t := &table.Table{Header: []string{"router", "calls", "quality", "APGR", "headroom"}}
	for _, p := range percents {
		t.Header = append(t.Header, "CPT"+p)
	}
	for _, r := range b.Routers {
		calls, quality := pointOf(r, u)
		row := []string{r.Name, calls, quality, number(r.Metrics.APGR.Value, r), percent(r.Metrics.Headroom.Value, r)}
		for _, p := range percents {
			row = append(row, percent(r.Metrics.CPT[p].Value, r))
		}
		t.Add(row...)
	}
	return t
}

// marks stand behind the names of the best router and its equals.
var marks = map[results.Standing]string{results.Best: " *", results.Level: " ~"}

// intervalTable has one row a router: an operating point and the gap recovered.
func intervalTable(b results.Benchmark, u unit, i results.Intervals) *table.Table {
	t := &table.Table{Header: []string{"router", "calls", "quality", "APGR", levelOf(i), "headroom"}}
	for _, r := range b.Routers {
		calls, quality := pointOf(r, u)
		apgr := r.Metrics.APGR
		t.Add(r.Name+marks[r.Standing], calls, quality, number(apgr.Value, r), interval(apgr, r, bare), percent(r.Metrics.Headroom.Value, r))
	}
	return t
}

// maxIntervals is how many CPT with intervals there is room for.
const maxIntervals = 3

// cptTable has one row a router with a curve: the calls for shares of the gap.
func cptTable(b results.Benchmark, i results.Intervals) *table.Table {
	percents, t := cptKeys(b), &table.Table{Header: []string{"router"}}
	with := i.Method == "bootstrap" && len(percents) <= maxIntervals
	for _, p := range percents {
		t.Header = append(t.Header, "CPT"+p)
		if with {
			t.Header = append(t.Header, levelOf(i))
		}
	}
	for _, r := range b.Routers {
		if r.Point != nil {
			continue
		}
		row := []string{r.Name}
		for _, p := range percents {
			row = append(row, percent(r.Metrics.CPT[p].Value, r))
			if with {
				row = append(row, interval(r.Metrics.CPT[p].Metric, r, barePercent))
			}
		}
		t.Add(row...)
	}
	return t
}

// compatTable has what the reference prints, one row a router.
func compatTable(b results.Benchmark, u unit) *table.Table {
	t := &table.Table{Header: []string{"router"}}
	percents := cptKeys(b)
	for _, p := range percents {
		t.Header = append(t.Header, p+" % qual")
	}
	t.Header = append(t.Header, "AUC", "APGR")
	for _, r := range b.Routers {
		if r.Point != nil {
			continue // the reference has no constant routers
		}
		row := []string{r.Name}
		for _, p := range percents {
			row = append(row, percent(r.Metrics.CPT[p].Value, r))
		}
		t.Add(append(row, u.quality(r.Metrics.AUC.Value), number(r.Metrics.APGR.Value, r))...)
	}
	return t
}

// pointOf is a fixed router's own point, else the one at half the calls.
func pointOf(r results.Router, u unit) (calls, quality string) {
	if r.Point != nil {
		return fmt.Sprintf("%.1f %%", 100*float64(r.Point.StrongFraction)), u.quality(r.Point.Quality)
	}
	if q, ok := r.Metrics.QualityAt["0.5"]; ok {
		return "50.0 %", u.quality(q.Value)
	}
	return "-", "-"
}

// operatingTable has one row a router with a curve: what given shares of calls
// give, and what given shares of quality need.
func operatingTable(b results.Benchmark, u unit) *table.Table {
	t := &table.Table{Header: []string{"router", "AUC"}}
	first := firstCurve(b).Metrics
	at, needs := sortedKeys(first.QualityAt), sortedKeys(first.FractionFor)
	for _, k := range at {
		t.Header = append(t.Header, "at "+percentKey(k))
	}
	for _, k := range needs {
		t.Header = append(t.Header, "for "+percentKey(k))
	}
	for _, r := range b.Routers {
		if r.Point != nil {
			continue
		}
		row := []string{r.Name, u.quality(r.Metrics.AUC.Value)}
		for _, k := range at {
			row = append(row, u.quality(r.Metrics.QualityAt[k].Value))
		}
		for _, k := range needs {
			row = append(row, percent(r.Metrics.FractionFor[k].Value, r))
		}
		t.Add(row...)
	}
	return t
}

// maxSliceRouters is how many routers a slice table has room for in 80 columns.
const maxSliceRouters = 3

// sliceTable has one row a task with the routers' APGR, and with its interval where there
// is one router.
func sliceTable(b results.Benchmark, u unit, i results.Intervals) *table.Table {
	t := &table.Table{Header: []string{"task", "n", "strong", "weak"}}
	var with []results.Router
	for _, r := range b.Routers {
		if len(r.Slices) > 0 && r.Scores != results.ClosedForm && len(with) < maxSliceRouters {
			with = append(with, r)
			t.Header = append(t.Header, r.Name)
		}
	}
	if len(with) == 0 {
		return t
	}
	alone := len(with) == 1 && i.Method != "none"
	if alone {
		t.Header = append(t.Header[:4], "APGR", levelOf(i))
	}
	for k, s := range with[0].Slices {
		row := []string{s.Task, text.Thousands(s.Samples), u.quality(s.StrongQuality), u.quality(s.WeakQuality)}
		for _, r := range with {
			row = append(row, number(r.Slices[k].APGR.Value, r))
		}
		if alone {
			row = append(row, interval(with[0].Slices[k].APGR, with[0], bare))
		}
		t.Add(row...)
	}
	return t
}

// firstCurve is the first router with a curve; there is always the random one.
func firstCurve(b results.Benchmark) results.Router {
	i := slices.IndexFunc(b.Routers, func(r results.Router) bool { return r.Point == nil })
	return b.Routers[i]
}

func cptKeys(b results.Benchmark) []string { return sortedKeys(firstCurve(b).Metrics.CPT) }

// sortedKeys orders keys that are numbers by value.
func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Compare(parseKey(a), parseKey(b))
	})
	return keys
}
