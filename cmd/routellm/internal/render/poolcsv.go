package render

import (
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// poolTable returns the results of pools as one wide table: one row per model, control, router and
// operating point. Costs are per prompt in the unit of the axis. A value that does not exist is
// empty. The ends of a metric's interval follow it as METRIC_lo and METRIC_hi. Of summaries, the last
// columns are METRIC_within_lo and METRIC_within_hi: the range that the exact value of a router lies in.
func poolTable(d *results.Document) *table.Table {
	t := &table.Table{Header: []string{"benchmark", "axis", "samples", "kind", "name", "at"}}
	shares := SortedKeys(d.Pools[0].Controls.StaticMetrics.CostFor)
	for _, name := range append([]string{"cost", "quality", "lift", "log_lift", "area", "log_area", "share"}, prefixed("cost_for_", shares)...) {
		t.Header = append(t.Header, name, name+"_lo", name+"_hi")
	}
	t.Header = append(t.Header, "static_at", "dealt_quality", "dealt_sd", "latency_p50", "latency_p95", "standing", "against_static", "against_static_p_adjusted")
	width := len(t.Header)
	if d.Pools[0].Summary != nil {
		for _, name := range append([]string{"lift", "log_lift", "area", "log_area", "share"}, prefixed("cost_for_", shares)...) {
			t.Header = append(t.Header, name+"_within_lo", name+"_within_hi")
		}
	}
	for _, p := range d.Pools {
		c := poolCSV{t, p, shares, width}
		c.models()
		c.metrics("control", "static mix", p.Controls.StaticMetrics, nil)
		if p.Summary == nil {
			c.metrics("control", "oracle", p.Controls.OracleMetrics, nil)
		}
		for _, r := range p.Routers {
			c.metrics("router", r.Name, r.Metrics, &r)
			for k, x := range r.Points {
				c.point(r, k, x)
			}
		}
	}
	return t
}

func prefixed(prefix string, keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = prefix + k
	}
	return out
}

// poolCSV adds the rows of one pool.
type poolCSV struct {
	t      *table.Table
	p      results.Pool
	shares []string
	width  int // number of columns before the ranges of a summary
}

// add adds a row, filled up with empty cells.
func (c poolCSV) add(kind, name, at string, cells []string) []string {
	row := append([]string{c.p.Name, string(c.p.Axis), strconv.Itoa(c.p.Samples), kind, name, at}, cells...)
	row = append(row, make([]string, len(c.t.Header)-len(row))...)
	c.t.Add(row...)
	return row
}

// last returns the last n cells of a row before the ranges of a summary.
func (c poolCSV) last(row []string, n int) []string { return row[c.width-n : c.width] }

// models adds the models, always called, and the controls with one operating point.
func (c poolCSV) models() {
	for _, m := range c.p.Models {
		c.add("model", m.Name, "", cells(m.Cost, m.Quality))
	}
	single := func(name string, at results.PoolPoint) {
		c.add("control", name, "", cells(results.NewMetric(float64(at.Cost)), results.NewMetric(float64(at.Quality))))
	}
	single("a random model", c.p.Controls.Uniform)
	if x := c.p.Controls.PerTask; x != nil {
		single("the task's best model", *x)
	}
}

// metrics adds what is measured of a whole path.
func (c poolCSV) metrics(kind, name string, m results.PoolMetrics, r *results.PoolRouter) {
	all := []results.Metric{m.Lift, m.LogLift, m.Area, m.LogArea, m.Share}
	row := append(make([]string, 6), cells(all...)...)
	for _, k := range c.shares {
		row = append(row, lookup(m.CostFor, k, func(x results.CostFor) results.Metric { return x.Metric })...)
		all = append(all, m.CostFor[k].Metric)
	}
	row = c.add(kind, name, "", row)
	if r == nil {
		return
	}
	if ranges := row[c.width:]; len(ranges) > 0 {
		for i, x := range all {
			copy(ranges[2*i:], rangeOf(x))
		}
	}
	verdict := c.last(row, 3)
	verdict[0] = string(r.Standing)
	if t := r.AgainstStatic; t != nil {
		verdict[1], verdict[2] = t.Verdict, Exact(t.PAdjusted)
	}
}

// point adds an operating point.
func (c poolCSV) point(r results.PoolRouter, k int, x results.PoolOperatingPoint) {
	row := c.add("point", r.Name, pointName(r, k), cells(x.Cost, x.Quality, x.OverStatic))
	copy(c.last(row, 8), []string{Exact(x.StaticAt), Exact(x.Dealt.Quality), Exact(x.DealtSD), Exact(x.LatencyP50), Exact(x.LatencyP95)})
}
