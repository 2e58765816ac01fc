package harness

import (
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
)

// PoolDifferenceInterval returns the paired bootstrap interval of the metric's value in now less its
// value in old, for one router among several models on one benchmark. Both sets must have the router
// on the same samples. metric is a path in results.json: "lift", "log_lift", "area" or "log_area". A
// difference in area is one in lift. With too few clusters, or too few that carry the difference,
// both ends are NaN.
func PoolDifferenceInterval(now, old *PoolSet, benchmark, router, metric string, b eval.Bootstrap) (lo, hi float64, err error) {
	by, ok := map[string]pool.Metric{"lift": pool.ByLift, "area": pool.ByLift, "log_lift": pool.ByLogLift, "log_area": pool.ByLogLift}[metric]
	if !ok {
		return 0, 0, fmt.Errorf("no interval is made for the metric %q", metric)
	}
	t, err := pairedPools(now, old, benchmark, router)
	if err != nil {
		return 0, 0, err
	}
	e, err := t.Evaluate(b)
	if err != nil {
		return 0, 0, err
	}
	if r := e.Replicates.Routers; slices.Equal(r[0].Area, r[1].Area) {
		return 0, 0, nil // both choose the same on any samples
	}
	d := e.Compare(by, 0, 0).Pairs[0]
	return d.Interval.Lo, d.Interval.Hi, nil
}

// pairedPools returns a table of one router as it is in two results. It leaves the sets as they are.
func pairedPools(now, old *PoolSet, benchmark, router string) (t pool.Table, err error) {
	a, b := now.only(benchmark, router), old.only(benchmark, router)
	if a == nil || b == nil {
		return t, errors.New("the router is not in both results")
	}
	samples := len(a.Pools[0].IDs)
	if err := AlignPools([]*PoolSet{a, b}, Feedback{}); err != nil {
		return t, err
	}
	p, q := a.Pools[0], b.Pools[0]
	if len(p.IDs) != samples {
		return t, errors.New("results and baseline have different samples")
	}
	t = pool.Table{Outcomes: p.Outcomes, Range: p.Range}
	for _, x := range []*ScoredPool{p, q} {
		sweep, err := x.Routers[0].Sweep(p.Outcomes)
		if err != nil {
			return t, err
		}
		t.Routers = append(t.Routers, sweep)
	}
	return t, nil
}

// only returns a copy of the set with one router on one pool; nil if the set lacks it.
func (s *PoolSet) only(benchmark, router string) *PoolSet {
	for _, p := range s.Pools {
		k := slices.IndexFunc(p.Routers, func(r PooledRouter) bool { return r.Name == router })
		if p.Name == benchmark && k >= 0 {
			one := *p
			one.Routers = slices.Clone(p.Routers[k : k+1])
			return &PoolSet{Name: s.Name, Pools: []*ScoredPool{&one}}
		}
	}
	return nil
}
