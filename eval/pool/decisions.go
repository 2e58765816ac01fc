package pool

import (
	"fmt"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// Decisions holds what one operating point of a router gives and costs, one value per prompt. If
// the choice among several models is random, both are expected values.
type Decisions struct {
	Cost    []float64 // cost of what was called, the router's own included
	Quality []float64 // quality of the answer that is used
}

// check returns an error unless both have n finite values and no cost is below 0.
func (d Decisions) check(n int) error {
	if len(d.Cost) != n || len(d.Quality) != n {
		return fmt.Errorf("%s and %s: want %d each", text.Plural(len(d.Cost), "cost"), text.Plural(len(d.Quality), "quality"), n)
	}
	for i := range d.Cost {
		if !num.Finite(d.Cost[i]) || !num.Finite(d.Quality[i]) || d.Cost[i] < 0 {
			return fmt.Errorf("prompt %d: quality %v, cost %v: want finite numbers and a cost of 0 or more", i, d.Quality[i], d.Cost[i])
		}
	}
	return nil
}

// mean returns the mean cost and quality over drawn clusters.
func (d Decisions) mean(o Outcomes, draws []int32) (cost, quality float64) {
	total := 0.0
	for i := range d.Cost {
		w := weightOf(i, o.Weight, o.Cluster, draws)
		total += w
		cost += float64(w * d.Cost[i])
		quality += float64(w * d.Quality[i])
	}
	return cost / total, quality / total
}
