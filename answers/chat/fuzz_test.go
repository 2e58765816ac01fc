package chat

import (
	"fmt"
	"testing"
)

// FuzzParseEndpoint checks that what is read can be written and read again, and makes a client.
func FuzzParseEndpoint(f *testing.F) {
	for _, seed := range []string{"gpt-4o", "big=gpt-4o@https://proxy.example/v1", "c=claude@2024@anthropic+https://x/a?b=c", "s=m@llamacpp+http://[::1]:8080", "=@", "a=b@http://u:p@x#y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseEndpoint(text)
		if err != nil {
			return
		}
		again, err := ParseEndpoint(fmt.Sprintf("%s=%s@%s+%s", e.Label, e.Model, e.API, e.URL))
		if err != nil || again != e {
			t.Fatalf("%+v, then %+v: %v", e, again, err)
		}
		c, err := New(e)
		if err != nil || c.Endpoint().URL != e.URL {
			t.Fatalf("%+v: %v", e, err)
		}
	})
}
