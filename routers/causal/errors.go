package causal

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

	"github.com/routellm/routellm/datasets"
)

// address is where requests go, without a password.
func (s *server) address(path string) string { return s.base.JoinPath(path).Redacted() }

// malformed is the error about an answer that was received but is not usable.
func (s *server) malformed(path string, err error) error {
	return fmt.Errorf("answer of %q: %w", s.address(path), err)
}

// unreachable is the error where there was no whole answer.
func (s *server) unreachable(ctx context.Context, path string, err error) error {
	at := s.address(path)
	var op *net.OpError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("asking %q: %w", at, ctx.Err())
	case errors.Is(err, context.DeadlineExceeded):
		return datasets.WithHint(fmt.Errorf("no answer from %q within %v", at, s.options.Timeout), "the server may be overloaded: ask for fewer answers at once, or allow more time")
	case errors.As(err, &op) && op.Op == "dial":
		return datasets.WithHint(fmt.Errorf("no connection to %q: %w", at, op), "is the server running, and is the endpoint right?")
	}
	return datasets.WithHint(fmt.Errorf("the answer of %q broke off: %w", at, err), "run it again")
}

// refused is the error about an answer whose status says that it is none.
func (s *server) refused(path string, r *http.Response) error {
	err := fmt.Errorf("%q answered %s%s", s.address(path), r.Status, s.message(r))
	tried := fmt.Sprintf("such requests are tried %d times, after waits of at most %v", 1+retries, maxWait)
	switch code := r.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return datasets.WithHint(err, "the key is missing, wrong or not for this model")
	case code == http.StatusNotFound && s.options.API == LlamaCPP:
		return datasets.WithHint(err, fmt.Sprintf("the API %q needs llama.cpp's own server, and a recent one", LlamaCPP))
	case code == http.StatusNotFound:
		return datasets.WithHint(err, fmt.Sprintf("has the server a model %q?", s.options.Model), "an endpoint mostly ends in /v1")
	case code == http.StatusTooManyRequests && r.Header.Get("Retry-After") != "":
		return datasets.WithHint(err, fmt.Sprintf("the server says to retry after %q", r.Header.Get("Retry-After")), tried)
	case code == http.StatusTooManyRequests:
		return datasets.WithHint(err, tried+": run it again later")
	case code >= http.StatusInternalServerError:
		return datasets.WithHint(err, tried+": see the server's log")
	}
	return datasets.WithHint(err, "the prompt may be longer than the model takes", "some servers report 5 tokens at most, some 20")
}

// message is what the server says about its refusal, after a colon, or "". Some
// servers repeat the key in it.
func (s *server) message(r *http.Response) string {
	text, err := io.ReadAll(r.Body)
	var parsed struct{ Error struct{ Message string } }
	switch {
	case err != nil || len(text) == 0:
		return ""
	case json.Unmarshal(text, &parsed) == nil && parsed.Error.Message != "":
		text = []byte(parsed.Error.Message)
	}
	if s.options.Key != "" {
		text = bytes.ReplaceAll(text, []byte(s.options.Key), []byte("(the key)"))
	}
	return fmt.Sprintf(": %q", excerpt(text))
}

// excerpt is the start of what a server wrote.
func excerpt(text []byte) string {
	const most = 300
	if len(text) <= most {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:most]), "") + "..."
}
