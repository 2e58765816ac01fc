package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/conversation"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/results"
)

const followUp = "commit it"

// sticky lets conversations keep their side, and routes the last turn.
func sticky(s *Settings) { s.Sticky, s.Text = config.Conversation, "last" }

// turns returns a request with what user and assistant have said in turn: texts, or any other
// content.
func turns(said ...any) string {
	var messages []map[string]any
	for i, content := range said {
		messages = append(messages, map[string]any{"role": []string{"user", "assistant"}[i%2], "content": content})
	}
	raw, _ := json.Marshal(map[string]any{"model": "routellm", "messages": messages})
	return string(raw)
}

// image is the content of a message that has no text.
var image = []any{map[string]any{"type": "image_url", "image_url": map[string]string{"url": "data:image/png;base64,AAAA"}}}

// told holds what the log says about a request.
type told struct {
	side     string
	reason   results.Reason
	explored bool
}

// tell sends requests to the chat endpoint, one after the other, and expects what the log says.
func (p *proxied) tell(t *testing.T, requests []string, want []told) []decisionlog.Record {
	t.Helper()
	for _, request := range requests {
		if res, answer, _ := p.post(t, "/v1/chat/completions", request); res.StatusCode != http.StatusOK {
			t.Fatalf("status %d: %s", res.StatusCode, answer)
		}
	}
	records := p.records(t, len(requests))
	for i, r := range records {
		if got := (told{string(r.Side), r.Reason, r.Explored}); got != want[i] {
			t.Errorf("request %d: %+v, expected %+v", i+1, got, want[i])
		}
	}
	return records
}

// TestSticky tells conversations turn by turn, with and without stickiness.
func TestSticky(t *testing.T) {
	f := newFake(t, fine)
	hardFirst := []string{turns(hard), turns(hard, "done", followUp), turns(hard, "done", followUp, "done", easy)}
	easyFirst := []string{turns(easy), turns(easy, "she", followUp), turns(easy, "she", followUp, "done", hard), turns(easy, "she", followUp, "done", hard, "hm", easy)}
	for name, c := range map[string]struct {
		change   func(*Settings)
		requests []string
		want     []told
	}{
		"off":            {func(s *Settings) { s.Text = "last" }, hardFirst, []told{{"strong", "score", false}, {"weak", "score", false}, {"weak", "score", false}}},
		"strong":         {sticky, hardFirst, []told{{"strong", "score", false}, {"strong", "sticky", false}, {"strong", "sticky", false}}},
		"escalates once": {sticky, easyFirst, []told{{"weak", "score", false}, {"weak", "sticky", false}, {"strong", "escalated", false}, {"strong", "sticky", false}}},
		"margin":         {func(s *Settings) { sticky(s); s.StickyMargin = 6 }, easyFirst, []told{{"weak", "score", false}, {"weak", "sticky", false}, {"weak", "sticky", false}, {"weak", "sticky", false}}},
		"no margin":      {func(s *Settings) { sticky(s); s.StickyMargin = math.Inf(1); s.Threshold = math.Inf(-1) }, easyFirst[:2], []told{{"strong", "score", false}, {"strong", "sticky", false}}},
		"no text first":  {sticky, []string{turns(image), turns(image, "a cat", followUp)}, []told{{"strong", "default", false}, {"strong", "sticky", false}}},
	} {
		t.Run(name, func(t *testing.T) {
			records := start(t, f.URL, f.URL, c.change).tell(t, c.requests, c.want)
			for _, r := range records[1:] {
				if r.Conversation != records[0].Conversation || len(r.Conversation) != 32 {
					t.Errorf("conversations %q and %q", records[0].Conversation, r.Conversation)
				}
			}
		})
	}
}

// TestNoScoreAtFirst gives the first turn to a router that has no score for it. The conversation
// stays on the default side.
func TestNoScoreAtFirst(t *testing.T) {
	f := newFake(t, fine)
	fails := Router{Name: "words", Score: func(ctx context.Context, id, text string) (float64, *bool, error) {
		if text == easy {
			return math.NaN(), nil, nil
		}
		return words.Score(ctx, id, text)
	}}
	p := start(t, f.URL, f.URL, func(s *Settings) { sticky(s); s.Routers = []Router{fails} })
	records := p.tell(t, []string{turns(easy), turns(easy, "she", followUp)}, []told{{"strong", "default", false}, {"strong", "sticky", false}})
	if records[0].Score.Exists() || records[1].Score != 2 {
		t.Errorf("scores %v and %v", records[0].Score, records[1].Score)
	}
}

