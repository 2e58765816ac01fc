package pricelist

import "github.com/tidwall/gjson"

// isModelsDev recognises the data of models.dev: an object of providers, each with an object of
// models, whose prices are per million tokens.
func isModelsDev(doc gjson.Result) bool {
	return doc.IsObject() && anyField(doc, func(provider gjson.Result) bool { return provider.Get("models").IsObject() })
}

// modelsDev adds the models of models.dev, under keys PROVIDER/MODEL. The file has a date of each
// model, but none of its price.
func (l *List) modelsDev(doc gjson.Result) {
	doc.ForEach(func(provider, about gjson.Result) bool {
		about.Get("models").ForEach(func(name, model gjson.Result) bool {
			key := provider.Str + "/" + name.Str
			r := &reader{list: l, key: key}
			cost := model.Get("cost")
			p := Price{
				Input: r.price(cost, "input", 0), Output: r.price(cost, "output", 0),
				CachedInput: r.price(cost, "cache_read", 0), Reasoning: r.price(cost, "reasoning", 0),
				Source: about.Get("doc").Str,
			}
			cost.Get("tiers").ForEach(func(_, tier gjson.Result) bool {
				p.Limit = least(p.Limit, limit(tier.Get("tier.size")))
				return true
			})
			if over := cost.Get("context_over_200k"); p.Limit == 0 && over.Exists() {
				p.Limit = 200_000
			}
			r.need(p)
			l.add(key, &entry{prices: []dated{{Price: p}}, bad: r.err})
			return true
		})
		return true
	})
}
