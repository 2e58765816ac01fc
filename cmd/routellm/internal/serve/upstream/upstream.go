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
	"sync/atomic"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/breaker"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/sockets"
)

// Options are the settings of an [Upstream].
type Options struct {
	Name  string   // side or, among several models, the model
	Place int      // among several models, the place in their order, from 1; 0 between two
	Model string   // model name that the server knows
	URL   *url.URL // base URL, such as https://api.openai.com/v1
	Key   string   // key of the server; "" keeps the client's credentials

	KeyHeader string // header that takes the key, in lower case; "authorization" takes it as a bearer token
	Query     string // parameters that are added to every URL

	ClientKey   bool // the key is the client's own: the client gets what the server says about it
	Connections int  // most connections; 0 for no limit

	Connect time.Duration // limit to connect
	Header  time.Duration // limit until the answer begins
	Idle    time.Duration // longest pause within an answer

	Failures uint32                                          // consecutive failures that open the circuit breaker
	Rate     float64                                         // share of failed answers, in [0,1], that opens it; 0 for none
	Volume   uint32                                          // fewest answers within the window for Rate
	Window   time.Duration                                   // the window
	Trials   uint32                                          // most requests at once after the cooldown, until one is answered
	Cooldown time.Duration                                   // time that the breaker stays open
	Trace    func(*http.Request) func(*http.Response, error) // if non-nil, called before each request; the function that it returns is called when the answer begins
	Changed  func(name, state string)                        // if non-nil, called at each change of the breaker's state
}

// Upstream is the client of one model's server. It is safe for concurrent use.
type Upstream struct {
	Options
	transport *http.Transport
	dialer    net.Dialer
	places    sockets.Places
	breaker   *breaker.Breaker
	refusal   atomic.Pointer[Refusal]
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

// maxAnswerHeader is the most bytes of an answer's headers. The standard library's ten megabytes
// take seventy of memory.
const maxAnswerHeader = 256 << 10

// New returns an upstream. It does not connect yet.
func New(o Options) *Upstream {
	b := breaker.Options{Failures: o.Failures, Rate: o.Rate, Volume: o.Volume, Window: o.Window, Trials: max(o.Trials, 1), Cooldown: o.Cooldown}
	if o.Changed != nil {
		b.Changed = func(s breaker.State) { o.Changed(o.Name, string(s)) }
	}
	u := &Upstream{Options: o, breaker: breaker.New(b), places: sockets.NewPlaces(o.Connections)}
	probe := net.KeepAliveConfig{Enable: true, Idle: probeAfter, Interval: probeEvery, Count: probes}
	u.dialer = net.Dialer{Timeout: o.Connect, KeepAliveConfig: probe}
	u.transport = u.newTransport()
	return u
}

func (u *Upstream) newTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost, t.IdleConnTimeout = connections, connections, idleConnection
	t.MaxResponseHeaderBytes = maxAnswerHeader
	t.DisableCompression = true // answers pass unchanged
	t.DialContext = u.dial
	t.TLSHandshakeTimeout = u.Connect
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingWait}
	return t
}

// Close closes the idle connections.
func (u *Upstream) Close() { u.transport.CloseIdleConnections() }

// request returns the client's request with this server's address and key and the given
// content.
func (u *Upstream) request(ctx context.Context, in *http.Request, content body.Content) *http.Request {
	out := in.Clone(ctx)
	out.URL.Scheme, out.URL.Host, out.Host = u.URL.Scheme, u.URL.Host, u.URL.Host
	out.URL.Path, out.URL.RawPath = u.URL.Path+strings.TrimPrefix(in.URL.Path, "/v1"), ""
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(content.Reader()), nil }
	out.Body, _ = out.GetBody()
	out.ContentLength = content.Len()
	if out.TransferEncoding = nil; out.ContentLength == 0 {
		out.Body, out.GetBody = http.NoBody, nil
	}
	out.URL.RawQuery = u.query(in.URL.RawQuery)
	u.authorize(out.Header)
	return out
}
