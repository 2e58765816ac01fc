package pricelist

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// isLiteLLM recognises LiteLLM's model_prices_and_context_window.json: an object of models, with
// prices per token.
func isLiteLLM(doc gjson.Result) bool {
	return doc.IsObject() && anyField(doc, func(model gjson.Result) bool {
		return model.Get("input_cost_per_token").Exists() || model.Get("litellm_provider").Exists()
	})
}

// sampleSpec is the entry of LiteLLM's file that explains the fields.
const sampleSpec = "sample_spec"

// perToken turns a price per token into one per million tokens, as a power of ten.
const perToken = 6

// liteLLM adds the models of LiteLLM's file. Prices of batches and of faster or slower service are
// not those of an ordinary request, and are left out.
func (l *List) liteLLM(doc gjson.Result) {
	doc.ForEach(func(name, model gjson.Result) bool {
		if name.Str == sampleSpec {
			return true
		}
		r := &reader{list: l, key: name.Str}
		base := model
		p := Price{Source: model.Get("source").Str}
		if tiers := model.Get("tiered_pricing"); tiers.IsArray() {
			base, p.Limit = tiers.Get("0"), limit(tiers.Get("0.range.1"))
		}
		p.Input, p.Output = r.price(base, "input_cost_per_token", perToken), r.price(base, "output_cost_per_token", perToken)
		p.CachedInput = or(r.price(base, "cache_read_input_token_cost", perToken), r.price(base, "input_cost_per_token_cache_hit", perToken))
		p.Reasoning = r.price(base, "output_cost_per_reasoning_token", perToken)
		p.Limit = least(p.Limit, tierOf(model))
		r.need(p)
		l.add(name.Str, &entry{prices: []dated{{Price: p}}, bad: r.err})
		return true
	})
}

// tierOf returns the number of input tokens above which a model has other prices, from the names of
// fields such as "input_cost_per_token_above_200k_tokens"; 0 if there is none.
func tierOf(model gjson.Result) (tokens int) {
	model.ForEach(func(field, _ gjson.Result) bool {
		for _, kind := range []string{"input_cost_per_token_above_", "output_cost_per_token_above_", "cache_read_input_token_cost_above_"} {
			above, ok := strings.CutPrefix(field.Str, kind)
			thousands, isTier := strings.CutSuffix(above, "k_tokens")
			if n, err := strconv.Atoi(thousands); ok && isTier && err == nil && n > 0 && n < 1e9 {
				tokens = least(tokens, 1000*n)
			}
		}
		return true
	})
	return tokens
}
