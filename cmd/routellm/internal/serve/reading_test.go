package serve

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func zipped(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// encoded sends a request with a Content-Encoding.
func (p *proxied) encoded(t testing.TB, encoding, request string) (*http.Response, string) {
	t.Helper()
	return p.do(t, "POST", "/v1/chat/completions", request, "Content-Encoding: "+encoding)
}

// TestCompressed expects a compressed request to be routed, and sent on as it was before.
func TestCompressed(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { s.MaxBody = 10_000 })
	plain := chat("routellm", hard)
	if res, answer := p.encoded(t, "gzip", zipped(t, plain)); res.StatusCode != 200 || answer != completion {
		t.Fatalf("status %d, %s", res.StatusCode, answer)
	}
	r, got := f.last(t)
	if got != strings.Replace(plain, "routellm", "big", 1) || r.Header.Get("Content-Encoding") != "" || r.ContentLength != int64(len(got)) {
		t.Errorf("the model got %s, %v", got, r.Header)
	}
	for _, c := range []struct {
		encoding, request string
		status            int
		code              string
	}{
		{"gzip", zipped(t, chat("routellm", strings.Repeat("x", 10_000))), 413, "request_too_large"},
		{"gzip", plain, 400, "invalid_body"},
		{"gzip", zipped(t, plain)[:60], 400, "invalid_body"},
		{"br", plain, 415, "unsupported_encoding"},
		{"gzip, gzip", zipped(t, zipped(t, plain)), 415, "unsupported_encoding"},
	} {
		res, answer := p.encoded(t, c.encoding, c.request)
		if res.StatusCode != c.status || !strings.Contains(answer, `"code":"`+c.code+`"`) || (c.status == 415) != (res.Header.Get("Accept-Encoding") == "gzip") {
			t.Errorf("%s, %.20q: status %d, %v, %s", c.encoding, c.request, res.StatusCode, res.Header, answer)
		}
	}
	if f.count() != 1 {
		t.Errorf("the model got %d requests", f.count())
	}
	p.metric(t, "body_bytes", 0)
}

// TestMaxBodies holds a request in the model's server, so that another finds no room.
func TestMaxBodies(t *testing.T) {
	f, asked, let := held(t)
	p := start(t, f.URL, f.URL, func(s *Settings) { s.MaxBody, s.MaxBodies = 1000, 1000 })
	under := make(chan error)
	long := chat("routellm", easy+strings.Repeat(" ", 800))
	go func() {
		_, err := ask(t, p.URL, easy+strings.Repeat(" ", 800))
		under <- err
	}()
	<-asked
	p.metric(t, "body_bytes", float64(len(long)))
	for range 2 {
		res, answer, err := p.post(t, "/v1/route", long)
		if err != nil || res.StatusCode != 503 || !strings.Contains(answer, `"code":"too_many_bodies"`) || res.Header.Get("Retry-After") == "" {
			t.Errorf("%v, status %d, %s", err, res.StatusCode, answer)
		}
	}
	p.metric(t, "bodies_full_total", 2)
	p.metric(t, `rejected_total{status="503"}`, 2)
	let <- true
	if err := <-under; err != nil {
		t.Error(err)
	}
	p.metric(t, "body_bytes", 0)
	if res, answer, _ := p.post(t, "/v1/route", long); res.StatusCode != 200 {
		t.Errorf("afterwards: status %d, %s", res.StatusCode, answer)
	}
}

// TestBodiesReleased sends right and wrong requests to every address and expects that no byte of
// them stays counted.
func TestBodiesReleased(t *testing.T) {
	f := newFake(t, cuts)
	p := start(t, f.URL, f.URL, nil)
	for _, path := range []string{"/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/route", "/v1/messages", "/v1/embeddings", "/v1/moderations", "/v1/feedback"} {
		for _, request := range []string{chat("routellm", easy), chat("none", easy), `{"model": "routellm", "prompt": "x", "input": "x"}`, `{"a`, ""} {
			if res, err := p.Client().Post(p.URL+path, "application/json", strings.NewReader(request)); err == nil {
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
		}
	}
	p.metric(t, "body_bytes", 0)
}

// TestBrokenChunks expects wrong chunks to be the client's fault.
func TestBrokenChunks(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, nil)
	for _, chunks := range []string{"zz\r\n{}\r\n0\r\n\r\n", "5\r\n{}\r\n0\r\n\r\n", "ffffffffffffffffff\r\n{}"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || res.StatusCode != 400 {
			t.Errorf("%q: %v, %v", chunks, res, err)
		}
	}
}
