package chat

import (
	"cmp"
	"encoding/json"
	"math"
)

// openAIUsage counts tokens and dollars in the ways of several servers.
type openAIUsage struct {
	Prompt     *float64 `json:"prompt_tokens"`
	Completion *float64 `json:"completion_tokens"`
	Total      *float64 `json:"total_tokens"`
	Details    struct {
		Cached *float64 `json:"cached_tokens"`
	} `json:"prompt_tokens_details"`
	Hit         *float64        `json:"prompt_cache_hit_tokens"` // DeepSeek's
	Cost        json.RawMessage `json:"cost"`                    // OpenRouter's, a number; Perplexity's, an object
	OwnKey      bool            `json:"is_byok"`                 // OpenRouter: the account of the upstream pays CostDetails, beside Cost
	CostDetails struct {
		Upstream *float64 `json:"upstream_inference_cost"`
	} `json:"cost_details"`
	Estimated *float64 `json:"estimated_cost"` // DeepInfra's
}

// fill sets the tokens and the cost of an answer; those not reported are NaN.
func (u *openAIUsage) fill(a *Answer) {
	if u == nil {
		u = &openAIUsage{}
	}
	a.InputTokens, a.OutputTokens, a.CachedTokens = count(u.Prompt), count(u.Completion), count(cmp.Or(u.Details.Cached, u.Hit))
	// Some servers count the tokens of reasoning only in the total.
	if rest := count(u.Total) - a.InputTokens; rest > a.OutputTokens || u.Completion == nil && rest >= 0 {
		a.OutputTokens = rest
	}
	a.CostUSD = u.cost()
}

func (u *openAIUsage) cost() float64 {
	var alone *float64
	var object struct {
		Total *float64 `json:"total_cost"`
	}
	if json.Unmarshal(u.Cost, &alone) != nil {
		alone = nil
		_ = json.Unmarshal(u.Cost, &object) // what is neither is no cost
	}
	usd := dollars(cmp.Or(alone, object.Total, u.Estimated))
	if up := dollars(u.CostDetails.Upstream); u.OwnKey && !math.IsNaN(up) {
		usd += up
	}
	return usd
}

// count returns a number of tokens, NaN if it is missing or not one.
func count(n *float64) float64 {
	if n == nil || !(*n >= 0) || *n > 1e12 {
		return math.NaN()
	}
	return *n
}

// mostUSD is more than any answer costs.
const mostUSD = 1e6

// dollars returns a cost, NaN if it is missing or not one.
func dollars(usd *float64) float64 {
	if usd == nil || !(*usd >= 0) || *usd > mostUSD {
		return math.NaN()
	}
	return *usd
}
