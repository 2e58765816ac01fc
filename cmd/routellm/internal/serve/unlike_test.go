package serve

import (
	"context"
	"strings"
	"testing"
)

// TestUnlike logs, counts and answers whether the router was trained on prompts like the request's.
func TestUnlike(t *testing.T) {
	f := newFake(t, fine)
	knows := Router{Name: "knows", Score: func(ctx context.Context, id, text string) (float64, *bool, error) {
		score, _, err := words.Score(ctx, id, text)
		unlike := strings.Contains(text, "lease")
		return score, &unlike, err
	}}
	p := start(t, f.URL, f.URL, func(s *Settings) { s.Routers = []Router{knows, words} })
	var got []string
	for i, request := range []string{chat("routellm", easy), chat("routellm", hard), chat("routellm", "no lease"), chat("router-words-3", easy), chat("routellm", "")} {
		p.post(t, "/v1/chat/completions", request)
		switch r := p.records(t, i+1)[i]; {
		case r.Unlike == nil:
			got = append(got, "unknown")
		case *r.Unlike:
			got = append(got, "unlike")
		default:
			got = append(got, "like")
		}
	}
	if all := strings.Join(got, " "); all != "unlike like unlike unknown unknown" {
		t.Error(all)
	}
	p.metric(t, `prompts_total{router="knows",unlike="true"}`, 2)
	p.metric(t, `prompts_total{router="knows",unlike="false"}`, 1)
	for model, want := range map[string]string{"routellm": `"unlike":true,`, "router-words-3": `"threshold":3,"microseconds"`} {
		if _, answer, _ := p.post(t, "/v1/route", chat(model, easy)); !strings.Contains(answer, want) {
			t.Errorf("%s: %s, expected %s", model, answer, want)
		}
	}
}

// TestUnlikeInConversation logs of each turn whether its own text is unlike, whatever decides.
func TestUnlikeInConversation(t *testing.T) {
	f := newFake(t, fine)
	knows := Router{Name: "words", Score: func(_ context.Context, _, text string) (float64, *bool, error) {
		unlike := text == followUp
		return 20, &unlike, nil
	}}
	p := start(t, f.URL, f.URL, func(s *Settings) { sticky(s); s.Routers = []Router{knows} })
	p.tell(t, []string{turns(easy), turns(easy, "she", followUp)}, []told{{"strong", "score", false}, {"strong", "sticky", false}})
	if r := p.records(t, 2); r[0].Unlike == nil || *r[0].Unlike || r[1].Unlike == nil || !*r[1].Unlike {
		t.Errorf("%+v", r)
	}
}
