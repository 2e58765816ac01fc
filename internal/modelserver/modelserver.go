// Package modelserver is shared by all packages that ask a model server: requests with retries
// ([Client]), errors with hints, and keys.
package modelserver

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/routellm/routellm/internal/complaint"
	"github.com/routellm/routellm/internal/hint"
)

// Unreachable returns an error for an answer that did not arrive completely, from that of
// [Client.Do].
func Unreachable(ctx context.Context, address string, timeout time.Duration, err error) error {
	var op *net.OpError
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // without the address, which the message has
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("asking %q: %w", address, ctx.Err())
	case errors.Is(err, errTooLarge):
		return fmt.Errorf("the answer from %q %w", address, err)
	case errors.Is(err, context.DeadlineExceeded):
		return hint.With(fmt.Errorf("no answer from %q within %v", address, timeout), "the server may be overloaded: run it again later")
	case errors.As(err, &op) && op.Op == "dial":
		return hint.With(fmt.Errorf("no connection to %q: %w", address, op), "is the server running, and is its address right?")
	case certificate(err):
		return hint.With(fmt.Errorf("no secure connection to %q: %w", address, err), "this machine must trust the server's certificate: SSL_CERT_FILE names a file of such")
	case !errors.As(err, new(brokenOff)):
		return hint.With(fmt.Errorf("no answer from %q: %w", address, err), "is its address right, with http or https as the server speaks?", "or run it again")
	}
	return hint.With(fmt.Errorf("the answer from %q broke off: %w", address, err), "run it again")
}

// certificate reports whether a connection failed because the server's certificate is not trusted.
func certificate(err error) bool { return errors.As(err, new(*tls.CertificateVerificationError)) }

// Refused returns an error, without hints, for an answer with an error status. Some
// servers repeat the key in their message; Refused removes it.
func Refused(address, key string, r Reply) error {
	said := status(r.Status)
	if r.Said == http.StatusOK {
		said = "200 OK with the error " + said
	}
	return fmt.Errorf("%q answered %s%s", address, said, message(r.Body, key))
}

// status returns a status with its words, such as 404 Not Found.
func status(code int) string { return strings.TrimSpace(fmt.Sprint(code, " ", http.StatusText(code))) }

// Hints returns advice for a status that needs the same advice from every caller, else
// nil. model is the requested model, and key the name of what holds the key.
func Hints(r Reply, model, key string) []string {
	switch code := r.Status; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return []string{"check " + key + ": the key is missing, wrong or not for this model"}
	case code == http.StatusNotFound:
		return []string{fmt.Sprintf("check that the server has the model %q", model), "most addresses end in /v1"}
	case code == http.StatusTooManyRequests && complaint.Read(r.Body).OutOfQuota():
		return []string{"the account has no credit left: waiting does not help"}
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
func message(body []byte, key string) string {
	text := string(body)
	var parsed struct{ Error struct{ Message string } }
	switch {
	case text == "":
		return ""
	case json.Unmarshal(body, &parsed) == nil && parsed.Error.Message != "":
		text = parsed.Error.Message
	}
	return fmt.Sprintf(": %q", Excerpt([]byte(Redact(text, key))))
}

// Excerpt returns the start of a server's output.
func Excerpt(text []byte) string {
	const most = 300
	if len(text) <= most {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:most]), "") + "..."
}
