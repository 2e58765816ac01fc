package endpoint

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestAll expects every endpoint to have a name and an address of its own, and a text only where
// its requests are routed.
func TestAll(t *testing.T) {
	mux, names := http.NewServeMux(), map[string]bool{}
	for _, e := range All() {
		mux.Handle(e.Pattern(), http.NotFoundHandler()) // panics at a conflict
		if e.Name == "" || names[e.Name] || e.API == "" {
			t.Errorf("name or API missing, or name given twice: %+v", e)
		}
		if names[e.Name] = true; (e.To == Routed) != (len(e.Keys) > 0) || e.Generates && e.To != Routed {
			t.Errorf("a text without routing, or routing without a text: %+v", e)
		}
	}
	for address, want := range map[string]string{
		"GET /v1/responses/input_tokens":      "GET /v1/responses/{id}",
		"POST /v1/responses/input_tokens":     "POST /v1/responses/input_tokens",
		"POST /v1/responses/r1/cancel":        "POST /v1/responses/{id}/cancel",
		"POST /v1/messages/count_tokens":      "POST /v1/messages/count_tokens",
		"POST /v1/messages/batches":           "",
		"POST /v1/responses/r1/cancel/cancel": "",
	} {
		method, path, _ := strings.Cut(address, " ")
		if _, got := mux.Handler(httptest.NewRequest(method, path, nil)); got != want {
			t.Errorf("%s: %q, expected %q", address, got, want)
		}
	}
}
