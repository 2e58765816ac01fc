package fit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// kind is a kind of router that is tried.
type kind struct {
	name   string // name in the table of candidates and in Options.Candidates
	router string // name for train and --router
	way    way
}

// way says how a kind of router is trained.
type way int

const (
	untrained way = iota // has nothing to learn
	forPair              // learns which prompts need the strong one of two models
	forPool              // learns the quality of each model's answers
	control              // is tested beside the others and never chosen
)

// kinds returns all kinds, from the simplest to the most complicated router. Simple is what stores
// fewer numbers per model: nothing, then one number per component of a vector, then some per group
// of prompts, then all training prompts. Among those that store all prompts, simple is what
// computes less per prompt.
func kinds() []kind {
	return []kind{
		{"length", "length", untrained},
		{"mf", "mf", forPair},
		{"linear", "linear", forPool},
		{"cluster", "cluster", forPool},
		{"mf of qualities", "mf", forPool},
		{"knn", "knn", forPair},
		{"knn of qualities", "knn", forPool},
		{"sw_ranking", "sw_ranking", forPair},
		{"subject", "subject", control},
	}
}

// Kinds lists the names of the kinds of routers that can be chosen, from the simplest to the most
// complicated one.
func Kinds() []string {
	var names []string
	for _, k := range kinds() {
		if k.way != control {
			names = append(names, k.name)
		}
	}
	return names
}

// checkKinds refuses unknown names of candidates.
func checkKinds(names []string) error {
	for _, name := range names {
		if !slices.Contains(Kinds(), name) {
			return hint.DidYouMean(hint.With(fmt.Errorf("candidate %q: expected the name of a router that can be chosen", name), "candidates: "+strings.Join(Kinds(), ", ")), name, Kinds())
		}
	}
	return nil
}
