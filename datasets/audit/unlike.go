package audit

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/eval"
)

// Unlike holds which prompts are unlike all that a router was trained on.
type Unlike struct {
	Router   string
	Rows     []bool  // one per row of Input.Table
	Expected float64 // share of the rows to expect among prompts like those trained on, in (0,1)
}

// Share is a share of all rows, in [0,1], with its 95 % interval, whose ends are NaN if there is none.
type Share struct{ Value, Lo, Hi float64 }

// unlikePrompts finds prompts of which routers' scores mean little. It warns from twice as many on as
// there are among prompts like those trained on, unless that may be chance.
func unlikePrompts(in Input) []Finding {
	var found []Finding
	for _, u := range in.Unlike {
		share := shareOf(in, u.Rows)
		f := Finding{Code: "unlike-prompt", Severity: Note, About: u.Router, Mend: Nothing, Share: &share,
			Message: fmt.Sprintf("%s unlike anything that the router was trained on, where about %.2g %% of prompts like those would be", share, 100*u.Expected),
			Rows:    rowsWhere(len(u.Rows), func(i int) bool { return u.Rows[i] })}
		if share.Value >= 2*u.Expected && share.Lo > u.Expected {
			f.Severity = Warning
			f.Message += ": expect little of its scores of them, and train a router on your own prompts (routellm fit)"
		}
		found = append(found, ifAny(f)...)
	}
	return found
}

// shareOf returns the share of the rows that have a property. Rows of one cluster are dependent.
func shareOf(in Input, has []bool) Share {
	ids := eval.ClusterIDs(clustersOf(in))
	size, total := make([]float64, len(ids)), make([]float64, len(ids))
	clusters := 0
	for i, c := range ids {
		size[c]++
		if has[i] {
			total[c]++
		}
		clusters = max(clusters, c+1)
	}
	value, x := eval.ClusteredMean(size[:clusters], total[:clusters], 0.95)
	return Share{value, x.Lo, x.Hi}
}

// String returns the share of the prompts in words.
func (s Share) String() string {
	if math.IsNaN(s.Lo) || math.IsNaN(s.Hi) {
		return fmt.Sprintf("%.1f %% of the prompts are", 100*s.Value)
	}
	return fmt.Sprintf("%.1f %% of the prompts (95 %% interval %.1f to %.1f %%) are", 100*s.Value, 100*s.Lo, 100*s.Hi)
}
