package chat

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/routellm/routellm/internal/complaint"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/modelserver"
)

// DefaultTimeout limits one attempt unless the endpoint says otherwise.
const DefaultTimeout = 5 * time.Minute

const (
	// maxAnswer limits the bytes of an answer: 20 alternatives for each of 16,384 tokens fit.
	maxAnswer = 64 << 20
	// lost is the number of retries after an attempt that ran out of time or whose answer broke off.
	lost = 1
)

// Client asks one model. It is safe for concurrent use.
type Client struct {
	endpoint Endpoint
	protocol protocol
	url      *url.URL // address of requests
	server   modelserver.Client
	learned  learned
}

// protocol speaks to one kind of server.
type protocol interface {
	// path returns the URL of requests below the base URL.
	path(base *url.URL) *url.URL
	// header returns the fields that carry a key.
	header(host, key string) http.Header
	// body returns the body of a request in a dialect.
	body(e Endpoint, r Request, d dialect) (any, error)
	// decode reads an answer.
	decode(r modelserver.Reply) (Answer, error)
}

// New checks the endpoint. It sends no request.
func New(e Endpoint) (*Client, error) {
	e.Label = cmp.Or(e.Label, e.Model)
	if err := e.complete(); err != nil {
		return nil, fmt.Errorf("model %q: %w", e.Label, err)
	}
	if err := checkKey(e.Key); err != nil {
		return nil, fmt.Errorf("model %q: %w", e.Label, err)
	}
	if e.Timeout < 0 {
		return nil, fmt.Errorf("model %q: timeout %v: expected 0 for the default, or a positive time", e.Label, e.Timeout)
	}
	e.Timeout = cmp.Or(e.Timeout, DefaultTimeout)
	base, err := url.Parse(e.URL)
	if err != nil {
		return nil, err
	}
	c := &Client{endpoint: e, protocol: protocols[e.API]}
	c.url = c.protocol.path(base)
	c.learned.dialect = firstDialect(e.API, base.Hostname())
	c.server = modelserver.Client{
		Header: c.protocol.header(base.Hostname(), e.Key), Timeout: e.Timeout, MaxBytes: maxAnswer,
		Retries: modelserver.Retries, Lost: lost, Transport: e.Transport, Status: insideStatus, Cut: cut,
	}
	return c, nil
}

var protocols = map[API]protocol{OpenAI: openAI{}, LlamaCPP: llamaCPP{}, Anthropic: anthropic{}}

// OnPause calls f whenever the server asks for a pause, with its length, before the client waits
// so long itself. Others who ask the same server should wait too. Call it before the first Ask.
func (c *Client) OnPause(f func(time.Duration)) { c.server.Paused = f }

// Endpoint returns where the client asks, without the key.
func (c *Client) Endpoint() Endpoint {
	e := c.endpoint
	e.Key = ""
	return e
}

// Identity returns what distinguishes the answers of this endpoint from those of others, without
// the key: server, protocol and model.
func (c *Client) Identity() string {
	return fmt.Sprintf("%s\n%s\n%q", c.endpoint.API, c.endpoint.URL, c.endpoint.Model)
}

// Notes returns what the user should know about the answers, such as settings that the server does
// not have. Each note is one line.
func (c *Client) Notes() []string { return c.learned.list() }

// Ask asks the model. It retries as package modelserver says. An error that the request itself
// caused, such as a prompt that is too long, is a [*Refused]: asking again does not help. Any other
// failure is a [*Fault], except that of a cancelled context. Answer.Requests is set in any case.
func (c *Client) Ask(ctx context.Context, r Request) (Answer, error) {
	first, sent := c.learned.current(), 0
	d := first
	for {
		reply, err := c.send(ctx, r, d)
		sent += reply.Attempts
		if err != nil {
			return Answer{Requests: sent}, err
		}
		if next, ok := d.adapt(r.Settings, reply); ok {
			d = next
			continue
		}
		a, err := c.read(r, reply)
		a.Requests = sent
		if err == nil {
			c.learned.learn(first, d, r.Settings, a)
		}
		return a, err
	}
}

// send sends one request, with retries.
func (c *Client) send(ctx context.Context, r Request, d dialect) (modelserver.Reply, error) {
	body, err := c.protocol.body(c.endpoint, r, d)
	if err != nil {
		return modelserver.Reply{}, &Refused{Err: err}
	}
	encoded, err := modelserver.JSON(body)
	if err != nil {
		return modelserver.Reply{}, &Refused{Err: err}
	}
	reply, err := c.server.Do(ctx, http.MethodPost, c.url.String(), encoded)
	if err == nil {
		return reply, nil
	}
	err = modelserver.Unreachable(ctx, c.address(), c.endpoint.Timeout, err)
	if ctx.Err() == nil {
		err = &Fault{Err: err}
	}
	return reply, err
}

// secret is the number of bytes from which a key cannot be a common word. Servers that need none are
// often given one such as EMPTY, which answers may contain.
const secret = 16

// read returns the answer that a reply holds, without the key: some servers repeat what they were
// sent, and answers end up in files.
func (c *Client) read(r Request, reply modelserver.Reply) (Answer, error) {
	if key := c.endpoint.Key; len(key) >= secret {
		reply.Body = []byte(modelserver.Redact(string(reply.Body), key))
	}
	if reply.Status < 200 || reply.Status >= 300 {
		return Answer{}, c.failed(r, reply)
	}
	a, err := c.protocol.decode(reply)
	if err != nil {
		return Answer{}, c.malformed(reply, err)
	}
	a.Latency = reply.Latency.Seconds()
	return a, nil
}

// insideStatus returns the status of an error that was sent with status 200.
func insideStatus(status int, body []byte) int {
	if status != http.StatusOK {
		return status
	}
	var answer struct {
		Choices []struct{} `json:"choices"`
	}
	said, failed := complaint.Object(body)
	if !failed || json.Unmarshal(body, &answer) == nil && len(answer.Choices) > 0 {
		return status
	}
	return said.Status
}

// cut reports whether an answer is an object that is not complete.
func cut(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) && !json.Valid(body)
}

// address returns the URL of requests for messages.
func (c *Client) address() string { return c.url.Redacted() }

// malformed returns an error for an answer that arrived and cannot be used.
func (c *Client) malformed(reply modelserver.Reply, err error) error {
	err = errors.New(modelserver.Redact(err.Error(), c.endpoint.Key))
	if strings.Contains(reply.Header.Get("Content-Type"), "html") {
		err = hint.With(errors.New("it is an HTML page, expected JSON"), "check that the URL is the API's: most end in /v1")
	}
	return &Fault{Status: reply.Said, Err: fmt.Errorf("answer from %q: %w", c.address(), err)}
}
