package upstream

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/sony/gobreaker/v2"
)

// Kind names a kind of failure, for logs and metrics.
type Kind string

// The kinds of failure. An answer that ends early after its first byte is Cut or Idle.
const (
	None        Kind = ""
	ClientGone  Kind = "client_gone"
	Refused     Kind = "connect"        // no connection, or no trusted one
	SlowHeader  Kind = "header_timeout" // connected, but no answer in time
	Idle        Kind = "idle_timeout"   // too long a pause within an answer
	Cut         Kind = "cut"            // the connection broke
	ServerError Kind = "server_error"   // status 500 or above
	RateLimited Kind = "rate_limited"   // status 429
	BreakerOpen Kind = "breaker_open"   // the circuit breaker kept the request away
)

// Failure is the error of an upstream that did not answer.
type Failure struct {
	Kind  Kind
	Cause string // set only for Refused: the text of other errors may repeat part of an answer
}

// Error returns the kind and, if known, the cause.
func (f *Failure) Error() string { return strings.TrimSuffix(string(f.Kind)+": "+f.Cause, ": ") }

// KindOf returns an error's kind: None for nil, Cut for an error that is not a [*Failure].
func KindOf(err error) Kind {
	if err == nil {
		return None
	}
	if f := (*Failure)(nil); errors.As(err, &f) {
		return f.Kind
	}
	return Cut
}

// errTimeout is the cause of a context that a time limit has ended.
var errTimeout = errors.New("too slow")

// classify returns the failure of a request under ctx: kind slow if a time limit ended it,
// kind broken if nothing more is known.
func classify(ctx context.Context, err error, slow, broken Kind) error {
	switch cause := context.Cause(ctx); {
	case cause == errTimeout:
		return &Failure{Kind: slow}
	case cause != nil:
		return &Failure{Kind: ClientGone}
	case unconnected(err):
		return &Failure{Refused, err.Error()}
	}
	return &Failure{Kind: broken}
}

// unconnected reports whether the connection failed or its certificate is not trusted.
func unconnected(err error) bool {
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &certificate)
}

// statusError returns the failure that an answer's status stands for, or nil.
func statusError(status int) error {
	switch {
	case status == http.StatusTooManyRequests:
		return &Failure{Kind: RateLimited}
	case status >= http.StatusInternalServerError:
		return &Failure{Kind: ServerError}
	}
	return nil
}

// breakerError turns the breaker's own errors into a *Failure.
func breakerError(err error) error {
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return &Failure{Kind: BreakerOpen}
	}
	return err
}
