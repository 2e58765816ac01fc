package pool

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/text"
)

// NewFoldedSweep returns the sweep of out-of-fold predictions: fold has the fold of each prompt, whose
// predictions come from a router that was trained without the fold. Each fold has lambdas of its own,
// and all folds walk along theirs at the same pace, by the share of their prompts that have moved.
// Predictions of different folds are never compared: the better a model is on a fold's prompts, the
// worse the fold's router, which was trained on the others, thinks of it, so that a comparison would
// make routers without skill worse than the static mix. The lambdas of the path are such shares, from
// 1 down, and set no policy.
func NewFoldedSweep(o Outcomes, p Predictions, own float64, fold []int) (*Sweep, error) {
	if len(fold) != o.N() {
		return nil, fmt.Errorf("folds of %s: want %d", text.Plural(len(fold), "prompt"), o.N())
	}
	return newSweep(o, p, own, fold)
}

// placeWithin replaces the lambdas of sorted moves: by one minus the place of a move among those of
// its fold, over the number of the fold's prompts. Equal lambdas get one place.
func placeWithin(moves []move, fold []int, slack float64) {
	size, of := map[int]float64{}, map[int][]int{}
	for _, f := range fold {
		size[f]++
	}
	for k, m := range moves {
		of[fold[m.prompt]] = append(of[fold[m.prompt]], k)
	}
	for f, own := range of {
		for start, end := 0, 0; start < len(own); start = end {
			first := moves[own[start]].lambda
			for end < len(own) && alikeLambdas(first, moves[own[end]].lambda, slack) {
				end++
			}
			for _, k := range own[start:end] {
				moves[k].lambda = 1 - float64(start+end)/(2*size[f])
			}
		}
	}
}

// alikeLambdas reports whether two lambdas, the larger one first, count as equal.
func alikeLambdas(a, b, slack float64) bool {
	return a == b || !math.IsInf(a, 0) && a-b <= slack*math.Abs(a)
}
