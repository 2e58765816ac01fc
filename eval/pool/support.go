package pool

import (
	"math"

	"github.com/routellm/routellm/eval"
)

// supports says how few clusters carry each result.
type supports struct {
	whole    eval.Support // number of clusters alone
	lifts    [][]float64  // influence of each cluster on the lift, one row per router
	logLifts [][]float64  // the same on the log lift
}

// newSupports measures the supports.
func newSupports(t Table, c Constants, r Range) supports {
	s := supports{whole: eval.Support{Clusters: t.Outcomes.clusters(), Effective: math.Inf(1), Tail: math.Inf(1)}}
	for _, router := range t.Routers {
		s.lifts = append(s.lifts, t.influence(router, c, r, false))
		s.logLifts = append(s.logLifts, t.influence(router, c, r, true))
	}
	return s
}

// lift returns the support of a router's lift.
func (s supports) lift(router int) eval.Support { return s.carried(s.lifts[router]) }

// logLift returns the support of a router's log lift.
func (s supports) logLift(router int) eval.Support { return s.carried(s.logLifts[router]) }

// of returns the support of the difference of a pairing.
func (s supports) of(p eval.Pairing, logs bool) eval.Support {
	rows := s.lifts
	if logs {
		rows = s.logLifts
	}
	if p.B == eval.RandomRouter {
		return s.carried(rows[p.A])
	}
	d := make([]float64, len(rows[p.A]))
	for c := range d {
		d[c] = rows[p.A][c] - rows[p.B][c]
	}
	return s.carried(d)
}

// carried returns the support of a value with these influences. Influences that do not exist, as in
// an empty range, say nothing.
func (s supports) carried(influence []float64) eval.Support {
	out := s.whole
	if e := eval.Effective(influence); !math.IsNaN(e) {
		out.Effective = e
	}
	return out
}
