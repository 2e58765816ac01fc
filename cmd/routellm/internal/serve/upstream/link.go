package upstream

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/sockets"
)

// link is a connection to a model's server.
type link struct {
	net.Conn
	mu     sync.Mutex
	failed time.Time // when a request on it failed last
}

// dial opens a connection, within the budget.
func (u *Upstream) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if err := u.enter(ctx); err != nil {
		return nil, err
	}
	c, err := u.dialer.DialContext(ctx, network, address)
	if err != nil {
		u.places.Leave()
		return nil, err
	}
	return &link{Conn: sockets.OnClose(c, u.places.Leave)}, nil
}

// enter waits for a place among the connections, as long as connecting may take.
func (u *Upstream) enter(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, u.Connect, sockets.ErrFull)
	defer cancel()
	if !u.places.Enter(ctx.Done()) {
		return context.Cause(ctx)
	}
	return nil
}

// fails notes that the connection broke under a request. It reports whether this is news: the
// requests that were under way when one of them failed have failed with it.
func (l *link) fails(began time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	news := began.After(l.failed)
	l.failed = time.Now()
	return news
}

// traced holds the connection that a request used last, or nil.
type traced struct {
	atomic.Pointer[link]
	large bool        // the request is too large to be on its way as a whole
	sent  atomic.Bool // all of the request was written to it
}

// buffered is the size in bytes from which on a request does not fit into the buffers on its way.
const buffered = 64 << 10

// refused reports whether a connection that broke has done so within a large request. Servers break
// it so for which the request is too large, as nginx does, and often nothing is left of their answer.
func (t *traced) refused() bool { return t.large && !t.sent.Load() }

// in returns a context in which a request reports its connection.
func (t *traced) in(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			t.Store(nil)
			t.sent.Store(false)
		},
		WroteRequest: func(i httptrace.WroteRequestInfo) { t.sent.Store(i.Err == nil) },
		GotConn:      func(i httptrace.GotConnInfo) { t.Store(linkOf(i.Conn)) },
	})
}

// linkOf returns the link below TLS.
func linkOf(c net.Conn) *link {
	for {
		wrapped, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		c = wrapped.NetConn()
	}
	l, _ := c.(*link)
	return l
}

// ErrSlow is the cause of a context that a time limit has ended.
var ErrSlow = errors.New("too slow")

// unanswered returns the failure of a request under ctx that got no answer on a connection, or
// that got none because there was no connection.
func unanswered(ctx context.Context, err error, on *link) error {
	switch {
	case context.Cause(ctx) != nil || on != nil:
		return broken(ctx, SlowHeader)
	case sockets.Exhausted(err):
		return &Failure{Kind: Local, Cause: err.Error()}
	}
	return &Failure{Kind: Refused, Cause: err.Error()}
}

// broken returns the failure of a request whose connection broke or whose ctx has ended: kind
// slow if a time limit ended it.
func broken(ctx context.Context, slow Kind) error {
	switch context.Cause(ctx) {
	case nil:
		return &Failure{Kind: Cut}
	case ErrSlow:
		return &Failure{Kind: slow}
	}
	return &Failure{Kind: ClientGone}
}
