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
	if err := checkText(prompts); err != nil {
		return nil, err
	}
	scores := make([]float64, 0, len(prompts))
	for len(scores) < len(prompts) {
		some := prompts[len(scores):min(len(scores)+batch, len(prompts))]
		got, err := s.ask(ctx, some)
		if err != nil {
			return nil, fmt.Errorf("asking %q about %s: %w", s.url, span(some), err)
		}
		scores = append(scores, got...)
	}
	return scores, nil
}

// ask posts one batch, and retries if that may help.
func (s *Server) ask(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	var body struct {
		Prompts []question `json:"prompts"`
	}
	for _, p := range prompts {
		body.Prompts = append(body.Prompts, question{p.ID, p.Text})
	}
	asked, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	for try, wait := 0, s.wait; ; try, wait = try+1, 2*wait {
		answer, err := s.post(ctx, asked)
		if err == nil {
			return readScores(answer, prompts)
		}
		var again *retryable
		if !errors.As(err, &again) {
			return nil, err
		}
		if try == retries {
			return nil, hint.With(err, fmt.Sprintf("tried %s", text.Plural(try+1, "time")))
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, ctx.Err()
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
func readScores(reply []byte, prompts []routers.Prompt) ([]float64, error) {
	var body struct {
		Scores []answer `json:"scores"`
	}
	if err := decode(reply, &body, `{"scores": [{"id": TEXT, "score": NUMBER}, ...]}`); err != nil {
		if i, own := scoreError(reply); own != nil && i < len(prompts) {
			return nil, atSample(prompts[i], own)
		}
		return nil, err
	}
	scores := make([]float64, len(prompts))
	for i, p := range prompts {
		if i == len(body.Scores) {
			return nil, atSample(p, fmt.Errorf("only %s for %s", text.Plural(i, "score"), text.Plural(len(prompts), "prompt")))
		}
		var err error
		if scores[i], err = body.Scores[i].score(p.ID); err != nil {
			return nil, atSample(p, err)
		}
	}
	if len(body.Scores) > len(prompts) {
		return nil, fmt.Errorf("after the last sample, %q: %s for %s",
			prompts[len(prompts)-1].ID, text.Plural(len(body.Scores), "score"), text.Plural(len(prompts), "prompt"))
	}
	return scores, nil
}

// scoreError returns the position and error of the first score that cannot be decoded, so
// that the message does not blame the whole answer. err is nil if no score is at fault.
func scoreError(reply []byte) (i int, err error) {
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
			return i, decode(one, &a, `{"id": TEXT, "score": NUMBER}`)
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
