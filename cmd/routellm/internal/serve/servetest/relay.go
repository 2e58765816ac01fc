// Package servetest has what the tests of serve and of its packages share: [Do] sends a request, a
// [Relay] breaks connections, and [Cascade] trains a cascade.
package servetest

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Relay passes bytes between clients and a server. It can stop doing so and still accept bytes, as
// some load balancers do that have forgotten a connection.
type Relay struct {
	net.Listener
	to string

	mu    sync.Mutex
	alive *atomic.Bool // whether the connections made since the last stop pass bytes
}

// NewRelay starts a relay to a server's HOST:PORT, for one test.
func NewRelay(t testing.TB, to string) *Relay {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Relay{Listener: ln, to: to, alive: new(atomic.Bool)}
	r.alive.Store(true)
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { in.Close() })
			go r.pass(in)
		}
	}()
	return r
}

// Freeze stops the connections that there are. New ones work.
func (r *Relay) Freeze() { r.stop(true) }

// Mute stops the connections that there are and those to come.
func (r *Relay) Mute() { r.stop(false) }

// stop stops the connections that there are, and says whether new ones work.
func (r *Relay) stop(next bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alive.Store(false)
	r.alive = new(atomic.Bool)
	r.alive.Store(next)
}

func (r *Relay) pass(in net.Conn) {
	r.mu.Lock()
	alive := r.alive
	r.mu.Unlock()
	out, err := net.Dial("tcp", r.to)
	if err != nil {
		in.Close()
		return
	}
	go copyWhile(alive, in, out)
	copyWhile(alive, out, in)
}

func copyWhile(alive *atomic.Bool, to, from net.Conn) {
	part := make([]byte, 4096)
	for {
		n, err := from.Read(part)
		if alive.Load() {
			_, _ = to.Write(part[:n])
		}
		if err != nil {
			to.Close()
			return
		}
	}
}
