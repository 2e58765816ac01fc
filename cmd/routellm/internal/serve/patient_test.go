package serve

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// TestClientWithoutEars sends requests that no model answers and reads nothing. Its connection must
// not stay for ever, as there are not many.
func TestClientWithoutEars(t *testing.T) {
	set := settings(t, "http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1")
	set.ClientTimeout = 100 * time.Millisecond
	for _, path := range []string{"/metrics", "/v1/nothing/" + strings.Repeat("a", 8000)} {
		r := run(t, set, nil)
		c, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetWriteDeadline(time.Now().Add(20 * time.Second))
		for err == nil {
			_, err = c.Write([]byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%.20s: the connection stays", path)
		}
		c.Close()
	}
}
