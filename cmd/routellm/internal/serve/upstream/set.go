package upstream

import "net/http"

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
	By       int  // the upstream whose response it is; without a response, the one asked first
	Fallback bool // several upstreams were asked
	Then     int  // the upstream asked second, if Fallback is set

	First  error // failure of the upstream asked first, or nil
	Second error // failure of the one asked second, or nil
}

// Send sends a request to the i-th upstream. If that fails before its first byte and s.Fallback
// is set, Send asks the next one that takes the request, once. If both fail, the answer is the
// first one's response or, if it gave none, the other's. A request that seeks the upstream which
// keeps an answer goes to the next one if, and only if, the first does not keep it. The error is
// a [*Failure]; it is nil if there is a response.
func (s *Set) Send(r Request, i int) (Answer, error) {
	res, err := s.All[i].try(r)
	a := Answer{Response: res, By: i, First: err}
	if !s.asksNext(r, err) {
		return a, onlyWithout(res, err)
	}
	if a.Then, a.Fallback = s.After(i, r.Takes); !a.Fallback {
		return a, onlyWithout(res, err)
	}
	other, otherErr := s.All[a.Then].try(r)
	a.Second = otherErr
	if KindOf(otherErr) == ClientGone { // nobody wants the first one's answer either
		drop(res)
		a.Response = nil
		return a, otherErr
	}
	if otherErr != nil && (res != nil || other == nil) {
		drop(other)
		return a, onlyWithout(res, err)
	}
	drop(res)
	a.Response, a.By = other, a.Then
	return a, nil
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
