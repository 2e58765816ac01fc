package grading

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/routellm/routellm/datasets/finalanswer"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/modelserver"
)

// server grades by asking a server.
type server struct {
	address string
	client  *modelserver.Client
}

func newServer(kind string, o Options) (*server, error) {
	address := kind
	if rest := strings.TrimPrefix(kind, "http:"); strings.HasPrefix(rest, "http://") || strings.HasPrefix(rest, "https://") {
		address = rest
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return nil, fmt.Errorf("address %q: expected http://HOST/PATH or https://HOST/PATH", address)
	case u.User != nil: // it would appear in messages
		return nil, fmt.Errorf("address %q: expected no user and no password", u.Redacted())
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	return &server{address, &modelserver.Client{
		Header: http.Header{"Content-Type": {"application/json"}}, Timeout: o.Timeout, MaxBytes: 1 << 20, Retries: modelserver.Retries, Lost: 1,
	}}, nil
}

// Grade implements [Grader]. It posts the answer as JSON and expects {"value": x}.
func (s *server) Grade(ctx context.Context, t Task) (Grade, error) {
	body, err := json.Marshal(ask(t))
	if err != nil {
		return Grade{}, err
	}
	r, err := s.client.Do(ctx, http.MethodPost, s.address, body)
	var op *net.OpError
	switch {
	case ctx.Err() != nil:
		return Grade{}, ctx.Err()
	case errors.As(err, &op) && op.Op == "dial":
		return Grade{}, stop{fault.Wrap(modelserver.Unreachable(ctx, s.address, s.client.Timeout, err))}
	case err != nil:
		return Grade{}, modelserver.Unreachable(ctx, s.address, s.client.Timeout, err)
	case r.Status != http.StatusOK:
		return Grade{}, modelserver.Refused(s.address, "", r)
	}
	var v verdict
	if err := json.Unmarshal(r.Body, &v); err != nil || !strings.Contains(string(r.Body), `"value"`) {
		return Grade{}, fmt.Errorf(`%q answered %q, expected {"value": NUMBER}`, s.address, finalanswer.Excerpt(string(r.Body), 60))
	}
	return v.grade()
}
