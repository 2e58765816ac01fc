package logcmd

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// cascades counts what became of the weak model's answers.
type cascades struct {
	requests int
	outcomes map[decisionlog.Outcome]int
	calls    int     // calls whose answers no client got
	cost     float64 // in USD, of those whose cost is known
	known    bool    // the cost of one of them is
}

// others holds the USD that one request's calls cost whose answers the client did not get.
type others struct {
	cost   float64
	logged float64 // the part of the cost that the log has
}

// addOthers adds the calls of a request whose answers the client did not get, and sets their costs by
// the prices if there are any. known is false if the cost of one that succeeded is not known.
func (s *summary) addOthers(r *decisionlog.Record) (sum others, known bool) {
	if r.Cascade == nil {
		return others{}, true
	}
	s.cascade.count(r)
	weak := s.of(string(results.Weak))
	known = true
	for i := range r.Others() {
		call := &r.Others()[i]
		s.cascade.calls++
		if call.CostUSD != nil {
			sum.logged += *call.CostUSD
		}
		if call.InputTokens == nil || call.OutputTokens == nil {
			known = known && call.Error != ""
			continue
		}
		tokens := prices.Tokens{Input: *call.InputTokens, Output: *call.OutputTokens, Cached: call.CachedTokens}
		weak.unused = weak.unused.Plus(tokens)
		if call.CostUSD = s.cost(call.Model, tokens, call.CostUSD); call.CostUSD == nil {
			known = false
			continue
		}
		sum.cost += *call.CostUSD
		s.cascade.known = true
	}
	weak.cost += sum.cost
	s.cascade.cost += sum.cost
	return sum, known
}

// count counts what became of a request.
func (c *cascades) count(r *decisionlog.Record) {
	if c.outcomes == nil {
		c.outcomes = map[decisionlog.Outcome]int{}
	}
	c.requests++
	c.outcomes[r.Cascade.Outcome]++
}

// less returns a cost without a part of it; nil if it is not known.
func less(cost *float64, part float64) *float64 {
	if cost == nil {
		return nil
	}
	rest := *cost - part
	return &rest
}

// text says what became of the weak model's answers; "" without a cascade.
func (c *cascades) text() string {
	if c.requests == 0 {
		return ""
	}
	var parts []string
	for _, outcome := range []decisionlog.Outcome{decisionlog.Accepted, decisionlog.Rejected, decisionlog.Passed, decisionlog.WeakFailed, decisionlog.StrongFailed, decisionlog.Abandoned} {
		if n := c.outcomes[outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", text.Thousands(n), outcome))
		}
	}
	out := fmt.Sprintf("a cascade asked the weak model first for %s: %s", text.Plural(c.requests, "request"), strings.Join(parts, ", "))
	if c.calls > 0 && c.known {
		out += fmt.Sprintf("; %s of it whose answers no client got cost %s USD, which its row has too", text.Plural(c.calls, "call"), usd(c.cost))
	}
	return out
}
