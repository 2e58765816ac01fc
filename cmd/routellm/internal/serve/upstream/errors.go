package upstream

import (
	"errors"
	"strings"
)

// Kind names a kind of failure, for clients, logs and metrics.
type Kind string

// The kinds of failure. An answer that ends early after its first byte is Cut or Idle.
const (
	None        Kind = ""
	ClientGone  Kind = "client_gone"
	Refused     Kind = "connect"        // no connection, or no trusted one
	Local       Kind = "local_limit"    // this machine has no file or port left for a connection
	SlowHeader  Kind = "header_timeout" // connected, but no answer in time
	Idle        Kind = "idle_timeout"   // too long a pause within an answer
	Cut         Kind = "cut"            // the connection broke
	ServerError Kind = "server_error"   // status 500 or above
	RateLimited Kind = "rate_limited"   // status 429
	BreakerOpen Kind = "breaker_open"   // the circuit breaker kept the request away

	Credentials   Kind = "upstream_credentials"     // the server's key is wrong or has no credit
	ModelNotFound Kind = "upstream_model_not_found" // the server does not know the model, or the address
	Redirected    Kind = "upstream_redirect"        // status 300 to 399

	// What keeps a cascade from an answer of its first model.
	Late       Kind = "cascade_timeout"   // the whole answer took too long
	TooLarge   Kind = "answer_too_large"  // it has too many bytes
	Unreadable Kind = "answer_unreadable" // it does not have the form of its API, or has an error in it
	Incomplete Kind = "answer_incomplete" // it ends before its end
	Empty      Kind = "answer_empty"      // it has no text and calls no tool
	NotJSON    Kind = "answer_not_json"   // the client asked for JSON, or it calls a tool with what is none
	Status     Kind = "answer_status"     // the server says that the request is at fault

	NotKept Kind = "answer_not_kept"   // the server does not keep the answer that the request continues
	TooLong Kind = "context_length"    // the request is too long for the model
	Unable  Kind = "unsupported_input" // the model does not take images, or something else in the request
)

// Failure is the error of an upstream that did not answer, or not well.
type Failure struct {
	Kind   Kind
	Status int    // status of the answer, or 0
	Cause  string // set only without a connection: the text of other errors may repeat part of an answer
	Quota  bool   // the status is 429 for want of credit, so that waiting does not help
}

// Error returns the kind and, if known, the cause.
func (f *Failure) Error() string { return strings.TrimSuffix(string(f.Kind)+": "+f.Cause, ": ") }

// Refusal reports whether the server refuses every request, until its key, its credit or its
// settings change.
func (f *Failure) Refusal() bool {
	return f.Quota || f.Kind == Credentials || f.Kind == ModelNotFound || f.Kind == Redirected
}

// FailureOf returns an error's failure: nil for nil, and Cut for an error that is not a
// [*Failure].
func FailureOf(err error) *Failure {
	f := (*Failure)(nil)
	if err != nil && !errors.As(err, &f) {
		return &Failure{Kind: Cut}
	}
	return f
}

// KindOf returns an error's kind: None for nil, Cut for an error that is not a [*Failure].
func KindOf(err error) Kind {
	if f := FailureOf(err); f != nil {
		return f.Kind
	}
	return None
}
