// Package random routes at random, the baseline without any information. Use [Router]
// directly; it has no state.
package random

import (
	"context"
	"hash/fnv"

	"github.com/routellm/routellm/routers"
)

// Router gives each prompt a score in [0,1) that depends only on its ID.
type Router struct{}

// Needs returns the zero value: the ID is always there.
func (Router) Needs() routers.Needs { return routers.Needs{} }

// ClosedForm marks a router with a known curve, see [routers.ClosedForm].
func (Router) ClosedForm() {}

// Scores returns a hash of each ID as a fraction of 1. The scores are the same on every
// run.
func (Router) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i, p := range prompts {
		out[i] = fraction(p.ID)
	}
	return out, nil
}

// fraction returns a hash as a fraction of 1.
func fraction(id string) float64 { return float64(mix(id)>>11) / (1 << 53) }

// mix spreads the FNV hash over all bits with the finalizer of MurmurHash3, so that IDs
// that differ only in the last digit get unrelated scores.
func mix(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
