package upstream

import (
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/breaker"
)

// Refusal is the last answer of a server that refuses every request.
type Refusal struct {
	Code   Kind      `json:"code"`
	Status int       `json:"status"`
	Time   time.Time `json:"time"` // UTC, in whole seconds
	times  uint32    // the number of refusals since an answer succeeded
	at     time.Time
}

// Open reports whether the circuit breaker keeps requests away now. After the cooldown a few
// requests are let through on trial, and Open is true while these wait for an answer.
func (u *Upstream) Open() bool {
	_, admits := u.breaker.State()
	return !admits
}

// Able reports whether a request may be answered now: the circuit breaker lets it pass, and the
// server has not just refused as many requests in a row as open the breaker. After the cooldown
// Able is true again, as only a further request can show that the server has changed its mind.
func (u *Upstream) Able() bool {
	r := u.refusal.Load()
	return !u.Open() && (r == nil || r.times < u.Failures || time.Since(r.at) >= u.Cooldown)
}

// note keeps a refusal until an answer succeeds.
func (u *Upstream) note(res *http.Response, err error) {
	old := u.refusal.Load()
	if f := FailureOf(err); f != nil && f.Refusal() {
		now := time.Now()
		next := &Refusal{Code: f.Kind, Status: f.Status, Time: now.UTC().Truncate(time.Second), at: now, times: 1}
		if old != nil {
			next.times += old.times
		}
		u.refusal.Store(next)
	} else if old != nil && err == nil && res.StatusCode < http.StatusMultipleChoices {
		u.refusal.Store(nil)
	}
}

// outcome returns what a request that began at a time has shown about the server, from its error
// and its connection.
func outcome(err error, on *traced, began time.Time) breaker.Outcome {
	f := FailureOf(err)
	if f == nil {
		return breaker.Good
	}
	switch f.Kind {
	case ClientGone, Local, TooLong, Unable:
		return breaker.Nothing
	case ServerError:
		return illness(f.Status)
	case Cut:
		if l := on.Load(); l != nil && !l.fails(began) {
			return breaker.Nothing
		}
		if on.refused() {
			return breaker.Doubtful
		}
		return breaker.Ill
	case Refused, SlowHeader, Idle:
		return breaker.Ill
	}
	return breaker.Good // it answers
}

// illness returns what a status of 500 or above says about the server.
func illness(status int) breaker.Outcome {
	switch {
	case status == http.StatusNotImplemented:
		return breaker.Nothing // it lacks what the request asks for
	case status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout, status >= 520 && status <= 530:
		return breaker.Ill // 520 to 530, of proxies and Anthropic, say that it is down or overloaded
	}
	return breaker.Doubtful
}
