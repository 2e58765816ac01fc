package openai

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
	"github.com/routellm/routellm/routers/encoder"
)

// address is where requests go, without a password.
func (e *Encoder) address() string { return e.url.JoinPath("embeddings").Redacted() }

// malformed is the error about an answer that was received but is not usable.
func (e *Encoder) malformed(err error) error {
	return fmt.Errorf("answer of %q: %w", e.address(), err)
}

// unreachable is the error where there was no whole answer.
func (e *Encoder) unreachable(ctx context.Context, err error) error {
	var op *net.OpError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("asking %q: %w", e.address(), ctx.Err())
	case errors.Is(err, context.DeadlineExceeded):
		return datasets.WithHint(fmt.Errorf("no answer from %q within %v", e.address(), timeout), "the server may be overloaded: run it again later")
	case errors.As(err, &op) && op.Op == "dial":
		return datasets.WithHint(fmt.Errorf("no connection to %q: %w", e.address(), op), "is the server running, and is the base URL right?")
	}
	return datasets.WithHint(fmt.Errorf("the answer of %q broke off: %w", e.address(), err), "run it again")
}

// refused is the error about an answer whose status says that it is none, to the
// batch of count texts from first.
func (e *Encoder) refused(r *http.Response, first, count int) error {
	err := fmt.Errorf("%q answered %s%s", e.address(), r.Status, e.message(r))
	tried := fmt.Sprintf("such requests are tried %d times", 1+retries)
	switch code := r.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return datasets.WithHint(err, "check OPENAI_API_KEY: the key is missing, wrong or not for this model")
	case code == http.StatusNotFound:
		return datasets.WithHint(err, fmt.Sprintf("has the server a model %q?", e.options.Model), "a base URL mostly ends in /v1")
	case code == http.StatusTooManyRequests && r.Header.Get("Retry-After") != "":
		return datasets.WithHint(err, fmt.Sprintf("the server says to retry after %q", r.Header.Get("Retry-After")), tried+", after waits of at most "+maxWait.String())
	case code == http.StatusTooManyRequests:
		return datasets.WithHint(err, tried+": run it again later")
	case code >= http.StatusInternalServerError:
		return datasets.WithHint(&encoder.BatchError{First: first, Count: count, Err: err}, tried+": see the server's log")
	}
	return datasets.WithHint(&encoder.BatchError{First: first, Count: count, Err: err}, "a prompt may be longer than the model takes")
}

// message is what the server says about its refusal, after a colon, or "". Some
// servers repeat the key in it.
func (e *Encoder) message(r *http.Response) string {
	body, err := io.ReadAll(r.Body)
	var parsed struct{ Error struct{ Message string } }
	switch {
	case err != nil || len(body) == 0:
		return ""
	case json.Unmarshal(body, &parsed) == nil && parsed.Error.Message != "":
		body = []byte(parsed.Error.Message)
	}
	if e.options.Key != "" {
		body = bytes.ReplaceAll(body, []byte(e.options.Key), []byte("(the key)"))
	}
	return fmt.Sprintf(": %q", excerpt(body))
}

// excerpt is the start of what a server wrote.
func excerpt(text []byte) string {
	const most = 300
	if len(text) <= most {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:most]), "") + "..."
}
