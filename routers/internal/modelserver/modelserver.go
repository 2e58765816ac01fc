// Package modelserver is what all that ask a model server through OpenAI's client have
// in common: how often they try, and what they say when it does not work.
package modelserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/routellm/routellm/internal/hint"

	"github.com/openai/openai-go/v3/option"
)

const (
	// Retries are made after 408, 409, 429, 5xx or no answer at all. The client waits
	// 0.5 s, then twice as long each time, less up to a quarter at random, or as long
	// as Retry-After says, but never longer than MaxWait.
	Retries = 5
	MaxWait = time.Minute
)

// Tried says so, for hints.
func Tried() string {
	return fmt.Sprintf("such requests are tried %d times, after waits of at most %v", 1+Retries, MaxWait)
}

// Settings are those of a client; timeout bounds one try. The environment is not read.
func Settings(base, key string, timeout time.Duration) []option.RequestOption {
	out := []option.RequestOption{
		option.WithBaseURL(base), option.WithMaxRetries(Retries), option.WithMaxRetryDelay(MaxWait), option.WithRequestTimeout(timeout),
	}
	if key != "" {
		out = append(out, option.WithAPIKey(key))
	}
	return out
}

// Unreachable is the error where there was no whole answer.
func Unreachable(ctx context.Context, address string, timeout time.Duration, err error) error {
	var op *net.OpError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("asking %q: %w", address, ctx.Err())
	case errors.Is(err, context.DeadlineExceeded):
		return hint.With(fmt.Errorf("no answer from %q within %v", address, timeout), "the server may be overloaded: run it again later")
	case errors.As(err, &op) && op.Op == "dial":
		return hint.With(fmt.Errorf("no connection to %q: %w", address, op), "is the server running, and is its address right?")
	}
	return hint.With(fmt.Errorf("the answer of %q broke off: %w", address, err), "run it again")
}

// Refused is the error about an answer whose status says that it is none, without a
// hint. Some servers repeat the key in their message; it is taken out.
func Refused(address, key string, r *http.Response) error {
	return fmt.Errorf("%q answered %s%s", address, r.Status, message(r, key))
}

// Hints are what may help against a status, if it is one that both kinds of requests
// know; model is the one asked for.
func Hints(r *http.Response, model string) []string {
	switch code := r.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return []string{"check OPENAI_API_KEY: the key is missing, wrong or not for this model"}
	case code == http.StatusNotFound:
		return []string{fmt.Sprintf("has the server a model %q?", model), "an address mostly ends in /v1"}
	case code == http.StatusTooManyRequests && r.Header.Get("Retry-After") != "":
		return []string{fmt.Sprintf("the server says to retry after %q", r.Header.Get("Retry-After")), Tried()}
	case code == http.StatusTooManyRequests:
		return []string{Tried() + ": run it again later"}
	case code >= http.StatusInternalServerError:
		return []string{Tried() + ": see the server's log"}
	}
	return nil
}

// message is what the server says about its refusal, after a colon, or "".
func message(r *http.Response, key string) string {
	text, err := io.ReadAll(r.Body)
	var parsed struct{ Error struct{ Message string } }
	switch {
	case err != nil || len(text) == 0:
		return ""
	case json.Unmarshal(text, &parsed) == nil && parsed.Error.Message != "":
		text = []byte(parsed.Error.Message)
	}
	if key != "" {
		text = bytes.ReplaceAll(text, []byte(key), []byte("(the key)"))
	}
	return fmt.Sprintf(": %q", Excerpt(text))
}

// Excerpt is the start of what a server wrote.
func Excerpt(text []byte) string {
	const most = 300
	if len(text) <= most {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:most]), "") + "..."
}