// TestToolLoop has an agent that calls tools until it is done: its requests stay on one side,
// though the router reads other texts in between.
func TestToolLoop(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { sticky(s); s.Text = "all"; s.Threshold = 20 })
	messages := []string{`{"role": "system", "content": "you are an agent"}`, `{"role": "user", "content": "` + easy + `"}`}
	var requests []string
	for i := range 5 {
		requests = append(requests, `{"model": "routellm", "tools": [{"type": "function", "function": {"name": "look"}}], "messages": [`+strings.Join(messages, ", ")+`]}`)
		messages = append(messages,
			fmt.Sprintf(`{"role": "assistant", "content": null, "tool_calls": [{"id": "t%d", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}`, i),
			fmt.Sprintf(`{"role": "tool", "tool_call_id": "t%d", "content": "nothing here"}`, i))
	}
	p.tell(t, requests, []told{{"weak", "score", false}, {"weak", "sticky", false}, {"weak", "sticky", false}, {"weak", "sticky", false}, {"weak", "sticky", false}})
}

// TestExploreConversations draws one coin per conversation. The log says that every turn of an
// explored conversation was drawn at random, and its propensity follows from the scores so far.
func TestExploreConversations(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { sticky(s); s.Explore, s.ExploreSeed = 0.6, 5 })
	const n = 40
	for i := range n {
		begin := fmt.Sprintf("%s %d", easy, i)
		p.post(t, "/v1/chat/completions", turns(begin))
		p.post(t, "/v1/chat/completions", turns(begin, "she", followUp))
		p.post(t, "/v1/chat/completions", turns(begin, "she", followUp, "done", hard))
	}
	seen := map[told]int{}
	conversations := map[string][]decisionlog.Record{}
	for _, r := range p.records(t, 3*n) {
		conversations[r.Conversation] = append(conversations[r.Conversation], r)
	}
	for key, turns := range conversations {
		drawn := conversation.Entry{Upstream: weak, Greedy: weak}.Draw(0.6, 5, key, []int{strong, weak})
		greedy := []string{"weak", "weak", "strong"}
		for i, r := range turns {
			side, propensity := greedy[i], 0.7
			if drawn.Explored {
				side = []string{"strong", "weak"}[drawn.Upstream]
			}
			if side != greedy[i] {
				propensity = 0.3
			}
			if string(r.Side) != side || r.Explored != drawn.Explored || r.Propensity != propensity {
				t.Errorf("turn %d: %+v, expected side %s, propensity %v of %+v", i+1, r, side, propensity, drawn)
			}
		}
		seen[told{side: string(turns[0].Side), explored: drawn.Explored}]++
	}
	if len(conversations) != n || len(seen) != 3 {
		t.Errorf("%d conversations, expected %d, with begins %v", len(conversations), n, seen)
	}
}

// TestRouteReads asks for the decision on turns of a conversation: the answer is the side of the
// conversation so far, and asking changes nothing.
func TestRouteReads(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { sticky(s); s.Explore = 1 })
	side := func(request string) string {
		_, answer, _ := p.post(t, "/v1/route", request)
		var got struct{ Decision string }
		if err := json.Unmarshal([]byte(answer), &got); err != nil {
			t.Fatal(err)
		}
		return got.Decision
	}
	if got := side(turns(hard)); got != "strong" || p.server.table.Len() != 0 {
		t.Errorf("first turn: %s, %d conversations", got, p.server.table.Len())
	}
	for key := 0; ; key++ { // until the coin sends one to the other side
		begin := fmt.Sprintf("%s %d", hard, key)
		p.post(t, "/v1/chat/completions", turns(begin))
		if p.records(t, key+1)[key].Side == "weak" {
			if got := side(turns(begin, "done", hard)); got != "weak" {
				t.Errorf("explored: %s", got)
			}
			break
		}
	}
	q := start(t, f.URL, f.URL, sticky)
	q.post(t, "/v1/chat/completions", turns(easy))
	p = q
	for _, want := range []string{"strong", "strong"} { // would escalate, and does not
		if got := side(turns(easy, "she", hard)); got != want {
			t.Errorf("a later turn: %s, expected %s", got, want)
		}
	}
	if got := side(turns(easy, "she", followUp)); got != "weak" {
		t.Errorf("a turn after: %s", got)
	}
	p = start(t, f.URL, f.URL, func(s *Settings) { sticky(s); s.StickyMax = 2 })
	p.post(t, "/v1/chat/completions", turns("one"))
	p.post(t, "/v1/chat/completions", turns("two"))
	side(turns("one")) // does not use it
	p.post(t, "/v1/chat/completions", turns("three"))
	p.post(t, "/v1/chat/completions", turns("one"))
	if r := p.records(t, 4)[3]; r.Reason != results.ReasonScore {
		t.Errorf("asking has kept a conversation in the table: %+v", r)
	}
}

