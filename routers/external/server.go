package external

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"

	"github.com/routellm/routellm/routers"
)

const (
	// batch is the largest number of prompts per request.
	batch = 256
	// retries is the number of retries after a refused connection or a status of 500
	// and above. The first follows after firstWait; each further wait is twice as
	// long.
	retries   = 3
	firstWait = time.Second / 2
	// maxBody is the largest number of bytes in an answer.
	maxBody = 64 << 20
)

// Server is a router in a program that answers POST requests. A request {"prompts":
// [{"id": ..., "prompt": ...}, ...]} has at most 256 prompts; the answer is {"scores":
// [{"id": ..., "score": ...}, ...]}.
type Server struct {
	url    string
	client *http.Client
	wait   time.Duration // wait before the first retry
}

// OpenServer returns the router of an http or https address. It sends no request.
func OpenServer(address string) (*Server, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("address %q: expected http://HOST/PATH or https://HOST/PATH", address)
	case u.User != nil: // it would appear in messages and files
		return nil, fmt.Errorf("address %q: expected no user and no password", u.Redacted())
	}
	return &Server{url: address, client: &http.Client{Timeout: patience}, wait: firstWait}, nil
}

// Needs returns the text.
func (s *Server) Needs() routers.Needs { return routers.Needs{Text: true} }

// Scores requests the prompts' scores, batch by batch. A request may take ten minutes.
func (s *Server) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	return scoresOf(ctx, s, prompts)
}

// ask requests answers batch by batch.
func (s *Server) ask(ctx context.Context, prompts []routers.Prompt, models []string, take taker) error {
	for from := 0; from < len(prompts); from += batch {
		some := prompts[from:min(from+batch, len(prompts))]
		err := s.askSome(ctx, some, models, func(i int, a answer) error { return take(from+i, a) })
		if err != nil {
			return fmt.Errorf("asking %q about %s: %w", s.url, span(some), err)
		}
	}
	return nil
}

// askSome posts one batch, and retries if that may help.
func (s *Server) askSome(ctx context.Context, prompts []routers.Prompt, models []string, take taker) error {
	var body struct {
		Models  []string   `json:"models,omitempty"`
		Prompts []question `json:"prompts"`
	}
	body.Models = models
	for _, p := range prompts {
		body.Prompts = append(body.Prompts, question{ID: p.ID, Prompt: p.Text})
	}
	asked, err := json.Marshal(body)
	if err != nil {
		return err
	}
	for try, wait := 0, s.wait; ; try, wait = try+1, 2*wait {
		answer, err := s.post(ctx, asked)
		if err == nil {
			return readScores(answer, prompts, models, take)
		}
		var again *retryable
		if !errors.As(err, &again) {
			return err
		}
		if try == retries {
			return hint.With(err, fmt.Sprintf("tried %s", text.Plural(try+1, "time")))
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// retryable is an error after which the same request may succeed.
type retryable struct{ error }

// Unwrap returns the cause.
func (r *retryable) Unwrap() error { return r.error }

// post returns the server's answer to one request.
func (s *Server) post(ctx context.Context, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, s.unanswered(ctx, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, s.unanswered(ctx, err)
	case resp.StatusCode >= http.StatusInternalServerError:
		return nil, &retryable{fmt.Errorf("answered %s: %q", resp.Status, excerpt(answer))}
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("answered %s: %q", resp.Status, excerpt(answer))
	case len(answer) > maxBody:
		return nil, fmt.Errorf("the answer is longer than %d bytes", maxBody)
	}
	return answer, nil
}

// unanswered returns an error for an answer that did not arrive completely.
func (s *Server) unanswered(ctx context.Context, err error) error {
	var op *net.OpError
	var dns *net.DNSError
	var slow net.Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &slow) && slow.Timeout():
		return fmt.Errorf("no answer within %v", s.client.Timeout)
	case errors.As(err, &op) && op.Op == "dial" && !errors.As(err, &dns):
		return hint.With(&retryable{op}, "is the server running, and is the address right?")
	}
	var address *url.Error
	if errors.As(err, &address) { // the address is already in the message
		err = address.Err
	}
	return fmt.Errorf("no complete answer: %w", err)
}

// readScores decodes an answer.
func readScores(reply []byte, prompts []routers.Prompt, models []string, take taker) error {
	var body struct {
		Scores []answer `json:"scores"`
	}
	if err := decode(reply, &body, `{"scores": [`+formOf(models)+`, ...]}`); err != nil {
		if i, own := scoreError(reply, models); own != nil && i < len(prompts) {
			return atSample(prompts[i], own)
		}
		return err
	}
	for i, p := range prompts {
		if i == len(body.Scores) {
			return atSample(p, fmt.Errorf("only %s for %s", text.Plural(i, "score"), text.Plural(len(prompts), "prompt")))
		}
		err := body.Scores[i].check(p.ID)
		if err == nil {
			err = take(i, body.Scores[i])
		}
		if err != nil {
			return atSample(p, err)
		}
	}
	if len(body.Scores) > len(prompts) {
		return fmt.Errorf("after the last sample, %q: %s for %s",
			prompts[len(prompts)-1].ID, text.Plural(len(body.Scores), "score"), text.Plural(len(prompts), "prompt"))
	}
	return nil
}

// scoreError returns the position and error of the first score that cannot be decoded, so
// that the message does not blame the whole answer. err is nil if no score is at fault.
func scoreError(reply []byte, models []string) (i int, err error) {
	d := json.NewDecoder(bytes.NewReader(reply))
	if !findScores(d) {
		return 0, nil
	}
	for ; d.More(); i++ {
		start := d.InputOffset()
		var a answer
		if d.Decode(&a) != nil {
			one := bytes.TrimLeft(reply[start:], ", \t\r\n")
			if end := bytes.IndexByte(one, '}'); end >= 0 {
				one = one[:end+1]
			}
			return i, decode(one, &a, formOf(models))
		}
	}
	return 0, nil
}

// findScores advances to the first score and reports whether there is a list of scores.
func findScores(d *json.Decoder) bool {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	for d.More() {
		key, err := d.Token()
		if name, ok := key.(string); err != nil || ok && strings.EqualFold(name, "scores") {
			t, err := d.Token()
			return err == nil && t == json.Delim('[')
		}
		var other json.RawMessage
		if d.Decode(&other) != nil {
			return false
		}
	}
	return false
}

// span names the prompts of a request, at least one.
func span(prompts []routers.Prompt) string {
	if len(prompts) == 1 {
		return fmt.Sprintf("sample %q", prompts[0].ID)
	}
	return fmt.Sprintf("samples %q to %q", prompts[0].ID, prompts[len(prompts)-1].ID)
}
