// Package upstream sends requests to the two models' servers: with time limits, a
// circuit breaker for each, and a second try at the other one before the first byte.
package upstream

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sony/gobreaker/v2"
)

// Options of one upstream.
type Options struct {
	Name  string   // of the side: strong or weak
	Model string   // name that the server knows
	URL   *url.URL // base, to which /chat/completions is added
	Key   string   // sent as a bearer token; "" leaves the header as it is

	Connect, Header, Idle time.Duration

	Failures uint32 // in a row, after which the breaker opens
	Cooldown time.Duration
	Changed  func(name, state string) // told of each change of the breaker; may be nil
}

// Upstream is one model's server. It is safe for concurrent use.
type Upstream struct {
	Options
	transport *http.Transport
	breaker   *gobreaker.CircuitBreaker[*http.Response]
}

// connections is how many idle connections are kept: more than the standard library's
// two a host, which would connect anew for nearly every request under load.
const connections = 512

// idleConnection is how long a connection is kept for the next request. Servers in wide
// use (uvicorn, Node) close theirs after 5 seconds, and a request that meets the end is
// lost: whether the model has seen it is not known, so it is not sent again.
const idleConnection = 4 * time.Second

// New returns an upstream. No connection is made.
func New(o Options) *Upstream {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost, t.IdleConnTimeout = connections, connections, idleConnection
	t.DisableCompression = true // answers go through as they come
	t.DialContext = (&net.Dialer{Timeout: o.Connect, KeepAlive: 30 * time.Second}).DialContext
	t.TLSHandshakeTimeout = o.Connect
	return &Upstream{Options: o, transport: t, breaker: gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{
		Name:         o.Name,
		Timeout:      o.Cooldown,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= o.Failures },
		IsSuccessful: func(err error) bool { return err == nil || KindOf(err) == RateLimited },
		IsExcluded:   func(err error) bool { return KindOf(err) == ClientGone },
		OnStateChange: func(name string, _, to gobreaker.State) {
			if o.Changed != nil {
				o.Changed(name, to.String())
			}
		},
	})}
}

// Close drops the idle connections.
func (u *Upstream) Close() { u.transport.CloseIdleConnections() }

// Open reports whether the breaker keeps requests away now. After the cooldown it does
// while one request is on trial.
func (u *Upstream) Open() bool {
	switch u.breaker.State() {
	case gobreaker.StateOpen:
		return true
	case gobreaker.StateHalfOpen:
		c := u.breaker.Counts()
		return c.Requests > c.TotalExclusions
	}
	return false
}

// try sends a request once and waits for the answer's first byte. The answer may come
// with an error that says why it counts as a failure: a status of 429, or from 500.
func (u *Upstream) try(in *http.Request, body []byte) (*http.Response, error) {
	res, err := u.breaker.Execute(func() (*http.Response, error) { return u.send(in, body) })
	return res, breakerError(err)
}

func (u *Upstream) send(in *http.Request, body []byte) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(in.Context())
	watch := time.AfterFunc(u.Header, func() { cancel(errTimeout) })
	res, err := u.transport.RoundTrip(u.request(ctx, in, body))
	if err != nil {
		watch.Stop()
		err = classify(ctx, err, SlowHeader, Cut)
		cancel(nil)
		return nil, err
	}
	a := &answer{ReadCloser: res.Body, ctx: ctx, cancel: cancel, watch: watch, idle: u.Idle}
	if err := a.peek(); err != nil {
		a.Close()
		return nil, err
	}
	res.Body = a
	return res, statusError(res.StatusCode)
}

// request is what is sent: the client's, at this server, with this body and key.
func (u *Upstream) request(ctx context.Context, in *http.Request, body []byte) *http.Request {
	out := in.Clone(ctx)
	out.URL.Scheme, out.URL.Host, out.Host = u.URL.Scheme, u.URL.Host, u.URL.Host
	out.URL.Path, out.URL.RawPath = u.URL.Path+strings.TrimPrefix(in.URL.Path, "/v1"), ""
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	out.TransferEncoding = nil
	if u.Key != "" {
		out.Header.Set("Authorization", "Bearer "+u.Key)
	}
	return out
}
