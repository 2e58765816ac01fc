// Package random routes at random: the baseline that costs nothing.
package random

import (
	"context"
	"hash/fnv"

	"github.com/routellm/routellm/routers"
)

// Router scores every prompt uniformly in [0,1), from its ID alone.
type Router struct{}

// Needs returns nothing beside the ID.
func (Router) Needs() routers.Needs { return routers.Needs{} }

// ClosedForm marks the closed form.
func (Router) ClosedForm() {}

// Scores returns the hash of each ID as a fraction, the same on every run.
func (Router) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i, p := range prompts {
		out[i] = float64(mix(p.ID)>>11) / (1 << 53)
	}
	return out, nil
}

// mix spreads the FNV hash over all bits: IDs that differ in the last digit
// must not get neighbouring scores (finalizer of MurmurHash3).
func mix(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
