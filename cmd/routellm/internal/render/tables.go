package render

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// tablesOf returns the tables of a benchmark. With intervals, CPT does not fit beside APGR in
// 80 columns and gets its own table.
func tablesOf(b results.Benchmark, u Unit, conventions results.Conventions) []*table.Table {
	if conventions.Curve != "exact" {
		return []*table.Table{compatTable(b, u)}
	}
	var tables []*table.Table
	if i := conventions.Intervals; i.Method == "none" {
		tables = append(tables, gapTable(b, u))
	} else {
		tables = append(tables, intervalTable(b, u, i), cptTable(b, i))
	}
	tables = append(tables, qualityTable(b, u))
	if t := callsTable(b); len(t.Header) > 1 {
		tables = append(tables, t)
	}
	for _, t := range DollarTables(b, conventions.Intervals) {
		tables = append(tables, t.Table)
	}
	return append(tables, sliceTables(b, u, conventions.Intervals)...)
}

// gapTable has one row per router: an operating point, the gap recovered and, without
// intervals, the CPT.
func gapTable(b results.Benchmark, u Unit) *table.Table {
	percents := CPTKeys(b)
	t := &table.Table{Header: []string{"router", "calls", "quality", "APGR"}}
	if b.Summary == nil { // which has no headroom
		t.Header = append(t.Header, "headroom")
	}
	for _, p := range percents {
		t.Header = append(t.Header, "CPT"+p)
	}
	for _, r := range b.Routers {
		calls, quality := OperatingPoint(r, u)
		row := []string{r.Name, calls, quality, Number(r.Metrics.APGR.Value, r)}
		if b.Summary == nil {
			row = append(row, Percent(r.Metrics.Headroom.Value, r))
		}
		for _, p := range percents {
			row = append(row, Percent(r.Metrics.CPT[p].Value, r))
		}
		t.Add(row...)
	}
	return t
}

// intervalTable has one row per router: an operating point, and the gap recovered with its
// interval.
func intervalTable(b results.Benchmark, u Unit, i results.Intervals) *table.Table {
	t := &table.Table{Header: []string{"router", "calls", "quality", "APGR", Confidence(i)}}
	if b.Summary == nil {
		t.Header = append(t.Header, "headroom")
	}
	for _, r := range b.Routers {
		calls, quality := OperatingPoint(r, u)
		apgr := r.Metrics.APGR
		row := []string{r.Name + Marks(r), calls, quality, Number(apgr.Value, r), Interval(apgr, r, ShortNumber)}
		if b.Summary == nil {
			row = append(row, Percent(r.Metrics.Headroom.Value, r))
		}
		t.Add(row...)
	}
	return t
}

// maxIntervals is the number of CPT with intervals that fit 80 columns.
const maxIntervals = 3

// cptTable has one row per router with a curve: the strong calls that recover given shares of
// the gap.
func cptTable(b results.Benchmark, i results.Intervals) *table.Table {
	percents, t := CPTKeys(b), &table.Table{Header: []string{"router"}}
	with := i.Method == "bootstrap" && len(percents) <= maxIntervals
	for _, p := range percents {
		t.Header = append(t.Header, "CPT"+p)
		if with {
			t.Header = append(t.Header, Confidence(i))
		}
	}
	for _, r := range b.Routers {
		if r.Point != nil {
			continue
		}
		row := []string{r.Name}
		for _, p := range percents {
			row = append(row, Percent(r.Metrics.CPT[p].Value, r))
			if with {
				row = append(row, Interval(r.Metrics.CPT[p].Metric, r, ShortPercent))
			}
		}
		t.Add(row...)
	}
	return t
}

// compatTable has what the reference implementation prints, one row per router.
func compatTable(b results.Benchmark, u Unit) *table.Table {
	t := &table.Table{Header: []string{"router"}}
	percents := CPTKeys(b)
	for _, p := range percents {
		t.Header = append(t.Header, p+" % qual")
	}
	t.Header = append(t.Header, "AUC", "APGR")
	for _, r := range b.Routers {
		if r.Point != nil {
			continue // the reference implementation has no constant routers
		}
		row := []string{r.Name}
		for _, p := range percents {
			row = append(row, Percent(r.Metrics.CPT[p].Value, r))
		}
		t.Add(append(row, u.Quality(r.Metrics.AUC.Value), Number(r.Metrics.APGR.Value, r))...)
	}
	return t
}

// OperatingPoint writes the strong calls and the quality of a router with a single operating
// point, and of a router with a curve those at half the calls.
func OperatingPoint(r results.Router, u Unit) (calls, quality string) {
	if r.Point != nil {
		return fmt.Sprintf("%.1f %%", 100*float64(r.Point.StrongFraction)), u.Quality(r.Point.Quality)
	}
	if q, ok := r.Metrics.QualityAt["0.5"]; ok {
		return "50.0 %", u.Quality(q.Value)
	}
	return "-", "-"
}

// QualityHeader returns the header of the quality at a share of strong calls, a key such as
// "0.2": "quality @ 20 %".
func QualityHeader(share string) string { return "quality @ " + KeyPercent(share) }

// CallsHeader returns the header of the strong calls that reach a share of the strong model's
// quality, a key such as "0.95": "calls for 95 %".
func CallsHeader(share string) string { return "calls for " + KeyPercent(share) }

// qualityTable has one row per router with a curve: the quality at given shares of strong
// calls, and its mean over all shares.
func qualityTable(b results.Benchmark, u Unit) *table.Table {
	t := &table.Table{Header: []string{"router", "AUC"}}
	shares := SortedKeys(FirstCurve(b).Metrics.QualityAt)
	for _, k := range shares {
		t.Header = append(t.Header, QualityHeader(k))
	}
	for _, r := range b.Routers {
		if r.Point != nil {
			continue
		}
		row := []string{r.Name, u.Quality(r.Metrics.AUC.Value)}
		for _, k := range shares {
			row = append(row, u.Quality(r.Metrics.QualityAt[k].Value))
		}
		t.Add(row...)
	}
	return t
}

// callsTable has one row per router with a curve: the strong calls that reach given shares of
// the strong model's quality.
func callsTable(b results.Benchmark) *table.Table {
	t := &table.Table{Header: []string{"router"}}
	shares := SortedKeys(FirstCurve(b).Metrics.FractionFor)
	for _, k := range shares {
		t.Header = append(t.Header, CallsHeader(k))
	}
	for _, r := range b.Routers {
		if r.Point != nil {
			continue
		}
		row := []string{r.Name}
		for _, k := range shares {
			row = append(row, Percent(r.Metrics.FractionFor[k].Value, r))
		}
		t.Add(row...)
	}
	return t
}

// FirstCurve returns the first router with a curve. Every benchmark has the random one.
func FirstCurve(b results.Benchmark) results.Router {
	i := slices.IndexFunc(b.Routers, func(r results.Router) bool { return r.Point == nil })
	return b.Routers[i]
}

// CPTKeys returns the shares of the gap, in per cent, that a benchmark's CPT are for, in
// ascending order.
func CPTKeys(b results.Benchmark) []string { return SortedKeys(FirstCurve(b).Metrics.CPT) }

// SortedKeys returns the keys of a map, which are numbers, in ascending order.
func SortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Compare(KeyNumber(a), KeyNumber(b))
	})
	return keys
}