// TestReplicas sends turns of one conversation to servers that do not know each other, and to one
// that has been restarted. A later turn is decided as the first was.
func TestReplicas(t *testing.T) {
	f := newFake(t, fine)
	change := func(s *Settings) { sticky(s); s.Explore = 0.5 }
	for i := range 10 {
		begin := fmt.Sprintf("%s %d", []string{easy, hard}[i%2], i)
		var first decisionlog.Record
		for turn, request := range []string{turns(begin), turns(begin, "done", followUp), turns(begin, "done", followUp, "done", followUp)} {
			p := start(t, f.URL, f.URL, change)
			p.post(t, "/v1/chat/completions", request)
			r := p.records(t, 1)[0]
			if turn == 0 {
				first = r
			}
			if r.Conversation != first.Conversation || r.Side != first.Side || r.Explored != first.Explored || r.Propensity != first.Propensity {
				t.Errorf("turn %d: %+v, after %+v", turn+1, r, first)
			}
			if turn > 0 && (r.Reason != results.ReasonSticky || r.Score != 2) {
				t.Errorf("turn %d: %+v", turn+1, r)
			}
		}
	}
	// a turn that is new to the server and scores high moves the conversation at once
	start(t, f.URL, f.URL, sticky).tell(t, []string{turns(easy, "she", hard), turns(easy, "she", hard, "hm", easy)}, []told{{"strong", "escalated", false}, {"strong", "sticky", false}})
}

// TestAtOnce has a client send a later turn of an unknown conversation many times at once to a
// router that scores at random, and that returns the scores of the conversation's beginning only
// when all requests wait for them: all go to the same side.
func TestAtOnce(t *testing.T) {
	const requests = 40
	f := newFake(t, fine)
	var waiting sync.WaitGroup
	waiting.Add(requests)
	random := Router{Name: "words", Score: func(_ context.Context, _, text string) (float64, *bool, error) {
		if text == easy {
			waiting.Done()
			waiting.Wait()
		}
		return 20 * rand.Float64(), nil, nil
	}}
	p := start(t, f.URL, f.URL, func(s *Settings) {
		sticky(s)
		s.Routers, s.StickyMargin, s.Text, s.DecisionTimeout = []Router{random}, 20, "last", time.Minute
	})
	var all sync.WaitGroup
	for range requests {
		all.Go(func() { p.post(t, "/v1/chat/completions", turns(easy, "she", followUp)) })
	}
	all.Wait()
	sides := map[string]int{}
	for _, r := range p.records(t, requests) {
		sides[string(r.Side)+" "+string(r.Reason)]++
	}
	if len(sides) != 1 {
		t.Errorf("sides %v", sides)
	}
}

// TestStickyReload changes settings while conversations are known.
func TestStickyReload(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, sticky)
	reload := func(change func(*Settings)) {
		t.Helper()
		set := p.server.state.Load().Settings
		change(&set)
		if err := p.server.Reload(set); err != nil {
			t.Fatal(err)
		}
	}
	sides := func(n int) string {
		p.post(t, "/v1/chat/completions", turns(hard, "done", followUp))
		r := p.records(t, n)[n-1]
		return string(r.Side) + " " + string(r.Reason)
	}
	p.post(t, "/v1/chat/completions", turns(hard))
	reload(func(s *Settings) { s.Threshold = 1000 })
	if got := sides(2); got != "strong sticky" {
		t.Errorf("after a reload: %s", got)
	}
	reload(func(s *Settings) { s.Sticky = config.Off })
	if got := sides(3); got != "weak score" {
		t.Errorf("without stickiness: %s", got)
	}
	reload(func(s *Settings) { sticky(s); s.StickyTTL = time.Nanosecond })
	if got := sides(4); got != "weak sticky" { // decided again at the threshold of now
		t.Errorf("after the time to live: %s", got)
	}
}

// TestLimitsMoveConversations sends an image into a conversation on the weak side, which takes
// none: the conversation moves, because the image stays in its messages.
func TestLimitsMoveConversations(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { sticky(s); s.Weak.Images = false; s.Explore = 1 })
	p.post(t, "/v1/chat/completions", turns(easy))
	p.post(t, "/v1/chat/completions", turns(easy, "she", image))
	p.post(t, "/v1/chat/completions", turns(easy, "she", followUp)) // without the image, as some clients do
	records := p.records(t, 3)
	for i, r := range records[1:] {
		if r.Side != "strong" || r.Propensity != 1 && records[0].Side == "weak" {
			t.Errorf("turn %d: %+v after %+v", i+2, r, records[0])
		}
	}
}

// TestLeavingBeginsNothing gives up a conversation's first request before it has a score. The next
// one must be decided by its score and not by the default side.
func TestLeavingBeginsNothing(t *testing.T) {
	set := settings(t, "http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1")
	sticky(&set)
	h := NewHandler(set, Keys{}, nil, nil)
	ctx, leave := context.WithCancel(context.Background())
	leave()
	for _, step := range []struct {
		ctx  context.Context
		want int
	}{{ctx, strong}, {context.Background(), weak}} {
		request, err := body.Parse(turns(easy), body.Messages)
		if err != nil {
			t.Fatal(err)
		}
		c := &call{state: h.state.Load(), request: request}
		c.router, c.threshold, _ = c.named(config.RouterModel)
		h.follow(c, config.RouterModel)
		if d := h.settle(step.ctx, c, easy); d.upstream != step.want {
			t.Errorf("context %v: upstream %d (%s), expected %d", step.ctx.Err(), d.upstream, d.reason, step.want)
		}
	}
}
