package fit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// kind is a kind of router that is tried.
type kind struct {
	name    string // name in the table of candidates and in Options.Candidates
	router  string // name for train and --router
	way     way
	vectors bool // whether a cascade reads the prompt's vector too
}

// way says how a kind of router is trained.
type way int

const (
	untrained  way = iota // has nothing to learn
	forPair               // learns which prompts need the strong one of two models
	forPool               // learns the quality of each model's answers
	forAnswers            // looks at the weak model's answer
	control               // is tested beside the others and never chosen
)

// kinds returns all kinds, from the simplest to the most complicated router. Simple is what stores
// fewer numbers per model: nothing, then one number per component of a vector, then some per group
// of prompts, then all training prompts. Among those that store all prompts, simple is what
// computes less per prompt. Cascades come last: they ask the weak model before they decide.
func kinds() []kind {
	return []kind{
		{name: "length", router: "length", way: untrained},
		{name: "mf", router: "mf", way: forPair},
		{name: "linear", router: "linear", way: forPool},
		{name: "cluster", router: "cluster", way: forPool},
		{name: "mf of qualities", router: "mf", way: forPool},
		{name: "knn", router: "knn", way: forPair},
		{name: "knn of qualities", router: "knn", way: forPool},
		{name: "sw_ranking", router: "sw_ranking", way: forPair},
		{name: "cascade", router: "cascade", way: forAnswers},
		{name: "cascade with prompt", router: "cascade", way: forAnswers, vectors: true},
		{name: "subject", router: "subject", way: control},
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
