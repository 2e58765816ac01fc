package logged

import (
	"errors"
	"fmt"

	"github.com/routellm/routellm/internal/num"
)

// Log holds n logged decisions, one value of each slice per decision.
type Log struct {
	Scores     []float64 // the router's scores; finite
	Strong     []bool    // whether the strong side was asked
	Propensity []float64 // probability of this side given the score, in (0,1)
	Outcome    []float64 // quality, or cost, of what followed; finite
	Cluster    []int     // numbers of clusters from eval.ClusterIDs; decisions of one cluster are not independent
}

// Validate returns an error if the lengths differ, if there are no decisions, or if a number is
// outside its range.
func (l Log) Validate() error {
	n := len(l.Scores)
	if len(l.Strong) != n || len(l.Propensity) != n || len(l.Outcome) != n || len(l.Cluster) != n {
		return errors.New("scores, sides, propensities, outcomes and clusters differ in number: want one of each per decision")
	}
	if n == 0 {
		return errors.New("no decisions: want at least one")
	}
	for i := range n {
		if !num.Finite(l.Scores[i]) || !num.Finite(l.Outcome[i]) {
			return fmt.Errorf("decision %d: score %v, outcome %v: want finite numbers", i, l.Scores[i], l.Outcome[i])
		}
		if !(l.Propensity[i] > 0 && l.Propensity[i] < 1) {
			return fmt.Errorf("decision %d: propensity %v: want a number above 0 and below 1", i, l.Propensity[i])
		}
	}
	return nil
}
