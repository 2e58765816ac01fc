package pool

import (
	"math"

	"github.com/routellm/routellm/eval"
)

// supports says how few clusters carry the lift and the log lift of each router.
type supports struct {
	whole eval.Support
}

func newSupports(t Table, c Constants, r Range) supports {
	return supports{whole: eval.Support{Clusters: t.Outcomes.clusters(), Effective: math.Inf(1), Tail: math.Inf(1)}}
}

func (s supports) lift(router int) eval.Support { return s.whole }

func (s supports) logLift(router int) eval.Support { return s.whole }

// of returns the support of the difference of a pairing.
func (s supports) of(p eval.Pairing, logs bool) eval.Support { return s.whole }
