package measure

import (
	"math"

	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/eval/pool/moved"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// NewPoolSummary returns a pool whose routers are known by summaries of their moves over the same
// prompts; s is one of them. names holds the models, r the range of budgets as in [PoolSamples], and
// doc and shares are as in [NewPool].
func NewPoolSummary(doc results.Pool, names []string, s *moved.Summary, r pool.Range, shares []float64) (*Pool, error) {
	p, err := NewPool(doc, PoolSamples{Outcomes: s.Outcomes(), Names: names, Range: r, PredictedCost: num.NaNs(len(names))}, shares)
	if err != nil {
		return nil, err
	}
	buckets := 0
	if s.Bucketed {
		buckets = len(s.Starts)
	}
	d := &p.doc
	d.Samples, d.Clusters, d.Weighted, d.Summary = int(s.Rows()), buckets, s.Weighted(), &results.Summary{Buckets: buckets}
	return p, nil
}

// AddSummary adds a router by the summary of its moves.
func (p *Pool) AddSummary(name string, s *moved.Summary) error {
	sweep, err := s.Sweep()
	if err != nil {
		return err
	}
	var columns []int
	for m := range s.Models() {
		columns = append(columns, m)
	}
	d := p.doc.Summary
	d.Bins, d.Unused = max(d.Bins, s.Bins()), max(d.Unused, s.Unused)
	return p.add(Entrant{Name: name, Source: results.Summed, Columns: columns, Summary: s}, sweep, s.Path(), summed{s}, nil)
}

// summed chooses as a summary of moves says.
type summed struct{ *moved.Summary }

func (x summed) setting(int) string { return "" }

func (x summed) at(k int, _ pool.Vertex) (pool.Decisions, []float64, error) {
	return x.At(k), x.Calls([]int{k}).Row(0), nil
}

// each visits nothing: a summary does not know single prompts, and so no latencies.
func (x summed) each(int, pool.Vertex, func(i, model int, share, seconds float64)) {}

// bound sets a router's metrics to those of its summary, with the ranges of the exact values.
func (p *Pool) bound(r *poolRouter, over pool.Range) {
	if r.Summary == nil {
		return
	}
	m, to := r.Summary.Measure(over, p.shares), &r.Metrics
	for _, x := range []struct {
		to   *results.Metric
		from binned.Value
	}{{&to.Area, m.Area}, {&to.LogArea, m.LogArea}, {&to.Lift, m.Lift}, {&to.LogLift, m.LogLift}, {&to.Share, m.Share}} {
		within(x.to, x.from)
	}
	for k, share := range p.shares {
		x := to.CostFor[key(share)]
		within(&x.Metric, m.CostFor[k])
		to.CostFor[key(share)] = x
	}
	if !r.Summary.Exact() { // they depend on single places of the path
		r.Optimistic = optimisticOf(pool.Optimistic{AIQ: math.NaN(), QNC: math.NaN(), HullQNC: math.NaN(), Peak: pool.Vertex{Quality: math.NaN()}})
	}
}
