package sockets

import (
	"errors"
	"net"
	"sync"
	"time"
)

// Limit returns a listener that has at most n connections open; further ones wait until one is
// closed. It calls full, from the goroutine of Accept, when there are n, and when this machine has
// no file left for one. If n is 0, there is no limit.
func Limit(ln net.Listener, n int, full func()) net.Listener {
	return &listener{Listener: ln, full: full, places: NewPlaces(n), closed: make(chan struct{})}
}

type listener struct {
	net.Listener
	full   func()
	places Places

	once   sync.Once
	closed chan struct{}
}

// pause is the time before another try to accept a connection that there was no file for.
const pause = 50 * time.Millisecond

// Accept waits for a place and then for a connection.
func (l *listener) Accept() (net.Conn, error) {
	if !l.enter() {
		return nil, net.ErrClosed
	}
	for {
		c, err := l.Listener.Accept()
		if err == nil {
			return OnClose(c, l.places.Leave), nil
		}
		if !Exhausted(err) {
			l.places.Leave()
			return nil, err
		}
		l.full()
		select {
		case <-l.closed:
		case <-time.After(pause):
		}
	}
}

// enter takes a place. It returns false if the listener is closed before there is one.
func (l *listener) enter() bool {
	if l.places.Try() {
		return true
	}
	l.full()
	return l.places.Enter(l.closed)
}

// Close closes the listener; the connections stay open.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// OnClose returns a connection that calls a function once, when it is closed.
func OnClose(c net.Conn, call func()) net.Conn { return &conn{Conn: c, leave: call} }

type conn struct {
	net.Conn
	once  sync.Once
	leave func()
}

// Close closes the connection.
func (c *conn) Close() error {
	err := c.Conn.Close()
	c.once.Do(c.leave)
	return err
}

// CloseWrite ends the sending half. With it [net/http.Server] lets a client read an answer that it
// gets before its request has been read.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}
