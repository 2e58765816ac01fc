package compat

import (
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/text"
)

// Program names one of RouterArena's two programs that compute its score.
type Program string

// The programs. They differ outside the range of costs: ComputeScores does not limit the cost and
// gives scores above 1 for high ones; Run limits it.
const (
	ComputeScores Program = "compute_scores.py"
	Run           Program = "run.py"
)

// RouterArena's constants: the weight of the accuracy, and the range of costs per 1,000 prompts.
const (
	arenaBeta = 0.1
	arenaLow  = 0.0044
	arenaHigh = 200
)

// Score returns RouterArena's score of an accuracy in [0,1] and a cost in USD per 1,000 prompts. It
// returns an error for a cost that is not above 0, and Run for an accuracy outside [0,1], as the
// programs do.
func (p Program) Score(accuracy, cost float64) (float64, error) {
	if !(cost > 0) {
		return math.NaN(), fmt.Errorf("RouterArena's score of a cost of %v does not exist: want it above 0", cost)
	}
	if p == Run {
		if !(accuracy >= 0 && accuracy <= 1) {
			return math.NaN(), fmt.Errorf("accuracy is %v: want a number in [0,1]", accuracy)
		}
		cost = max(arenaLow, min(cost, arenaHigh))
	}
	c := (math.Log2(arenaHigh) - math.Log2(cost)) / (math.Log2(arenaHigh) - math.Log2(arenaLow))
	return (1 + arenaBeta) * accuracy * c / (arenaBeta*accuracy + c), nil
}

// Arena is the result of a router in RouterArena.
type Arena struct {
	Accuracy float64 // mean over the prompts with an accuracy
	Cost     float64 // USD per 1,000 prompts, over all prompts
	Score    float64
}

// Measure returns a router's result from the accuracy and the cost in USD of each prompt, NaN where
// either is missing. As the programs do, it divides the accuracy by the number of prompts that have
// one, and the cost by the number of all prompts. It returns an error without any accuracy, for
// slices of different lengths, and where Score does.
func (p Program) Measure(accuracy, cost []float64) (Arena, error) {
	if len(accuracy) != len(cost) {
		return Arena{}, fmt.Errorf("%s for %s: want the same number", text.Plural(len(accuracy), "accuracy"), text.Plural(len(cost), "cost"))
	}
	a, measured := Arena{}, 0.0
	for i := range accuracy {
		if !math.IsNaN(accuracy[i]) {
			measured++
			a.Accuracy += accuracy[i]
		}
		if cost[i] > 0 {
			a.Cost += cost[i]
		}
	}
	if measured == 0 {
		return Arena{}, errors.New("no prompt has an accuracy: want at least one")
	}
	a.Accuracy /= measured
	a.Cost = a.Cost / float64(len(cost)) * 1000
	var err error
	a.Score, err = p.Score(a.Accuracy, a.Cost)
	return a, err
}

// Optimality compares a router's choices with RouterArena's optimal ones: the cheapest model that is
// right, which means an accuracy of at least 1. Prompts without such a model do not count.
type Optimality struct {
	Prompts   int     // number of prompts that count
	Selection float64 // share of them for which the optimal model is chosen: opt_sel
	// Cost is the summed cost of the optimal models over that of the chosen ones, where the chosen
	// one is right: opt_cost.
	Cost     float64
	Accuracy float64 // summed accuracy of the chosen models over that of the optimal ones: opt_acc
}

// NewOptimality compares the choices; model[i] is the model chosen for prompt i. A figure that would
// divide by 0 is 0, as in the program. It returns an error unless there is one choice per prompt.
func NewOptimality(o pool.Outcomes, model []int) (Optimality, error) {
	if _, _, err := o.Take(model, 0); err != nil {
		return Optimality{}, err
	}
	var x Optimality
	var hits, optimalCost, cost, optimalAccuracy, accuracy float64
	for i, m := range model {
		quality, costs := o.Quality.Row(i), o.Cost.Row(i)
		best := cheapestRight(quality, costs)
		if best < 0 || quality[m] == 0 && costs[m] == 0 {
			continue
		}
		x.Prompts++
		optimalAccuracy += quality[best]
		accuracy += quality[m]
		if m == best {
			hits++
		}
		if quality[m] >= 1 && costs[m] > 0 {
			optimalCost += costs[best]
			cost += costs[m]
		}
	}
	x.Selection, x.Cost, x.Accuracy = over(hits, float64(x.Prompts)), over(optimalCost, cost), over(accuracy, optimalAccuracy)
	return x, nil
}

// cheapestRight returns the first of the cheapest models with an accuracy of at least 1; -1 without
// one.
func cheapestRight(quality, cost []float64) int {
	best := -1
	for m, q := range quality {
		if q >= 1 && (best < 0 || cost[m] < cost[best]) {
			best = m
		}
	}
	return best
}

// over returns a / b, or 0 if b is not above 0.
func over(a, b float64) float64 {
	if b > 0 {
		return a / b
	}
	return 0
}
