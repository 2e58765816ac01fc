package modelserver

import (
	"net/http"
	"testing"
	"time"
)

// FuzzAsked checks that no header field makes a wait that is negative or longer than MaxWait.
func FuzzAsked(f *testing.F) {
	for _, seed := range []string{"30", "1.5", "1e30", "-1", "NaN", "+Inf", "6m0s", "2026-01-02T03:04:05Z", "Fri, 31 Dec 2100 23:59:59 GMT", "1700000000000"} {
		f.Add(seed)
	}
	now := time.Unix(1_700_000_000, 0)
	f.Fuzz(func(t *testing.T, value string) {
		for _, name := range []string{"Retry-After", "Retry-After-Ms", "X-Ratelimit-Reset"} {
			d, ok := asked(http.Header{name: {value}, "X-Ratelimit-Remaining": {"0"}}, now)
			if d < 0 || d > MaxWait || !ok && d != 0 {
				t.Errorf("%s: %q: %v, %v", name, value, d, ok)
			}
		}
	})
}
