package eval

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// ranked is one score with the sample it belongs to.
type ranked struct {
	score float64
	index int
}

// rank sorts the scores in descending order. Tied scores keep the order of the samples, so
// that sums over a block of ties are the same on every run.
func rank(scores []float64) ([]ranked, error) {
	order := make([]ranked, len(scores))
	for i, s := range scores {
		if !num.Finite(s) {
			return nil, fmt.Errorf("sample %d: score is not finite (%v): want a finite number", i, s)
		}
		order[i] = ranked{s, i}
	}
	slices.SortFunc(order, func(a, b ranked) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return cmp.Compare(a.index, b.index)
	})
	return order, nil
}

// rankFor checks the outcomes and a router's scores for them, and ranks the scores.
func rankFor(o Outcomes, scores []float64) ([]ranked, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if len(scores) != o.N() {
		return nil, fmt.Errorf("%s for %s: want one score per sample", text.Plural(len(scores), "score"), text.Plural(o.N(), "sample"))
	}
	return rank(scores)
}
