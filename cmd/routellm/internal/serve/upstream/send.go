package upstream

import (
	"context"
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
)

// Request holds a client's request.
type Request struct {
	*http.Request
	Content func(model string) body.Content // returns the request for a model's name
	Extent  func() body.Extent              // measures it
	Takes   func(i int) bool                // reports whether the i-th upstream takes it
	// Next returns the upstream to ask of those that may be asked, false if there is none; nil asks
	// in the order of the set.
	Next func(may func(i int) bool) (int, bool)

	Generates bool // a model generates the answer, so that status 404 means that the server does not know it
	Seeks     bool // it continues an answer that one of the upstreams keeps, and only that one can go on
}

// try sends a request once and waits for the beginning of the answer. If that stands for a
// failure it returns a *Failure and, if it may be passed on, also the answer.
func (u *Upstream) try(r Request) (*http.Response, error) {
	pass, ok := u.breaker.Ask()
	if !ok {
		return nil, &Failure{Kind: BreakerOpen}
	}
	began := time.Now()
	var on traced
	res, err := u.send(r, &on)
	u.breaker.Done(pass, outcome(err, &on, began))
	u.note(res, err)
	return res, err
}

// trace begins a span for a request, and returns what ends it when the answer has begun.
func (u *Upstream) trace(out *http.Request) (end func(*http.Response, error)) {
	if u.Trace == nil {
		return func(*http.Response, error) {}
	}
	return u.Trace(out)
}

func (u *Upstream) send(r Request, on *traced) (res *http.Response, err error) {
	began := time.Now()
	ctx, cancel := context.WithCancelCause(on.in(r.Context()))
	watch := time.AfterFunc(u.Header, func() { cancel(ErrSlow) })
	out := u.request(ctx, r.Request, r.Content(u.Model))
	end := u.trace(out)
	defer func() { end(res, err) }()
	on.large = out.ContentLength > buffered
	res, err = u.transport.RoundTrip(out)
	if err != nil {
		watch.Stop()
		err = unanswered(ctx, err, on.Load())
		cancel(nil)
		u.distrust(err)
		return nil, err
	}
	a := &answer{ReadCloser: res.Body, ctx: ctx, cancel: cancel, watch: watch, idle: u.Idle, until: began.Add(u.Header), failed: u.distrust}
	err = u.judge(r, res, a)
	if f := FailureOf(err); f != nil && (f.Status == 0 || f.Kind == Cut || f.Refusal() && !f.Quota) {
		a.Close() // there is no answer, or none that is for the client
		return nil, err
	}
	res.Body = a
	return res, err
}

// distrust closes the idle connections if one has just failed: what killed it, such as a restart
// on the way, may have killed them all, and each would cost another request.
func (u *Upstream) distrust(err error) {
	switch KindOf(err) {
	case SlowHeader, Idle, Cut:
		u.Close()
	}
}
