package upstream

import "github.com/routellm/routellm/cmd/routellm/internal/serve/breaker"

// Readiness says how the upstreams are. It names neither models nor addresses: everyone may read
// it.
type Readiness struct {
	Status    string `json:"status"`
	Upstreams []Side `json:"upstreams"`
}

// Side says how one upstream is.
type Side struct {
	Side     string        `json:"side,omitempty"`
	Upstream int           `json:"upstream,omitempty"` // among several models, its place in place of a side, from 1
	Breaker  breaker.State `json:"breaker"`
	Refusal  *Refusal      `json:"refusal,omitempty"` // the last one, until an answer succeeds
}

// Readiness returns how the upstreams are, and whether one of them may answer a request now.
func (s *Set) Readiness() (r Readiness, ready bool) {
	r.Status = "no model can answer"
	for _, u := range s.All {
		state, _ := u.breaker.State()
		side := Side{Side: u.Name, Breaker: state, Refusal: u.refusal.Load()}
		if u.Place > 0 {
			side.Side, side.Upstream = "", u.Place
		}
		r.Upstreams = append(r.Upstreams, side)
		if u.Able() {
			r.Status, ready = "ready", true
		}
	}
	return r, ready
}
