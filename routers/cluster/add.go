package cluster

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers/training"
)

// Add returns the router with further models, of which outcomes on a few prompts suffice: the
// clusters stay, and each model gets its means in them. The prompts become training prompts.
// Nothing is known of the new models' held-out predictions, so the result has none. It is an error
// if a model is known already, has too few rows, or, where the router knows costs, has none.
func (m *Model) Add(ctx context.Context, o *training.Outcomes, options training.Options) (*Model, error) {
	for _, name := range o.Models {
		if slices.Contains(m.Pool, name) {
			return nil, fmt.Errorf("the router already knows the model %q, expected new models", name)
		}
	}
	if err := o.CheckRows(true); err != nil {
		return nil, err
	}
	of, err := m.clusters(ctx, o.Prompts)
	if err != nil {
		return nil, err
	}
	added := training.NewPoolCard(o, options)
	if m.Mean != nil && added.Mean == nil {
		return nil, fmt.Errorf("the router knows costs, but a cost of %q is unknown", o.Models)
	}
	out := &Model{PoolCard: m.Merge(added), space: m.space, centres: m.centres, meanCost: m.meanCost}
	out.quality = m.quality.join(m.tally(of, o.Quality))
	if m.Mean != nil {
		out.cost = m.cost.join(m.tally(of, o.Cost))
	}
	return out, nil
}

// tally returns the sums of values whose rows are in the given clusters.
func (m *Model) tally(of []int, values pool.Matrix) tally {
	t := newTally(len(m.centres), values.Columns)
	for i, c := range of {
		t.add(c, values.Row(i))
	}
	return t
}
