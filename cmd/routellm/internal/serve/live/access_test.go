package live

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// modelsAt returns the flags for a program in front of two models at one address.
func modelsAt(at string, flags ...string) []string {
	return append([]string{"--router", "length", "--threshold", "30", "--strong", "big@" + at + "/v1", "--weak", "small@" + at + "/v1"}, flags...)
}

// sublet is a request of 87 bytes.
const sublet = `{"model": "routellm", "messages": [{"role": "user", "content": "may a tenant sublet"}]}`

// send writes bytes to the program as they are, ends its side of the connection if end is set,
// and returns the first answer.
func (p *program) send(t *testing.T, text string, end bool) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(strings.TrimPrefix(p.url, "http://"), "https://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	if end {
		_ = conn.(*net.TCPConn).CloseWrite()
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.60q: %v", text, err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	return res, string(raw)
}

// do sends a request with headers, as NAME: VALUE.
func do(t *testing.T, client *http.Client, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, ok := strings.Cut(h, ": ")
		if !ok {
			continue
		}
		if name == "Host" {
			r.Host = value
		}
		r.Header.Set(name, value)
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(raw)
}

// reload sends SIGHUP and waits until the program says the line once more.
func (p *program) reload(t *testing.T, line string) {
	t.Helper()
	before := strings.Count(p.output(), line)
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for range 3000 {
		if strings.Count(p.output(), line) > before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the program does not say %s:\n%s", line, p.output())
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// seen keeps what a model's server gets.
type seen struct {
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func (s *seen) answer(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.requests, s.bodies = append(s.requests, r), append(s.bodies, string(raw))
	s.mu.Unlock()
	w.Header().Set("Access-Control-Allow-Origin", "https://of-the-model.example")
	answers(w, r)
}

func (s *seen) last(t *testing.T) *http.Request {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == 0 {
		t.Fatal("the model got no request")
	}
	return s.requests[len(s.requests)-1]
}

func (s *seen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// TestTLS serves with a certificate of an authority of its own, and replaces it while it runs.
func TestTLS(t *testing.T) {
	needLive(t)
	s := upstream(t, answers)
	a := newAuthority(t)
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	a.issue(t, 1, cert, key)
	p := serve(t, nil, modelsAt(s.URL, "--tls-cert", cert, "--tls-key", key)...)
	serial := func() int64 {
		client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: a.pool}}}
		defer client.CloseIdleConnections()
		res, answer := do(t, client, "POST", p.url+"/v1/chat/completions", sublet)
		if res.StatusCode != 200 || res.Proto != "HTTP/2.0" {
			t.Errorf("%s, status %d, %s", res.Proto, res.StatusCode, answer)
		}
		return res.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	if got := serial(); !strings.HasPrefix(p.url, "https://") || got != 1 {
		t.Errorf("%s, certificate %d", p.url, got)
	}
	if res, answer := p.send(t, "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", false); res.StatusCode != 400 {
		t.Errorf("without TLS: status %d, %s", res.StatusCode, answer)
	}
	for range 20 { // as load balancers look whether a server lives
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "https://"))
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	old := &tls.Config{RootCAs: a.pool, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if conn, err := tls.Dial("tcp", strings.TrimPrefix(p.url, "https://"), old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}

	a.issue(t, 2, cert, key)
	p.reload(t, "msg=reloaded")
	if got := serial(); got != 2 {
		t.Errorf("certificate %d after a reload", got)
	}
	a.issue(t, 3, cert, filepath.Join(dir, "other.key")) // the certificate of another key
	p.reload(t, `msg="not reloaded: the old settings stay in force" error="--tls-cert: `)
	write(t, cert, "nonsense")
	p.reload(t, `msg="not reloaded: the old settings stay in force" error="--tls-cert: `)
	if got := serial(); got != 2 {
		t.Errorf("certificate %d after two wrong ones", got)
	}
	if n := strings.Count(p.output(), "TLS handshake error"); n != 1 {
		t.Errorf("%d lines about handshakes:\n%s", n, p.output())
	}
}

// TestKeyFiles swaps the links of secrets, as Kubernetes does, and reloads.
func TestKeyFiles(t *testing.T) {
	needLive(t)
	var got seen
	s := upstream(t, got.answer)
	dir := t.TempDir()
	put := func(version, model, clients string) {
		if err := os.Mkdir(filepath.Join(dir, version), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, version, "model"), model)
		write(t, filepath.Join(dir, version, "clients"), clients)
		if err := os.Symlink(version, filepath.Join(dir, "next")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, "next"), filepath.Join(dir, "now")); err != nil {
			t.Fatal(err)
		}
	}
	put("1", "model-key-1\n", "# keys\nteam-a client-key-1\nclient-key-2\n")
	p := serve(t, nil, modelsAt(s.URL, "--weak-key-file", filepath.Join(dir, "now", "model"), "--api-key-file", filepath.Join(dir, "now", "clients"))...)
	ask := func(header string) int {
		res, _ := do(t, http.DefaultClient, "POST", p.url+"/v1/chat/completions?key=client-key-1&beta=true", sublet, header, "Openai-Organization: org-1", "X-Goog-Api-Key: client-key-1", "X-Amz-Security-Token: x", "Cookie: c=client-key-1")
		if challenge := res.Header.Get("WWW-Authenticate"); strings.HasPrefix(challenge, "Bearer ") != (res.StatusCode == 401) {
			t.Errorf("status %d, WWW-Authenticate %q", res.StatusCode, challenge)
		}
		return res.StatusCode
	}
	for header, want := range map[string]int{
		"Authorization: Bearer client-key-1": 200, "X-Api-Key: client-key-2": 200, "Api-Key: client-key-1": 200,
		"Authorization: Bearer team-a": 401, "Authorization: Bearer client-key-3": 401, "X-Other: client-key-1": 401, "X-Goog-Api-Key: client-key-1": 401,
	} {
		if status := ask(header); status != want {
			t.Errorf("%s: status %d, expected %d", header, status, want)
		}
	}
	checkKey := func(want string) {
		t.Helper()
		r := got.last(t)
		if all := fmt.Sprint(r.Header, r.URL); r.Header.Get("Authorization") != "Bearer "+want || strings.Contains(all, "client-key") || strings.Contains(all, "org-1") || r.URL.RawQuery != "beta=true" {
			t.Errorf("the model got %s, expected the key %s", all, want)
		}
	}
	checkKey("model-key-1")

	put("2", "model-key-2\r\n", "client-key-3")
	p.reload(t, "msg=reloaded")
	if a, b := ask("Authorization: Bearer client-key-1"), ask("X-Api-Key: client-key-3"); a != 401 || b != 200 {
		t.Errorf("after the swap: status %d for the old key, %d for the new one", a, b)
	}
	checkKey("model-key-2")

	put("3", "\n", "client-key-4") // no key for the model
	p.reload(t, "msg=\"not reloaded: the old settings stay in force\"")
	if a, b := ask("X-Api-Key: client-key-3"), ask("X-Api-Key: client-key-4"); a != 200 || b != 401 {
		t.Errorf("after a wrong swap: status %d for the old key, %d for the new one", a, b)
	}
	if said := p.output(); strings.Contains(said, "client-key") || strings.Contains(said, "model-key") {
		t.Errorf("the program names a key:\n%s", said)
	}
}

