// Package upstream sends requests to the models' servers, with time limits, a circuit
// breaker per server, and a fallback to the next server before the first byte.
//
// Call [New] for each [Upstream], then [Set.Send]. Errors are a [*Failure]; [KindOf]
// returns their [Kind].
package upstream

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
)

// Options are the settings of an [Upstream].
type Options struct {
	Name  string   // side: strong or weak
	Model string   // model name that the server knows
	URL   *url.URL // base URL, such as https://api.openai.com/v1
	Key   string   // key of the server; "" keeps the client's credentials

	KeyHeader string // header that takes the key, in lower case; "authorization" takes it as a bearer token
	Query     string // parameters that are added to every URL

	Connect time.Duration // limit to connect
	Header  time.Duration // limit until the answer begins
	Idle    time.Duration // longest pause within an answer

	Failures uint32                   // consecutive failures that open the circuit breaker
	Rate     float64                  // share of answers with status 500, in (0,1], that opens it
	Volume   uint32                   // fewest answers within the window for Rate
	Window   time.Duration            // the window
	Trials   uint32                   // most requests at once after the cooldown, until one is answered
	Cooldown time.Duration            // time that the breaker stays open
	Changed  func(name, state string) // if non-nil, called at each change of the breaker's state
}

// Upstream is the client of one model's server. It is safe for concurrent use.
type Upstream struct {
	Options
	transport *http.Transport
	breaker   *gobreaker.CircuitBreaker[*http.Response]
}

// connections is the number of idle connections to keep. The standard library keeps two
// per host, which under load means a new connection for nearly every request.
const connections = 512

// idleConnection is how long an idle connection is kept. Common servers (uvicorn, Node)
// close theirs after 5 seconds. A request sent on a connection that is being closed fails,
// and cannot be sent again, as the model may have seen it.
const idleConnection = 4 * time.Second

// Without these, a connection that has died without a word, behind a NAT or a load balancer
// that forgot it, would be used until a request times out, and with HTTP/2 for all requests.
const (
	// pingAfter is the time that an HTTP/2 connection may be silent before it is asked for a sign
	// of life, and pingWait the time that the sign may take.
	pingAfter, pingWait = 10 * time.Second, 5 * time.Second
	// probeAfter, probeEvery and probes say the same of TCP, which is all that HTTP/1.1 has:
	// 25 seconds. They find a path that is dead, but not a program or a relay that hangs.
	probeAfter, probeEvery, probes = 10 * time.Second, 5 * time.Second, 3
)

// New returns an upstream. It does not connect yet.
func New(o Options) *Upstream {
	return &Upstream{Options: o, transport: newTransport(o), breaker: gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{
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

func newTransport(o Options) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost, t.IdleConnTimeout = connections, connections, idleConnection
	t.DisableCompression = true // answers pass unchanged
	probe := net.KeepAliveConfig{Enable: true, Idle: probeAfter, Interval: probeEvery, Count: probes}
	t.DialContext = (&net.Dialer{Timeout: o.Connect, KeepAliveConfig: probe}).DialContext
	t.TLSHandshakeTimeout = o.Connect
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingWait}
	return t
}

// Close closes the idle connections.
func (u *Upstream) Close() { u.transport.CloseIdleConnections() }

// Open reports whether the circuit breaker keeps requests away now. After the cooldown
// one request is let through on trial, and Open is true until it ends.
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

// try sends a request once and waits for the answer's first byte. For status 429 and for
// 500 and above it returns both the answer and a *Failure.
func (u *Upstream) try(in *http.Request, content body.Content) (*http.Response, error) {
	res, err := u.breaker.Execute(func() (*http.Response, error) { return u.send(in, content) })
	return res, breakerError(err)
}

func (u *Upstream) send(in *http.Request, content body.Content) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(in.Context())
	watch := time.AfterFunc(u.Header, func() { cancel(errTimeout) })
	res, err := u.transport.RoundTrip(u.request(ctx, in, content))
	if err != nil {
		watch.Stop()
		err = classify(ctx, err, SlowHeader, Cut)
		cancel(nil)
		u.distrust(err)
		return nil, err
	}
	a := &answer{ReadCloser: res.Body, ctx: ctx, cancel: cancel, watch: watch, idle: u.Idle}
	if err := a.peek(); err != nil {
		a.Close()
		u.distrust(err)
		return nil, err
	}
	res.Body = a
	return res, statusError(res.StatusCode)
}

// distrust closes the idle connections if one has just failed: what killed it, such as a restart
// on the way, may have killed them all, and each would cost another request.
func (u *Upstream) distrust(err error) {
	switch KindOf(err) {
	case SlowHeader, Idle, Cut:
		u.Close()
	}
}

// request returns the client's request with this server's address and key and the given
// content.
func (u *Upstream) request(ctx context.Context, in *http.Request, content body.Content) *http.Request {
	out := in.Clone(ctx)
	out.URL.Scheme, out.URL.Host, out.Host = u.URL.Scheme, u.URL.Host, u.URL.Host
	out.URL.Path, out.URL.RawPath = u.URL.Path+strings.TrimPrefix(in.URL.Path, "/v1"), ""
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(content.Reader()), nil }
	out.Body, _ = out.GetBody()
	out.ContentLength = content.Len()
	out.TransferEncoding = nil
	out.URL.RawQuery = u.query(in.URL.RawQuery)
	u.authorize(out.Header)
	return out
}
