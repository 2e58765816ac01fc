package serve

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
	"github.com/routellm/routellm/results"
)

// ofSide returns the last record whose decision is a side. Records of requests that follow each
// other may come in another order.
func ofSide(all []decisionlog.Record, side results.Side) (found decisionlog.Record) {
	for _, r := range all {
		if r.Side == side {
			found = r
		}
	}
	return found
}

// TestSpend asks both models, one of which does not tell its tokens. An unknown cost is not 0.
func TestSpend(t *testing.T) {
	quiet := newFake(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"choices": []}`) })
	cached := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"usage": {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 600}}}`)
	})
	p := start(t, cached.URL, quiet.URL, func(s *Settings) {
		s.ModelPrices = prices.Table{"big": {Input: 2, Output: 10, Cached: 1}, "small": {Input: 1, Output: 1, Cached: 1}}
	})
	p.post(t, "/v1/chat/completions", chat("routellm", hard))
	p.post(t, "/v1/chat/completions", chat("routellm", easy))
	p.metric(t, `cost_unknown_total{side="weak"}`, 1)
	p.metric(t, `cost_usd_total{side="strong"}`, 0.0024)
	all := p.records(t, 2)
	if r := ofSide(all, results.Strong); r.CostUSD == nil || math.Abs(*r.CostUSD-0.0024) > 1e-12 || r.CachedTokens != 600 {
		t.Errorf("%+v", r)
	}
	if r := ofSide(all, results.Weak); r.CostUSD != nil {
		t.Errorf("cost %v of unknown tokens", *r.CostUSD)
	}
}

// TestNoPrices checks that without prices nothing has a cost.
func TestNoPrices(t *testing.T) {
	model := newFake(t, fine)
	p := start(t, model.URL, model.URL, nil)
	p.post(t, "/v1/chat/completions", chat("routellm", hard))
	if r := p.records(t, 1)[0]; r.CostUSD != nil {
		t.Errorf("cost %v", *r.CostUSD)
	}
}
