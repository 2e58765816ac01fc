package upstream

import "net/http"

// Pair is the two upstreams.
type Pair struct {
	Strong, Weak *Upstream
	Fallback     bool
}

// Side returns one of the two.
func (p *Pair) Side(strong bool) *Upstream {
	if strong {
		return p.Strong
	}
	return p.Weak
}

// Answer is what came of a request.
type Answer struct {
	Response *http.Response
	Strong   bool  // whose response it is
	Fallback bool  // both were asked
	First    error // why the first one failed, nil if it did not
	Second   error // why the other one failed, nil if it did not or was not asked
}

// Send sends a request to one side and, where that fails before its first byte and the
// pair falls back, once to the other. If both fail the client gets what the first one
// said, or if that said nothing the other. bodyFor makes the request for a model's name.
// Without a response there is an error of kind, and Strong is the side that was asked
// first.
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

// onlyWithout is the error where there is no response to pass on.
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
