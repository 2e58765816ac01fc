package serve

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestLargeHeaders sends headers beyond what the server reads before it knows the client.
func TestLargeHeaders(t *testing.T) {
	set := settings(t, "http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1")
	r := run(t, set, nil)
	for size, expected := range map[int]int{maxHeader / 2: http.StatusOK, 3 * maxHeader: http.StatusRequestHeaderFieldsTooLarge} {
		for name, header := range map[string]http.Header{"one": {"X-Large": {strings.Repeat("a", size)}}, "many": many(size)} {
			req, err := http.NewRequest(http.MethodGet, r.url+"/v1/models", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header = header
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != expected {
				t.Errorf("%s of %d bytes: status %d, expected %d", name, size, res.StatusCode, expected)
			}
		}
	}
}

// many returns short headers of a size in all.
func many(size int) http.Header {
	h := http.Header{}
	for i := range size / len("X-00000: a\r\n") {
		h.Set(fmt.Sprintf("X-%05d", i), "a")
	}
	return h
}
