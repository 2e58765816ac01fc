// Package tidy turns documents into tidy tables: one row per value, with the same columns for all
// commands, so that pandas, DuckDB and R read and concatenate them without help. Call [Document],
// [Comparison], [Calibration], [Plan] or [Log], and write the table with its CSV method.
//
// Numbers have a point as decimal separator and no other separator. A value that does not exist is
// empty, in a row of its own; rows that could have no value at all are left out. Fractions are in
// [0,1]. docs/formats.md describes the columns and the metrics.
package tidy

import (
	"math"
	"slices"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// header has the columns of every table.
var header = []string{"benchmark", "task", "router", "against", "metric", "x", "value", "lo", "hi", "unit", "label"}

// The units of values.
const (
	share       = "share"       // a share of a whole, in [0,1]
	index       = "index"       // a number without a unit, such as an APGR
	quality     = "quality"     // the unit of the data's qualities
	score       = "score"       // the unit of a router's scores
	count       = "count"       // a number of things
	probability = "probability" // a p value
	usd         = "usd"         // US dollars per prompt
	usdPer1000  = "usd_per_1k"  // US dollars per 1,000 prompts
	seconds     = "seconds"
	word        = "" // a row with a label in place of a number
)

// rows adds rows about one thing to a table.
type rows struct {
	t                                *table.Table
	benchmark, task, router, against string
}

func newRows() rows { return rows{t: &table.Table{Header: slices.Clone(header)}} }

// of returns rows about a router, a model or a control.
func (r rows) of(router string) rows {
	r.router = router
	return r
}

// add adds a value with its interval, which is measured at x: missing if at nothing.
func (r rows) add(metric string, x results.Value, m results.Metric, unit, label string) {
	r.t.Add(r.benchmark, r.task, r.router, r.against, metric, number(x), number(m.Value), number(m.Lo), number(m.Hi), unit, label)
	if m.Within != nil {
		r.t.Add(r.benchmark, r.task, r.router, r.against, metric+"_within", number(x), "", number(m.Within.Lo), number(m.Within.Hi), unit, label)
	}
}

// metric adds a value with its interval.
func (r rows) metric(name string, m results.Metric, unit string) {
	r.add(name, results.Missing, m, unit, "")
}

// number adds a value without an interval.
func (r rows) number(name string, v results.Value, unit string) {
	r.metric(name, results.NewMetric(float64(v)), unit)
}

// at adds a value without an interval that is measured at x.
func (r rows) at(name string, x, v results.Value, unit string) {
	r.add(name, x, results.NewMetric(float64(v)), unit, "")
}

// count adds a number of things.
func (r rows) count(name string, n int) { r.number(name, results.Value(n), count) }

// word adds a label in place of a number, unless it is "".
func (r rows) word(name, label string) {
	if label != "" {
		r.add(name, results.Missing, results.NewMetric(math.NaN()), word, label)
	}
}

// test adds the p value of a comparison, with its verdict as the label.
func (r rows) test(against string, t *results.Test) {
	if t != nil {
		r.against = against
		r.add("p_adjusted", results.Missing, results.NewMetric(float64(t.PAdjusted)), probability, t.Verdict)
	}
}

// number writes the shortest decimal that reads back as the same number, "" if there is none.
func number(v results.Value) string {
	if !v.Exists() {
		return ""
	}
	return strconv.FormatFloat(float64(v), 'g', -1, 64)
}

// keyed adds the metrics of a map by rising keys, which are divided by scale.
func keyed[T any](m map[string]T, scale float64, add func(x results.Value, key string, v T)) {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	of := func(key string) float64 { v, _ := strconv.ParseFloat(key, 64); return v } // keys are numbers
	slices.SortFunc(keys, func(a, b string) int {
		if d := of(a) - of(b); d != 0 {
			return map[bool]int{true: -1, false: 1}[d < 0]
		}
		return 0
	})
	for _, k := range keys {
		add(results.Value(math.Round(1e12*of(k)/scale)/1e12), k, m[k])
	}
}
