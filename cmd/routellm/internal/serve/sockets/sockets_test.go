package sockets

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
)

func TestShare(t *testing.T) {
	for _, c := range []struct {
		files, clients int
		want           Budget
		scarce         bool
	}{
		{0, 0, Budget{}, false},
		{0, 7, Budget{Clients: 7}, false},
		{64, 0, Budget{64, 16, 16}, false},
		{1024, 0, Budget{1024, 298, 299}, false},
		{1024, 10, Budget{1024, 10, 443}, false},
		{1024, 5000, Budget{1024, 5000, 298}, true},
		{1 << 20, 0, Budget{1 << 20, 305834, 305835}, false},
		{8, 0, Budget{8, 1, 1}, true},
	} {
		got := share(c.files, c.clients, 2)
		if got != c.want || got.Scarce() != c.scarce {
			t.Errorf("%d files, %d clients: %+v, scarce %v, expected %+v", c.files, c.clients, got, got.Scarce(), c.want)
		}
	}
	if b := Share(0, 2); runtime.GOOS == "linux" && b.Files == 0 {
		t.Error("no limit of open files")
	}
}

// TestExhausted gives errors as net's Dial and Accept return them.
func TestExhausted(t *testing.T) {
	v4, v6 := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.TCPAddr{IP: net.IPv6loopback}
	dial := func(to net.Addr, err error) error {
		return fmt.Errorf("wrapped: %w", &net.OpError{Op: "dial", Net: "tcp", Addr: to, Err: os.NewSyscallError("socket", err)})
	}
	for _, e := range exhausted {
		if !Exhausted(dial(v4, e)) || !Exhausted(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "dial udp 127.0.0.1:53: socket: " + e.Error()}}) {
			t.Errorf("%v: expected a shortage", e)
		}
	}
	if !Exhausted(dial(v4, noAddress)) || Exhausted(dial(v6, noAddress)) {
		t.Error("without a free address: expected a shortage with IPv4 alone")
	}
	if !Exhausted(fmt.Errorf("dial: %w", ErrFull)) || Exhausted(errors.New("connection refused")) || Exhausted(nil) {
		t.Error("expected a shortage beyond the budget alone")
	}
}

// TestLimit expects the third of three connections to wait until one is closed.
func TestLimit(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var full atomic.Int32
	ln := Limit(inner, 2, func() { full.Add(1) })
	accepted := make(chan net.Conn)
	go func() {
		defer close(accepted)
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	for range 3 {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	first := <-accepted
	second := <-accepted
	select {
	case <-accepted:
		t.Fatal("a third connection is open")
	default:
	}
	first.Close()
	first.Close() // frees one place only
	third := <-accepted
	ln.Close()
	if c, ok := <-accepted; ok {
		t.Error("accepted", c, "after Close")
	}
	if full.Load() == 0 {
		t.Error("expected to hear that the limit is reached")
	}
	second.Close()
	third.Close()
}
