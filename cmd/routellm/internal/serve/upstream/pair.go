package upstream

import "net/http"

// Pair holds the strong and the weak upstream.
type Pair struct {
	Strong, Weak *Upstream
	Fallback     bool // ask the other upstream if one fails before its first byte
}

// Side returns the strong or the weak upstream.
func (p *Pair) Side(strong bool) *Upstream {
	if strong {
		return p.Strong
	}
	return p.Weak
}

// Answer is the outcome of a request.
type Answer struct {
	Response *http.Response
	Strong   bool  // the response is the strong model's; without one, the strong model was asked first
	Fallback bool  // both sides were asked
	First    error // failure of the side asked first, or nil
	Second   error // failure of the other side, or nil
}

// Send sends a request to one side. If that fails before its first byte and p.Fallback is
// set, Send asks the other side once. If both fail, the answer is the first side's
// response or, if it gave none, the other's. bodyFor returns the request body for a
// model's name. The error is a [*Failure]; it is nil if there is a response.
func (p *Pair) Send(in *http.Request, strong bool, bodyFor func(model string) []byte) (Answer, error) {
	u := p.Side(strong)
	res, err := u.try(in, bodyFor(u.Model))
	a := Answer{Response: res, Strong: strong, First: err}
	if err == nil || !p.Fallback || KindOf(err) == ClientGone {
		return a, onlyWithout(res, err)
	}
	a.Fallback = true
	u = p.Side(!strong)
	other, otherErr := u.try(in, bodyFor(u.Model))
	a.Second = otherErr
	if otherErr != nil && (res != nil || other == nil) {
		drop(other)
		return a, onlyWithout(res, err)
	}
	drop(res)
	a.Response, a.Strong = other, !strong
	return a, nil
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
