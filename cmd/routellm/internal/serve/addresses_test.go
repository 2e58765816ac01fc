package serve

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestAddresses asks for addresses as clients spell them that have another base URL in mind.
func TestAddresses(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, nil)
	for _, c := range []struct {
		method, path string
		status       int
		allow, want  string // in the header Allow and in the answer
	}{
		{"POST", "/v1/chat/completions", 200, "", "c1"},
		{"POST", "/chat/completions", 200, "", "c1"},
		{"POST", "/v1/chat/completions/", 200, "", "c1"},
		{"POST", "/v1//chat/completions", 200, "", "c1"},
		{"POST", "//chat//completions//", 200, "", "c1"},
		{"POST", "/v1/x/../chat/completions", 200, "", "c1"},
		{"GET", "/models", 200, "", "routellm"},
		{"GET", "/v1/models/", 200, "", "routellm"},
		{"HEAD", "/models", 200, "", ""},
		{"GET", "/health/", 200, "", "ok"},
		{"POST", "/v1/v1/chat/completions", 404, "", "the client adds /v1 to a base URL that has it already"},
		{"GET", "/v1/chat/completions", 405, "POST", "/v1/chat/completions takes POST, not GET"},
		{"DELETE", "/chat/completions", 405, "POST", "/v1/chat/completions takes POST, not DELETE"},
		{"POST", "/v1/models", 405, "GET", "takes GET, not POST"},
		{"POST", "/health", 405, "GET", "takes GET, not POST"},
		{"GET", "/", 404, "", "no such address: GET /"},
		{"GET", "/v1", 404, "", "no such address: GET /v1"},
		{"GET", "/metrics/x", 404, "", "no such address: GET /metrics/x"},
		{"POST", "/v1/chat", 404, "", "no such address: POST /v1/chat"},
		{"POST", "/v1/chat%2Fcompletions", 404, "", "not_found"},
	} {
		r, err := http.NewRequest(c.method, p.URL+c.path, strings.NewReader(chat("routellm", easy)))
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultTransport.RoundTrip(r) // follows no redirect
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != c.status || res.Header.Get("Allow") != c.allow || !strings.Contains(string(answer), c.want) {
			t.Errorf("%s %s: status %d, Allow %q, %s, expected %+v", c.method, c.path, res.StatusCode, res.Header.Get("Allow"), answer, c)
		}
		if f.count() > 0 {
			if got, _ := f.last(t); got.URL.Path != "/v1/chat/completions" {
				t.Errorf("%s: the model got %s", c.path, got.URL.Path)
			}
		}
	}
}
