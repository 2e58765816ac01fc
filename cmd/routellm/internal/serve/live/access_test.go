package live

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/servetest"
)

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
		res, answer := servetest.Do(t, client, "POST", p.url+"/v1/chat/completions", question)
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
		res, _ := servetest.Do(t, http.DefaultClient, "POST", p.url+"/v1/chat/completions?key=client-key-1&beta=true", question, header, "Openai-Organization: org-1", "X-Goog-Api-Key: client-key-1", "X-Amz-Security-Token: x", "Cookie: c=client-key-1")
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
			res, answer := servetest.Do(t, http.DefaultClient, "GET", c.url, "", c.header)
			if res.StatusCode != c.want {
				t.Errorf("keyed %v, %s, %q: status %d, expected %d: %.80s", keyed, c.url, c.header, res.StatusCode, c.want, answer)
			}
			if strings.HasSuffix(c.url, "/metrics") && c.want == 200 && !strings.Contains(answer, "routellm_in_flight") {
				t.Errorf("%s: %.80s", c.url, answer)
			}
		}
		if res, _ := servetest.Do(t, http.DefaultClient, "POST", at+"/v1/chat/completions", question, "X-Api-Key: client-key"); res.StatusCode != 404 {
			t.Errorf("a request at the address of the metrics: status %d", res.StatusCode)
		}
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
			res, _ := servetest.Do(t, http.DefaultClient, "OPTIONS", p.url+path, "", "Origin: "+origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type,x-stainless-os")
			if res.StatusCode != 204 || res.Header.Get("Access-Control-Allow-Origin") != want || allowed != strings.Contains(res.Header.Get("Access-Control-Allow-Headers"), "authorization") {
				t.Errorf("%s asks for %s: status %d, %v", origin, path, res.StatusCode, res.Header)
			}
		}
		res, _ := servetest.Do(t, http.DefaultClient, "POST", p.url+"/v1/chat/completions", question, "Origin: "+origin, "Sec-Fetch-Site: cross-site")
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
			if res, answer := p.post(t, "/v1/chat/completions", strings.Replace(question, "routellm", model, 1)); res.StatusCode != status {
				t.Errorf("%s, %q: status %d, %s", allowed, model, res.StatusCode, answer)
			}
		}
		if _, answer := servetest.Do(t, http.DefaultClient, "GET", p.url+"/v1/models", ""); strings.Contains(answer, "router-length-30") != (allowed != "false") {
			t.Errorf("%s: models %s", allowed, answer)
		}
	}
}