// TestMetricsListener expects the metrics at their own address only.
func TestMetricsListener(t *testing.T) {
	needLive(t)
	s := upstream(t, answers)
	clients, scrapers := filepath.Join(t.TempDir(), "clients"), filepath.Join(t.TempDir(), "scrapers")
	write(t, clients, "client-key")
	write(t, scrapers, "scrape-key\n")
	for _, keyed := range []bool{false, true} {
		flags := []string{"--api-key-file", clients, "--metrics-listen", "127.0.0.1:0"}
		if keyed {
			flags = append(flags, "--metrics-key-file", scrapers)
		}
		p := serve(t, nil, modelsAt(s.URL, flags...)...)
		_, at, _ := strings.Cut(p.output(), `msg="listening for metrics" address=`)
		at, _, _ = strings.Cut(at, "\n")
		for _, c := range []struct {
			url, header string
			want        int
		}{
			{p.url + "/metrics", "X-Api-Key: client-key", 404},
			{p.url + "/metrics", "X-Api-Key: scrape-key", 404},
			{p.url + "/v1/models", "X-Api-Key: scrape-key", 401},
			{p.url + "/health", "", 200},
			{at + "/metrics", "Authorization: Bearer scrape-key", 200},
			{at + "/metrics", "", map[bool]int{false: 200, true: 401}[keyed]},
			{at + "/metrics", "X-Api-Key: client-key", map[bool]int{false: 200, true: 401}[keyed]},
			{at + "/health", "Host: 10.1.2.3:9090", 200},
			{at + "/ready", "", 200},
			{at + "/v1/models", "X-Api-Key: client-key", 404},
		} {
			res, answer := do(t, http.DefaultClient, "GET", c.url, "", c.header)
			if res.StatusCode != c.want {
				t.Errorf("keyed %v, %s, %q: status %d, expected %d: %.80s", keyed, c.url, c.header, res.StatusCode, c.want, answer)
			}
			if strings.HasSuffix(c.url, "/metrics") && c.want == 200 && !strings.Contains(answer, "routellm_in_flight") {
				t.Errorf("%s: %.80s", c.url, answer)
			}
		}
		if res, _ := do(t, http.DefaultClient, "POST", at+"/v1/chat/completions", sublet, "X-Api-Key: client-key"); res.StatusCode != 404 {
			t.Errorf("a request at the address of the metrics: status %d", res.StatusCode)
		}
	}
}

