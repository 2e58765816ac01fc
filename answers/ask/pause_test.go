package ask

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/internal/modelserver/scripted"
)

// TestAPauseHoldsAllRequests checks that a server that asks one request to wait gets no other one
// meanwhile.
func TestAPauseHoldsAllRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, offline := scripted.Offline(scripted.Answer(429, ``, "Retry-After", "30"), scripted.Answer(200, `{"choices":[{"message":{"content":"a"}}]}`))
		c, err := chat.New(chat.Endpoint{Model: "m", URL: s.URL, Transport: offline.Transport})
		if err != nil {
			t.Fatal(err)
		}
		start, pacer := time.Now(), pace.New(pace.Limits{Concurrency: 2})
		c.OnPause(pacer.Pause)
		a := New(c, Options{Pacer: pacer})
		go a.Ask(t.Context(), chat.Request{Messages: []chat.Message{{Role: "user", Content: "first"}}})
		synctest.Wait()
		_, _, err = a.Ask(t.Context(), chat.Request{Messages: []chat.Message{{Role: "user", Content: "second"}}})
		if wait := time.Since(start); err != nil || wait < 30*time.Second {
			t.Errorf("answered after %v, want 30 s: %v", wait, err)
		}
		synctest.Wait()
		if len(s.Requests()) != 3 {
			t.Errorf("%d requests, want 3", len(s.Requests()))
		}
	})
}
