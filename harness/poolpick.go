package harness

import (
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
)

// pick keeps the samples with the given indices, in their order.
func (p *ScoredPool) pick(index []int) {
	if slices.Equal(index, upTo(len(p.IDs))) {
		return
	}
	p.IDs, p.Tasks, p.Clusters = slicesx.Pick(p.IDs, index), slicesx.Pick(p.Tasks, index), slicesx.Pick(p.Clusters, index)
	p.Outcomes = p.Outcomes.Pick(index)
	p.Outcomes.Cluster = eval.ClusterIDs(p.Clusters)
	for k := range p.Routers {
		p.Routers[k].pick(index)
	}
}

// pick keeps what the router predicts or decides on the samples with the given indices.
func (r *PooledRouter) pick(index []int) {
	if r.Decided != nil {
		d := r.Decided.Pick(index)
		r.Decided = &d
		return
	}
	r.Predictions = r.Predictions.Pick(index)
}