// TestRebinding asks under other names, as pages do whose name points at this machine.
func TestRebinding(t *testing.T) {
	needLive(t)
	var got seen
	s := upstream(t, got.answer)
	p := serve(t, nil, modelsAt(s.URL, "--allowed-hosts", "gateway.example")...)
	const length = "Content-Length: 87\r\n"
	for host, ok := range map[string]bool{
		"localhost": true, "127.0.0.1:6060": true, "[::1]:1": true, "Gateway.Example.:80": true, "LOCALHOST.": true,
		"evil.example": false, "localhost.evil.example": false, "127.0.0.1.nip.io": false, "0x7f.1": false, "2130706433": false, "0.0.0.0": false, "192.168.0.1": false, "": false,
	} {
		for request, want := range map[string]int{
			"GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-Host: localhost\r\n\r\n":                    403,
			"GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n":                                                     403,
			"POST /v1/chat/completions HTTP/1.1\r\nHost: " + host + "\r\n" + length + "\r\n" + sublet:                 403,
			"POST http://" + host + "/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n" + length + "\r\n" + sublet: 403,
			"GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n":                                                      200,
		} {
			if ok {
				want = 200
			}
			if host == "" && strings.HasPrefix(request, "POST http") {
				continue // no URL
			}
			if res, answer := p.send(t, request, false); res.StatusCode != want {
				t.Errorf("%.80q: status %d, expected %d, %.80s", request, res.StatusCode, want, answer)
			}
		}
	}
	if got := got.count(); got != 10 {
		t.Errorf("the model got %d requests, expected 10", got)
	}
}

