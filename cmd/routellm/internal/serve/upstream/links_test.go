package upstream

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// secure starts a server with TLS and HTTP/2 and returns an upstream that trusts it.
func secure(t *testing.T, handler http.HandlerFunc, failures uint32) (*Upstream, *httptest.Server) {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	u := newTest(t, s.URL)
	u.breaker.Failures = failures
	trust(u, s)
	return u, s
}

func trust(u *Upstream, s *httptest.Server) {
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	u.transport.TLSClientConfig = &tls.Config{RootCAs: roots}
}

// quickPings leaves a slow machine the time to answer.
var quickPings = &http.HTTP2Config{SendPingTimeout: 100 * time.Millisecond, PingTimeout: 2 * time.Second}

// TestOneEvent expects requests that die with one connection to count as one failure.
func TestOneEvent(t *testing.T) {
	asked := make(chan bool)
	u, s := secure(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("protocol %s", r.Proto)
		}
		if r.URL.Path == "/now" {
			answerOK(w, r)
			return
		}
		asked <- true
		<-r.Context().Done()
	}, 2)
	for round := range 2 {
		if res, err := send(t, u, "/v1/now"); err != nil {
			t.Fatal(err) // a first request opens the connection that the others share
		} else {
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() {
				if _, err := send(t, u, "/v1/x"); KindOf(err) != Cut {
					t.Errorf("error %v, expected %s", err, Cut)
				}
			})
		}
		for range 20 {
			<-asked
		}
		s.CloseClientConnections()
		wait.Wait()
		if u.Open() {
			t.Fatalf("20 requests have opened the breaker in round %d", round+1)
		}
	}
}

// TestResets expects requests that fail one after the other on a living connection to count each.
func TestResets(t *testing.T) {
	u, _ := secure(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 3)
	for i := range 3 {
		if u.Open() {
			t.Fatalf("open after %d failures", i)
		}
		if _, err := send(t, u, "/v1/x"); KindOf(err) != Cut {
			t.Errorf("error %v, expected %s", err, Cut)
		}
	}
	if !u.Open() {
		t.Error("three resets have not opened the breaker")
	}
}

// TestBrokenConnections has servers that break their first connection, and expects the next request
// to be answered on another one.
func TestBrokenConnections(t *testing.T) {
	for name, fault := range map[string]func(*net.TCPConn){
		"reset":       func(c *net.TCPConn) { c.SetLinger(0); c.Close() },
		"closed":      func(c *net.TCPConn) { c.Close() },
		"half-closed": func(c *net.TCPConn) { c.CloseWrite() },
		"half a header": func(c *net.TCPConn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Le")
			c.Close()
		},
		"switched": func(c *net.TCPConn) {
			io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nx")
		},
	} {
		t.Run(name, func(t *testing.T) {
			u := newTest(t, "http://"+serveRaw(t, fault))
			u.breaker.Failures = 2
			if _, err := send(t, u, "/v1/x"); KindOf(err) != Cut {
				t.Errorf("error %v, expected %s", err, Cut)
			}
			checkAnswer(t, u, "fine")
		})
	}
}

// serveRaw starts a server whose first connection does what fault says once it has a request, and
// returns its address.
func serveRaw(t *testing.T, fault func(*net.TCPConn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for n := 0; ; n++ {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			if _, err := http.ReadRequest(bufio.NewReader(c)); err != nil {
				t.Error(err)
			}
			if n == 0 {
				fault(c.(*net.TCPConn))
			} else {
				io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")
			}
		}
	}()
	return ln.Addr().String()
}

// TestSilentHandshake expects a server that accepts a connection and says nothing to count as one
// that cannot be reached, long before the limit for an answer.
func TestSilentHandshake(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	u := newTest(t, "https://"+ln.Addr().String())
	u.transport.TLSHandshakeTimeout = 200 * time.Millisecond
	if _, err := send(t, u, "/v1/x"); KindOf(err) != Refused || !strings.Contains(err.Error(), "handshake") {
		t.Errorf("error %v", err)
	}
	if !u.Open() {
		t.Error("the breaker is closed")
	}
}

// TestFrozenStream freezes a connection within an answer. HTTP/1.1 has the limit for a pause,
// HTTP/2 its pings.
func TestFrozenStream(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/stream" {
			answerOK(w, r)
			return
		}
		_, _ = io.WriteString(w, "a")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	for proto, want := range map[string]Kind{"HTTP/1.1": Idle, "HTTP/2.0": Cut} {
		t.Run(proto, func(t *testing.T) {
			s := httptest.NewUnstartedServer(http.HandlerFunc(handler))
			if s.EnableHTTP2 = proto == "HTTP/2.0"; s.EnableHTTP2 {
				s.StartTLS()
			} else {
				s.Start()
			}
			t.Cleanup(s.Close)
			u, r := behind(t, s, time.Minute)
			if s.EnableHTTP2 {
				u.transport.HTTP2 = quickPings
				trust(u, s)
			} else {
				u.Idle = 2 * time.Second
			}
			res, err := send(t, u, "/v1/stream")
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			r.Freeze()
			if _, err := io.ReadAll(res.Body); KindOf(err) != want {
				t.Errorf("error %v, expected %s", err, want)
			}
			checkAnswer(t, u, proto)
		})
	}
}

// TestBudget expects a request beyond the connections that may be open to wait as long as connecting
// may take, and then to fail without blame for the server.
func TestBudget(t *testing.T) {
	asked, let := make(chan bool), make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- true
		<-let
		answerOK(w, r)
	}))
	t.Cleanup(s.Close)
	u := newTest(t, s.URL)
	u.places, u.Connect = make(chan struct{}, 1), 100*time.Millisecond
	var wait sync.WaitGroup
	wait.Go(func() { checkAnswer(t, u, "HTTP/1.1") })
	<-asked
	for range 3 {
		if _, err := send(t, u, "/v1/x"); KindOf(err) != Local {
			t.Errorf("error %v, expected %s", err, Local)
		}
	}
	close(let)
	wait.Wait()
	if u.Open() {
		t.Error("the breaker is open")
	}
	u.Close()
	wait.Go(func() { <-asked })
	checkAnswer(t, u, "HTTP/1.1") // the place is free again
	wait.Wait()
}
