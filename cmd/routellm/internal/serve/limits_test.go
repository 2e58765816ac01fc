package serve

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/results"
)

const (
	picture = `{"model": "routellm", "messages": [{"role": "user", "content": [{"type": "text", "text": "` + easy + `"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]}`
	tooled  = `{"model": "routellm", "messages": [{"role": "user", "content": "` + easy + `"}], "tools": [{"type": "function", "function": {"name": "rent"}}]}`
)

// TestLimits sends requests that one side, or neither, can take. The router calls for the weak
// side each time.
func TestLimits(t *testing.T) {
	long := `{"model": "routellm", "messages": [{"role": "system", "content": "` + strings.Repeat("é", 90) + `"}, {"role": "user", "content": "` + easy + `"}]}`
	for name, c := range map[string]struct {
		change  func(*Settings)
		request string
		side    results.Side
		reason  results.Reason
		metric  string
	}{
		"image":            {func(s *Settings) { s.Weak.Images = false }, picture, results.Strong, results.ReasonImages, "images"},
		"no image":         {func(s *Settings) { s.Weak.Images = false }, tooled, results.Weak, results.ReasonScore, ""},
		"tools":            {func(s *Settings) { s.Weak.Tools = false }, tooled, results.Strong, results.ReasonTools, "tools"},
		"no tools":         {func(s *Settings) { s.Weak.Tools = false }, picture, results.Weak, results.ReasonScore, ""},
		"too long":         {func(s *Settings) { s.Weak.MaxChars = 90 + len(easy) - 1 }, long, results.Strong, results.ReasonMaxChars, "max_chars"},
		"just short":       {func(s *Settings) { s.Weak.MaxChars = 90 + len(easy) }, long, results.Weak, results.ReasonScore, ""},
		"neither":          {func(s *Settings) { s.Strong.Images, s.Weak.Images = false, false }, picture, results.Weak, results.ReasonScore, "images"},
		"the other":        {func(s *Settings) { s.Strong.Images = false }, picture, results.Weak, results.ReasonScore, ""},
		"not explored":     {func(s *Settings) { s.Explore, s.Weak.Images = 1, false }, picture, results.Strong, results.ReasonImages, "images"},
		"nor to the other": {func(s *Settings) { s.Explore, s.Strong.Images = 1, false }, picture, results.Weak, results.ReasonScore, ""},
		"explored":         {func(s *Settings) { s.Explore, s.Weak.Images = 1, false }, tooled, "", results.ReasonExplore, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, fine)
			p := start(t, f.URL, f.URL, c.change)
			if res, answer, err := p.post(t, "/v1/chat/completions", c.request); err != nil || res.StatusCode != 200 {
				t.Fatalf("%v, status %d, %s", err, res.StatusCode, answer)
			}
			r := p.records(t, 1)[0]
			if r.Reason != c.reason || c.side != "" && r.Side != c.side || (r.Propensity == 1) != (c.reason != results.ReasonExplore) {
				t.Errorf("logged %+v", r)
			}
			if c.metric != "" {
				p.metric(t, `limited_total{reason="`+c.metric+`",side="weak"}`, 1)
			}
			if _, answer, _ := p.post(t, "/v1/route", c.request); c.side != "" && !strings.Contains(answer, `"decision":"`+string(c.side)+`"`) {
				t.Errorf("/v1/route: %s", answer)
			}
		})
	}
}

// TestLimitsFallback expects that no model gets a request as a fallback that it cannot take.
func TestLimitsFallback(t *testing.T) {
	strong := newFake(t, fine)
	p := start(t, strong.URL, closed(t), func(s *Settings) { s.Fallback, s.Strong.Images = true, false })
	for request, want := range map[string]int{picture: 502, tooled: 200} {
		if res, answer, _ := p.post(t, "/v1/chat/completions", request); res.StatusCode != want {
			t.Errorf("status %d, expected %d: %s", res.StatusCode, want, answer)
		}
	}
	if strong.count() != 1 {
		t.Errorf("the strong model got %d requests, expected the one without a picture", strong.count())
	}
}
