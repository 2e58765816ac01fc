package upstream

import (
	"net/http"
	"slices"
)

// Set holds the upstreams in their order.
type Set struct {
	All      []*Upstream
	Fallback bool // ask the next upstream if one fails before its first byte
}

// Next returns the upstream to ask after the i-th one: the following one, after the last one the
// first.
func (s *Set) Next(i int) int { return (i + 1) % len(s.All) }

// After returns the first upstream after the i-th one that takes a request, and false if none but
// the i-th one may.
func (s *Set) After(i int, takes func(i int) bool) (int, bool) {
	for next := s.Next(i); next != i; next = s.Next(next) {
		if takes(next) {
			return next, true
		}
	}
	return i, false
}

// Answer is the outcome of a request.
type Answer struct {
	Response *http.Response
	By       int       // the upstream whose response it is; without a response, the one asked first
	Fallback bool      // several upstreams were asked
	Failures []Attempt // the upstreams that failed, in the order in which they were asked
}

// Attempt is an upstream that failed.
type Attempt struct {
	By  int
	Err error // a [*Failure]
}

// Send sends a request to the i-th upstream. If that fails before its first byte and s.Fallback
// is set, Send asks those that take the request, each once and in the order of r.Next, until one
// does not fail. If all fail, the answer is the first response that there is. A request that seeks
// the upstream which keeps an answer goes to the next one if, and only if, the last does not keep
// it. The error is that of the first upstream, a [*Failure]; it is nil if there is a response.
func (s *Set) Send(r Request, i int) (Answer, error) {
	res, err := s.All[i].try(r)
	a := Answer{Response: res, By: i}
	if err == nil {
		return a, nil
	}
	a.Failures = []Attempt{{i, err}}
	for last := err; s.asksNext(r, last); {
		next, ok := s.following(r, i, a.Failures)
		if !ok {
			break
		}
		a.Fallback = true
		if res, last = s.All[next].try(r); last == nil {
			drop(a.Response)
			a.Response, a.By = res, next
			return a, nil
		}
		a.Failures = append(a.Failures, Attempt{next, last})
		switch {
		case KindOf(last) == ClientGone: // nobody wants another one's answer either
			drop(a.Response)
			a.Response = nil
			return a, last
		case a.Response == nil && res != nil:
			a.Response, a.By = res, next
		default:
			drop(res)
		}
	}
	return a, onlyWithout(a.Response, err)
}

// following returns the upstream to ask after those that have failed, the i-th one first, and false
// if there is none.
func (s *Set) following(r Request, i int, failed []Attempt) (int, bool) {
	takes := func(i int) bool {
		return r.Takes(i) && !slices.ContainsFunc(failed, func(a Attempt) bool { return a.By == i })
	}
	if r.Next != nil {
		return r.Next(takes)
	}
	return s.After(i, takes)
}

// asksNext reports whether another upstream is asked after an error of the first.
func (s *Set) asksNext(r Request, err error) bool {
	switch kind := KindOf(err); {
	case kind == None || kind == ClientGone:
		return false
	case r.Seeks:
		return kind == NotKept
	}
	return s.Fallback
}

// onlyWithout returns err only if there is no response to pass on.
func onlyWithout(res *http.Response, err error) error {
	if res != nil {
		return nil
	}
	return err
}

func drop(res *http.Response) {
	if res != nil {
		res.Body.Close()
	}
}
