// Package modelserver is shared by all packages that ask a model server through OpenAI's
// client: retries, and errors with hints. [Settings] configures a client.
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
	// Retries is the number of retries after status 408, 409, 429 or 5xx, or without
	// an answer. The client waits 0.5 s, then twice as long each time, minus up to a
	// quarter at random, or as long as Retry-After says, but at most MaxWait.
	Retries = 5
	MaxWait = time.Minute
)

// Tried describes the retries, for hints.
func Tried() string {
	return fmt.Sprintf("such requests are tried %d times, with waits of at most %v", 1+Retries, MaxWait)
}

// Settings returns the options of a client. timeout limits one attempt. The options keep
// the client from reading the environment.
func Settings(base, key string, timeout time.Duration) []option.RequestOption {
	out := []option.RequestOption{
		option.WithBaseURL(base), option.WithMaxRetries(Retries), option.WithMaxRetryDelay(MaxWait), option.WithRequestTimeout(timeout),
	}
	if key != "" {
		out = append(out, option.WithAPIKey(key))
	}
	return out
}

// Unreachable returns an error for an answer that did not arrive completely.
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
	return hint.With(fmt.Errorf("the answer from %q broke off: %w", address, err), "run it again")
}

// Refused returns an error, without hints, for an answer with an error status. Some
// servers repeat the key in their message; Refused removes it.
func Refused(address, key string, r *http.Response) error {
	return fmt.Errorf("%q answered %s%s", address, r.Status, message(r, key))
}

// Hints returns advice for a status that needs the same advice from every caller, else
// nil. model is the requested model.
func Hints(r *http.Response, model string) []string {
	switch code := r.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return []string{"check OPENAI_API_KEY: the key is missing, wrong or not for this model"}
	case code == http.StatusNotFound:
		return []string{fmt.Sprintf("check that the server has the model %q", model), "most addresses end in /v1"}
	case code == http.StatusTooManyRequests && r.Header.Get("Retry-After") != "":
		return []string{fmt.Sprintf("the server says to retry after %q", r.Header.Get("Retry-After")), Tried()}
	case code == http.StatusTooManyRequests:
		return []string{Tried() + ": run it again later"}
	case code >= http.StatusInternalServerError:
		return []string{Tried() + ": see the server's log"}
	}
	return nil
}

// message returns the server's reason for an error status, after a colon, or "".
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

// Excerpt returns the start of a server's output.
func Excerpt(text []byte) string {
	const most = 300
	if len(text) <= most {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:most]), "") + "..."
}
