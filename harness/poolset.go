package harness

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// PoolSet holds what routers among several models predict on one or more pools: of routers that
// [ScorePools] ran, or that [ReadPoolSet] read from results.
type PoolSet struct {
	Name   string // path of the results file, or "this run"
	Inputs []results.Input
	Pools  []*ScoredPool // one per pool
}

// ScoredPool holds the samples of one pool with what each router predicts of them. All slices but
// Models and Routers have one entry per sample.
type ScoredPool struct {
	Name, Title, Unit    string
	Axis                 results.Axis
	Models               []string // the columns of Outcomes
	Input                results.Input
	IDs, Tasks, Clusters []string
	Outcomes             pool.Outcomes
	Range                pool.Range // budgets of the area; the zero value stands for the default of [PoolOptions]
	Routers              []PooledRouter
}

// PooledRouter is a router among several models with what it predicts or decides on the samples of
// a pool.
type PooledRouter struct {
	Name   string
	Source results.Source
	SHA256 string // digest of the weights; "" without weights
	// Columns lists the pool's columns of the models that the router chooses among, in the order
	// of its own columns.
	Columns     []int
	Predictions pool.Predictions // empty if Decided is set
	Decided     *pool.Decided    // decisions on the samples; nil for a router that predicts
	// OwnCost is what the router itself costs per prompt in the unit of the pool's axis, and
	// OwnLatency the seconds that it takes.
	OwnCost, OwnLatency float64
	Oracle              bool // the router sees the outcomes
	unmeasured          bool // OwnLatency is not known
}

// Sweep returns the router's operating points on outcomes of all models of the pool.
func (r PooledRouter) Sweep(o pool.Outcomes) (*pool.Sweep, error) {
	o.Quality, o.Cost = o.Quality.Select(r.Columns), o.Cost.Select(r.Columns)
	if r.Decided != nil {
		return pool.NewDecided(o, *r.Decided, r.OwnCost)
	}
	return pool.NewSweep(o, r.Predictions, r.OwnCost)
}

// Keep drops all routers but the named one, unless the name is "", and renames what is left: with a
// label, routers are called LABEL:NAME, or only LABEL if there is one.
func (s *PoolSet) Keep(router, label string) error {
	for _, p := range s.Pools {
		if router != "" {
			k := slices.IndexFunc(p.Routers, func(r PooledRouter) bool { return r.Name == router })
			if k < 0 {
				return fmt.Errorf("%q: no router %q on %s", s.Name, router, p.Name)
			}
			p.Routers = p.Routers[k : k+1]
		}
		for k := range p.Routers {
			switch {
			case label != "" && len(p.Routers) == 1:
				p.Routers[k].Name = label
			case label != "":
				p.Routers[k].Name = label + ":" + p.Routers[k].Name
			}
		}
	}
	return nil
}
