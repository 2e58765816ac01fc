package live

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/servetest"
)

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
			"GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-Host: localhost\r\n\r\n":                      403,
			"GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n":                                                       403,
			"POST /v1/chat/completions HTTP/1.1\r\nHost: " + host + "\r\n" + length + "\r\n" + question:                 403,
			"POST http://" + host + "/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n" + length + "\r\n" + question: 403,
			"GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n":                                                        200,
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
		"no last chunk":         {chunked + "57\r\n" + question + "\r\n", true, 400},
		"length cut short":      {head + "Content-Length: 87\r\n\r\n{\"model\"", true, 400},
		"nothing of the length": {head + "Content-Length: 87\r\n\r\n", true, 400},
		"too slow":              {head + "Content-Length: 87\r\n\r\n{\"model\"", false, 408},
		"chunks too slow":       {chunked + "57\r\n{\"model\"", false, 408},
		"well-formed":           {chunked + "57\r\n" + question + "\r\n0\r\n\r\n", false, 200},
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
	chunks := "57\r\n" + question + "\r\n0\r\n\r\n"
	for name, text := range map[string]string{
		"both lengths":            head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
		"both lengths, reversed":  head + "Transfer-Encoding: chunked\r\nContent-Length: " + fmt.Sprint(len(chunks)+len(hidden)) + "\r\n\r\n" + chunks + hidden,
		"two lengths":             head + "Content-Length: 87\r\nContent-Length: 0\r\n\r\n" + question,
		"list of lengths":         head + "Content-Length: 87, 0\r\n\r\n" + question,
		"signed length":           head + "Content-Length: +87\r\n\r\n" + question,
		"unknown coding":          head + "Transfer-Encoding: xchunked\r\nContent-Length: 87\r\n\r\n" + question,
		"two codings":             head + "Transfer-Encoding: chunked, identity\r\n\r\n" + chunks,
		"coding twice":            head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
		"space before colon":      head + "Transfer-Encoding : chunked\r\nContent-Length: 87\r\n\r\n" + question,
		"folded header":           head + "X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 87\r\n\r\n" + question,
		"underscore":              head + "Transfer_Encoding: chunked\r\nContent_Length: 0\r\nContent-Length: 87\r\n\r\n" + question,
		"chunk extension":         head + "Transfer-Encoding: chunked\r\n\r\n57;a=\"\r\n\"\r\n" + question + "\r\n0\r\n\r\n",
		"trailer":                 head + "Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n57\r\n" + question + "\r\n0\r\nAuthorization: Bearer evil\r\n\r\n",
		"headers to be dropped":   head + "Connection: content-type, authorization, host\r\nContent-Length: 87\r\n\r\n" + question,
		"another address":         head + "X-Original-Url: /v1/evil\r\nX-Rewrite-Url: /v1/evil\r\nX-Http-Method-Override: DELETE\r\nContent-Length: 87\r\n\r\n" + question,
		"request in the body":     head + "Content-Length: " + fmt.Sprint(len(question)+len(hidden)) + "\r\n\r\n" + question + hidden,
		"another path":            "POST /v1/../evil HTTP/1.1\r\nHost: localhost\r\nContent-Length: 87\r\n\r\n" + question,
		"another path, escaped":   "POST /v1/chat%2fcompletions%2f..%2fevil HTTP/1.1\r\nHost: localhost\r\nContent-Length: 87\r\n\r\n" + question,
		"another path, by the id": "GET /v1/responses/..%2Fevil HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"another protocol":        head + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: 87\r\n\r\n" + question,
	} {
		if strings.Contains(text, "Content-Length: 87") && len(question) != 87 {
			t.Fatal(len(question))
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
		if want := strings.Replace(question, "routellm", "small", 1); body != want || r.URL.String() != "/v1/chat/completions" || r.Method != "POST" || len(r.TransferEncoding) > 0 || got.count() > before+1 {
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
	bodies := []string{`{"model": "routellm", "messages": [], "prompt": "evil"}`, `{"model": "routellm", "x": "&model=evil&"}`, "\ufeff" + question, question + question, question + `{"model": "evil"}`}
	for _, key := range []string{
		"model", "Model", "MODEL", `mod\u0065l`, `\u004dodel`, "moDel", "mo\xffdel", "mo\xc1\xacdel", `mo\ud800del`, `mo\u0000del`, `model\u0000`, "mo\u200bdel", "mo_del", " model", "\u212aodel", "ｍodel",
		"Prompt", "PROMPT", "Input", "\u0131nput", `\u0130nput`,
	} {
		bodies = append(bodies, `{"model": "routellm", "`+key+`": "evil", "messages": []}`, `{"`+key+`": "evil", "model": "routellm", "messages": []}`)
	}
	answered := 0
	ask := func(address, kind, body string) {
		res, answer := servetest.Do(t, http.DefaultClient, "POST", p.url+address, body, "Content-Type: "+kind)
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