// TestMalformedBodies sends bodies that end early, come in wrong chunks, or never come.
func TestMalformedBodies(t *testing.T) {
	needLive(t)
	var got seen
	s := upstream(t, got.answer)
	p := serve(t, nil, modelsAt(s.URL, "--client-timeout", "2s")...)
	const head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	const chunked = head + "Transfer-Encoding: chunked\r\n\r\n"
	for name, c := range map[string]struct {
		text string
		end  bool
		want int
	}{
		"no size":               {chunked + "zz\r\n{}\r\n0\r\n\r\n", false, 400},
		"size of 20 digits":     {chunked + "fffffffffffffffffff\r\n{}\r\n0\r\n\r\n", false, 400},
		"negative size":         {chunked + "-2\r\n{}\r\n0\r\n\r\n", false, 400},
		"longer than it says":   {chunked + "1\r\n{}\r\n0\r\n\r\n", false, 400},
		"chunks cut short":      {chunked + "57\r\n{\"model\"", true, 400},
		"no last chunk":         {chunked + "57\r\n" + sublet + "\r\n", true, 400},
		"length cut short":      {head + "Content-Length: 87\r\n\r\n{\"model\"", true, 400},
		"nothing of the length": {head + "Content-Length: 87\r\n\r\n", true, 400},
		"too slow":              {head + "Content-Length: 87\r\n\r\n{\"model\"", false, 408},
		"chunks too slow":       {chunked + "57\r\n{\"model\"", false, 408},
		"well-formed":           {chunked + "57\r\n" + sublet + "\r\n0\r\n\r\n", false, 200},
	} {
		if res, answer := p.send(t, c.text, c.end); res.StatusCode != c.want || !json.Valid([]byte(answer)) {
			t.Errorf("%s: status %d, expected %d, %s", name, res.StatusCode, c.want, answer)
		}
	}
	if got := got.count(); got != 1 {
		t.Errorf("the model got %d requests, expected 1", got)
	}
}

// TestSmuggling hides a second request in the body of a first one, in which two servers in a row
// could disagree about where it ends.
func TestSmuggling(t *testing.T) {
	needLive(t)
	var got seen
	s := upstream(t, got.answer)
	p := serve(t, nil, modelsAt(s.URL, "--client-timeout", "5s")...)
	const head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
	hidden := "POST /v1/evil HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
	chunks := "57\r\n" + sublet + "\r\n0\r\n\r\n"
	for name, text := range map[string]string{
		"both lengths":            head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
		"both lengths, reversed":  head + "Transfer-Encoding: chunked\r\nContent-Length: " + fmt.Sprint(len(chunks)+len(hidden)) + "\r\n\r\n" + chunks + hidden,
		"two lengths":             head + "Content-Length: 87\r\nContent-Length: 0\r\n\r\n" + sublet,
		"list of lengths":         head + "Content-Length: 87, 0\r\n\r\n" + sublet,
		"signed length":           head + "Content-Length: +87\r\n\r\n" + sublet,
		"unknown coding":          head + "Transfer-Encoding: xchunked\r\nContent-Length: 87\r\n\r\n" + sublet,
		"two codings":             head + "Transfer-Encoding: chunked, identity\r\n\r\n" + chunks,
		"coding twice":            head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
		"space before colon":      head + "Transfer-Encoding : chunked\r\nContent-Length: 87\r\n\r\n" + sublet,
		"folded header":           head + "X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 87\r\n\r\n" + sublet,
		"underscore":              head + "Transfer_Encoding: chunked\r\nContent_Length: 0\r\nContent-Length: 87\r\n\r\n" + sublet,
		"chunk extension":         head + "Transfer-Encoding: chunked\r\n\r\n57;a=\"\r\n\"\r\n" + sublet + "\r\n0\r\n\r\n",
		"trailer":                 head + "Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n57\r\n" + sublet + "\r\n0\r\nAuthorization: Bearer evil\r\n\r\n",
		"headers to be dropped":   head + "Connection: content-type, authorization, host\r\nContent-Length: 87\r\n\r\n" + sublet,
		"another address":         head + "X-Original-Url: /v1/evil\r\nX-Rewrite-Url: /v1/evil\r\nX-Http-Method-Override: DELETE\r\nContent-Length: 87\r\n\r\n" + sublet,
		"request in the body":     head + "Content-Length: " + fmt.Sprint(len(sublet)+len(hidden)) + "\r\n\r\n" + sublet + hidden,
		"another path":            "POST /v1/../evil HTTP/1.1\r\nHost: localhost\r\nContent-Length: 87\r\n\r\n" + sublet,
		"another path, escaped":   "POST /v1/chat%2fcompletions%2f..%2fevil HTTP/1.1\r\nHost: localhost\r\nContent-Length: 87\r\n\r\n" + sublet,
		"another path, by the id": "GET /v1/responses/..%2Fevil HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"another protocol":        head + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: 87\r\n\r\n" + sublet,
	} {
		if strings.Contains(text, "Content-Length: 87") && len(sublet) != 87 {
			t.Fatal(len(sublet))
		}
		before := got.count()
		res, answer := p.send(t, text, false)
		if got.count() == before {
			if res.StatusCode < 400 || res.StatusCode > 501 {
				t.Errorf("%s: status %d, %s", name, res.StatusCode, answer)
			}
			continue
		}
		r := got.last(t)
		body := got.bodies[len(got.bodies)-1]
		if want := strings.Replace(sublet, "routellm", "small", 1); body != want || r.URL.String() != "/v1/chat/completions" || r.Method != "POST" || len(r.TransferEncoding) > 0 || got.count() > before+1 {
			t.Errorf("%s: the model got %s %s with %q, %v", name, r.Method, r.URL, body, r.Header)
		}
		if all := fmt.Sprint(r.Header, r.Trailer); strings.Contains(all, "evil") || r.Header.Get("Upgrade") != "" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: the model got the headers %s", name, all)
		}
	}
	if got := got.count(); got < 8 {
		t.Errorf("the model got %d requests, expected those that are well-formed", got)
	}
}

