package pool

import (
	"fmt"

	"github.com/routellm/routellm/eval/sweep"
	"github.com/routellm/routellm/internal/text"
)

// NewSummed returns the path of a router from sums over prompts. Each row of the outcomes stands for a
// group of prompts: it has their mean qualities and costs, and the sum of their weights as its weight.
// start holds what a group gives on average where the path begins. moves holds what changes along the
// path, summed up: the cluster of an event is the index of its group. It returns an error if the parts
// do not fit or a value is not finite.
func NewSummed(o Outcomes, start Decisions, moves sweep.Events) (*Sweep, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if err := start.check(o.N()); err != nil {
		return nil, err
	}
	if o.Cluster != nil {
		return nil, fmt.Errorf("%s for %s: want none, each is a cluster of its own", text.Plural(len(o.Cluster), "cluster"), text.Plural(o.N(), "group"))
	}
	for k, c := range moves.Cluster {
		if c < 0 || int(c) >= o.N() {
			return nil, fmt.Errorf("move %d is in group %d: want one of the %d groups", k, c, o.N())
		}
	}
	return &Sweep{events: moves, cost: start.Cost, quality: start.Quality, weight: o.Weight}, nil
}
