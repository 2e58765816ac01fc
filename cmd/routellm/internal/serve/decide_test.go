package serve

import (
	"math"
	"strings"
	"testing"
)

func TestRoute(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { s.Explore = 1 })
	for request, want := range map[string]string{
		`{"prompt": "` + easy + `"}`:                               `{"router":"words","model":"small","decision":"weak","score":4,"threshold":10,"microseconds":`,
		chat("router-words-4", easy):                               `{"router":"words","model":"big","decision":"strong","score":4,"threshold":4,"microseconds":`,
		`{"model": "routellm", "messages": []}`:                    `{"router":"words","model":"big","decision":"strong","score":null,"threshold":10,"microseconds":0}`,
		`{"model": "other", "prompt": "x"}`:                        `"model_not_found"`,
		`{"input": [{"role": "user", "content": "` + hard + `"}]}`: `"model":"big","decision":"strong"`,
	} {
		if _, answer, _ := p.post(t, "/v1/route", request); !strings.Contains(answer, want) {
			t.Errorf("%s: %s, expected %s", request, answer, want)
		}
	}
	p.records(t, 0)
	if f.count() != 0 {
		t.Error("a model got a request")
	}
}

// TestInfiniteThresholds expects always strong and never strong in the common form.
func TestInfiniteThresholds(t *testing.T) {
	f := newFake(t, fine)
	for threshold, want := range map[float64]string{
		math.Inf(-1): `"decision":"strong","score":4,"threshold":null,"always":"strong",`,
		math.Inf(1):  `"decision":"weak","score":4,"threshold":null,"always":"weak",`,
	} {
		p := start(t, f.URL, f.URL, func(s *Settings) { s.Threshold = threshold })
		if _, answer, _ := p.post(t, "/v1/route", chat("routellm", easy)); !strings.Contains(answer, want) {
			t.Errorf("%v: %s, expected %s", threshold, answer, want)
		}
	}
}

func TestModels(t *testing.T) {
	f := newFake(t, fine)
	for threshold, want := range map[float64]string{10: "router-words-10", math.Inf(1): ""} {
		p := start(t, f.URL, f.URL, func(s *Settings) { s.Threshold = threshold })
		res, err := p.Client().Get(p.URL + "/v1/models")
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]byte, 1000)
		n, _ := res.Body.Read(raw)
		res.Body.Close()
		answer := string(raw[:n])
		if !strings.Contains(answer, `"id":"routellm"`) || !strings.Contains(answer, want) || strings.Contains(answer, "Inf") {
			t.Errorf("answer %s", answer)
		}
		for _, name := range p.server.state.Load().models() {
			if res, _, _ := p.post(t, "/v1/route", chat(name, easy)); res.StatusCode != 200 {
				t.Errorf("the listed model %s cannot be used", name)
			}
		}
	}
}