// TestLenientServer puts a server behind the program that reads keys in any case, takes the last
// of several, drops what it cannot decode, and prefers the query and forms. It must never read
// the model that a client smuggles in.
func TestLenientServer(t *testing.T) {
	needLive(t)
	var mu sync.Mutex
	var evil []string
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var body struct{ Model, Prompt, Input string }
		_ = json.Unmarshal([]byte(strings.ToValidUTF8(string(raw), "")), &body)
		read := body.Model + body.Prompt + body.Input + r.URL.RawQuery
		if strings.Contains(r.Header.Get("Content-Type"), "form") {
			form, _ := url.ParseQuery(string(raw))
			read += form.Get("model")
		}
		if body.Model != "small" || strings.Contains(read, "evil") {
			mu.Lock()
			evil = append(evil, r.URL.String()+" "+string(raw))
			mu.Unlock()
		}
		answers(w, r)
	})
	p := serve(t, nil, modelsAt(s.URL, "--default-side", "weak")...)
	bodies := []string{`{"model": "routellm", "messages": [], "prompt": "evil"}`, `{"model": "routellm", "x": "&model=evil&"}`, "\ufeff" + sublet, sublet + sublet, sublet + `{"model": "evil"}`}
	for _, key := range []string{
		"model", "Model", "MODEL", `mod\u0065l`, `\u004dodel`, "moDel", "mo\xffdel", "mo\xc1\xacdel", `mo\ud800del`, `mo\u0000del`, `model\u0000`, "mo\u200bdel", "mo_del", " model", "\u212aodel", "ｍodel",
		"Prompt", "PROMPT", "Input", "\u0131nput", `\u0130nput`,
	} {
		bodies = append(bodies, `{"model": "routellm", "`+key+`": "evil", "messages": []}`, `{"`+key+`": "evil", "model": "routellm", "messages": []}`)
	}
	answered := 0
	ask := func(address, kind, body string) {
		res, answer := do(t, http.DefaultClient, "POST", p.url+address, body, "Content-Type: "+kind)
		if res.StatusCode == 200 {
			answered++
		} else if res.StatusCode != 400 {
			t.Errorf("%s, %s: status %d, %s", address, body, res.StatusCode, answer)
		}
	}
	for _, path := range []string{"/v1/chat/completions", "/v1/completions", "/v1/responses", "/chat/completions"} {
		for _, body := range bodies {
			ask(path, "application/json", body)
		}
		for _, query := range []string{"", "?model=evil", "?Model=evil", "?mod%65l[]=evil", "?a=1;model=evil"} {
			for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "text/plain"} {
				ask(path+query, kind, `{"model": "routellm", "x": "&model=evil&"}`)
			}
		}
	}
	if len(evil) > 0 || answered < 16 {
		t.Errorf("%d requests were answered; the model's server read another model in %q", answered, evil)
	}
}

