package render

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// poolExactNotes says how exact the values of a pool from a summary are, and what it lacks.
func poolExactNotes(p results.Pool) (notes []string) {
	if p.Summary == nil {
		return nil
	}
	if p.Summary.Buckets == 0 {
		notes = append(notes, "no intervals: the summary has no buckets; routellm sql pool --buckets 200 adds them")
	}
	if unused := int(p.Summary.Unused); unused > 0 {
		notes = append(notes, fmt.Sprintf("not used: %s of %s, without all qualities, costs and predictions, or a weight above 0",
			text.Thousands(unused), text.Plural(unused+p.Samples, "row")))
	}
	exact := true
	for _, r := range p.Routers {
		if bounds := poolBounds(r); bounds != nil {
			exact = false
			notes = append(notes, fmt.Sprintf("%s: as far as the bins tell, %s", r.Name, strings.Join(bounds, ", ")))
		}
	}
	if exact {
		notes = append(notes, "all values are exact")
	}
	return append(notes, "no oracle: sums of moves do not tell which model is the best for a prompt")
}

// poolBounds lists the metrics of a router that are not exact, with the ranges that the exact ones
// certainly lie in.
func poolBounds(r results.PoolRouter) []string {
	var out []string
	add := func(name string, m results.Metric, percent bool) {
		if m.Within != nil {
			out = append(out, name+" "+Bounded(m, percent))
		}
	}
	m := r.Metrics
	add("lift", m.Lift, false)
	add("log lift", m.LogLift, false)
	add("area", m.Area, false)
	for _, k := range SortedKeys(m.CostFor) {
		add("for "+KeyPercent(k), m.CostFor[k].Metric, true)
	}
	return out
}
