package serve

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/datasets/prompttext"
)

// canned is a RoundTripper that answers without a connection.
type canned struct{}

func (canned) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(completion)), Request: r}, nil
}

// BenchmarkPass measures everything that the server does to a request except network
// connections.
func BenchmarkPass(b *testing.B) {
	b.Run("off", func(b *testing.B) { benchPass(b, nil) })
	b.Run("sticky", func(b *testing.B) { benchPass(b, sticky) })
}

func benchPass(b *testing.B, change func(*Settings)) {
	p := start(b, "http://127.0.0.1:1", "http://127.0.0.1:1", change)
	p.server.proxy.Transport = canned{}
	handler, request := p.server, []byte(chat("routellm", strings.Repeat(hard+" ", 40)))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "http://localhost/v1/chat/completions", bytes.NewReader(request))
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, r); w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}

// BenchmarkBody measures reading a request and writing it with another model's name.
func BenchmarkBody(b *testing.B) {
	request := chat("routellm", strings.Repeat(hard+" ", 40))
	b.SetBytes(int64(len(request)))
	b.ReportAllocs()
	for b.Loop() {
		got, err := body.Parse(request, body.Messages)
		if err != nil || got.Text(prompttext.RequestOptions{}) == "" || got.WithModel("small").Len() == 0 {
			b.Fatal(err)
		}
	}
}