// TestBrowser asks as a page of an allowed site does, and as one of another site.
func TestBrowser(t *testing.T) {
	needLive(t)
	var got seen
	s := upstream(t, got.answer)
	p := serve(t, nil, modelsAt(s.URL, "--cors-origins", "https://app.example,http://localhost:3000")...)
	for origin, allowed := range map[string]bool{"https://app.example": true, "http://localhost:3000": true, "https://evil.example": false, "null": false} {
		want := map[bool]string{true: origin}[allowed]
		for _, path := range []string{"/v1/chat/completions", "/v1/models", "/v1/route", "/chat/completions"} {
			res, _ := do(t, http.DefaultClient, "OPTIONS", p.url+path, "", "Origin: "+origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type,x-stainless-os")
			if res.StatusCode != 204 || res.Header.Get("Access-Control-Allow-Origin") != want || allowed != strings.Contains(res.Header.Get("Access-Control-Allow-Headers"), "authorization") {
				t.Errorf("%s asks for %s: status %d, %v", origin, path, res.StatusCode, res.Header)
			}
		}
		res, _ := do(t, http.DefaultClient, "POST", p.url+"/v1/chat/completions", sublet, "Origin: "+origin, "Sec-Fetch-Site: cross-site")
		if status := map[bool]int{true: 200, false: 403}[allowed]; res.StatusCode != status {
			t.Errorf("%s: status %d, expected %d", origin, res.StatusCode, status)
		}
		if values := res.Header.Values("Access-Control-Allow-Origin"); strings.Join(values, " ") != want || !strings.Contains(strings.Join(res.Header.Values("Vary"), ","), "Origin") {
			t.Errorf("%s: %v", origin, res.Header)
		}
		if allowed && (!strings.Contains(res.Header.Get("Access-Control-Expose-Headers"), "X-Routellm-Model") || got.last(t).Header.Get("Origin") != "") {
			t.Errorf("%s: %v; the model got %v", origin, res.Header, got.last(t).Header)
		}
	}
	if got.count() != 2 {
		t.Errorf("the model got %d requests", got.count())
	}
}

// TestBoundedThresholds asks for thresholds that the operator does not allow.
func TestBoundedThresholds(t *testing.T) {
	needLive(t)
	s := upstream(t, answers)
	for allowed, want := range map[string]map[string]int{
		"true":   {"routellm": 200, "router-length-30": 200, "router-length--1e308": 200, "": 400, "other": 404},
		"false":  {"routellm": 200, "router-length-30": 403, "router-length--1e308": 403, "": 400, "other": 404},
		"20..40": {"routellm": 200, "router-length-30": 200, "router-length-40": 200, "router-length-40.1": 403, "router-length--1e308": 403, "router-length-NaN": 404},
	} {
		p := serve(t, nil, modelsAt(s.URL, "--client-thresholds", allowed)...)
		for model, status := range want {
			if res, answer := p.post(t, "/v1/chat/completions", strings.Replace(sublet, "routellm", model, 1)); res.StatusCode != status {
				t.Errorf("%s, %q: status %d, %s", allowed, model, res.StatusCode, answer)
			}
		}
		if _, answer := do(t, http.DefaultClient, "GET", p.url+"/v1/models", ""); strings.Contains(answer, "router-length-30") != (allowed != "false") {
			t.Errorf("%s: models %s", allowed, answer)
		}
	}
}
