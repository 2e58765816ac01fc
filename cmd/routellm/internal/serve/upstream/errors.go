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

// Kind names a way to fail, for logs and metrics.
type Kind string

// The kinds. An answer that breaks off after its first byte is Cut or Idle.
const (
	None        Kind = ""
	ClientGone  Kind = "client_gone"
	Refused     Kind = "connect"        // no connection
	SlowHeader  Kind = "header_timeout" // connected, no answer
	Idle        Kind = "idle_timeout"   // too long a pause within an answer
	Cut         Kind = "cut"            // the connection broke
	ServerError Kind = "server_error"   // a status from 500
	RateLimited Kind = "rate_limited"   // status 429
	BreakerOpen Kind = "breaker_open"   // not asked
)

// Failure is why an upstream did not answer.
type Failure struct {
	Kind  Kind
	Cause string // of Refused alone: other texts may repeat a part of an answer
}

// Error is the kind, and the cause where there is one.
func (f *Failure) Error() string { return strings.TrimSuffix(string(f.Kind)+": "+f.Cause, ": ") }

// KindOf returns an error's kind: None for no error, Cut for one of another package.
func KindOf(err error) Kind {
	if err == nil {
		return None
	}
	if f := (*Failure)(nil); errors.As(err, &f) {
		return f.Kind
	}
	return Cut
}

// errTimeout is the cause of a context that ended for want of progress.
var errTimeout = errors.New("too slow")

// classify says why a request under ctx failed: too slow is what a time limit means at
// that point, broken what anything else does.
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

// unconnected reports whether there was no connection, or none to be trusted.
func unconnected(err error) bool {
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &certificate)
}

// statusError is why an answer with a status counts as a failure; nil if it does not.
func statusError(status int) error {
	switch {
	case status == http.StatusTooManyRequests:
		return &Failure{Kind: RateLimited}
	case status >= http.StatusInternalServerError:
		return &Failure{Kind: ServerError}
	}
	return nil
}

// breakerError names the breaker's own errors.
func breakerError(err error) error {
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return &Failure{Kind: BreakerOpen}
	}
	return err
}
