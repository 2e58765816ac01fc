package serve

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

// echo is a router that keeps the last text that it got.
func echo(last *string) Router {
	return Router{Name: "words", Score: func(_ context.Context, _, text string) (float64, *bool, error) {
		*last = text
		return 1, nil, nil
	}}
}

// TestDropTags routes what a client has added only if no tags are dropped. The log has the digest
// of the text that is routed.
func TestDropTags(t *testing.T) {
	const added = "<system-reminder>The list is empty.</system-reminder>"
	talk := `{"messages": [{"role": "user", "content": "` + hard + `\n` + added + `"}, {"role": "user", "content": "` + added + `"}]}`
	f := newFake(t, fine)
	for _, c := range []struct {
		tags []string
		want string
	}{{settings(t, f.URL, f.URL).DropTags, hard}, {nil, added}, {[]string{"other"}, added}} {
		routed := ""
		p := start(t, f.URL, f.URL, func(s *Settings) {
			s.Routers, s.DropTags, s.Text = []Router{echo(&routed)}, c.tags, "last"
		})
		if p.post(t, "/v1/route", talk); routed != c.want {
			t.Errorf("%v: routed %q, expected %q", c.tags, routed, c.want)
		}
		p.post(t, "/v1/chat/completions", `{"model": "routellm", `+talk[1:])
		r := p.records(t, 1)[0]
		if r.Chars != len(c.want) || r.PromptSHA256 != digestOf(c.want) {
			t.Errorf("%v: logged %d characters and %s", c.tags, r.Chars, r.PromptSHA256)
		}
	}
}

// TestDefaultText expects a short turn after a hard one to be routed with it.
func TestDefaultText(t *testing.T) {
	f, routed := newFake(t, fine), ""
	p := start(t, f.URL, f.URL, func(s *Settings) { s.Routers = []Router{echo(&routed)} })
	p.post(t, "/v1/route", `{"messages": [{"role": "user", "content": "`+hard+`"}, {"role": "assistant", "content": "no"}, {"role": "user", "content": "Commit it."}]}`)
	if want := hard + "\nCommit it."; routed != want {
		t.Errorf("routed %q, expected %q", routed, want)
	}
}

// TestLateScore has a router that gives its score when the time is up.
func TestLateScore(t *testing.T) {
	late := Router{Name: "late", Score: func(ctx context.Context, _, _ string) (float64, *bool, error) {
		<-ctx.Done()
		return 1, nil, nil
	}}
	for range 50 {
		if score, err := new(scorings).ask(context.Background(), time.Millisecond, late, "a", "b"); err == nil {
			t.Fatalf("score %v", score)
		}
	}
}

func TestDigestOf(t *testing.T) {
	for _, n := range []int{0, 1, 4095, 4096, 4097, 100000} {
		text := strings.Repeat("é", n/2) + strings.Repeat("x", n%2)
		digest := sha256.Sum256([]byte(text))
		if want := hex.EncodeToString(digest[:]); digestOf(text) != want {
			t.Errorf("%d bytes: %s, expected %s", n, digestOf(text), want)
		}
	}
}
