package pricelist

import (
	"regexp"
	"strings"

	"github.com/tidwall/gjson"
)

// isGenAI recognises the data of genai-prices: an array of providers, each with an array of models
// that have rules and prices.
func isGenAI(doc gjson.Result) bool {
	return doc.IsArray() && anyField(doc, func(provider gjson.Result) bool {
		return anyField(provider.Get("models"), func(model gjson.Result) bool { return model.Get("prices").Exists() })
	})
}

// genAI adds the models of genai-prices, under keys PROVIDER/ID.
func (l *List) genAI(doc gjson.Result) {
	doc.ForEach(func(_, provider gjson.Result) bool {
		id := provider.Get("id").Str
		provider.Get("models").ForEach(func(_, model gjson.Result) bool {
			key := id + "/" + model.Get("id").Str
			r := &reader{list: l, key: key}
			e := &entry{prices: r.history(model.Get("prices"), provider.Get("pricing_urls.0").Str)}
			e.bad = r.err
			l.add(key, e)
			l.rules[id] = append(l.rules[id], rule{key, matcher(model.Get("match"))})
			return true
		})
		return true
	})
}

// history returns the prices of a model in the order in which they came into force: one object, or
// an array of which the last entry that holds counts.
func (r *reader) history(prices gjson.Result, source string) (out []dated) {
	if !prices.IsArray() {
		return []dated{{Price: r.genAIPrice(prices, source)}}
	}
	prices.ForEach(func(_, step gjson.Result) bool {
		constraint := step.Get("constraint")
		if constraint.Get("start_time").Exists() || constraint.Get("end_time").Exists() {
			r.fail("the price depends on the time of day: give it with --price")
			return false
		}
		from := constraint.Get("start_date").Str
		switch _, isDate := day(from); {
		case from == "" && constraint.IsObject(), from != "" && !isDate:
			r.fail("field %q: found %s, expected a start_date such as 2026-11-28", "constraint", clip(constraint.Raw))
		case len(out) > 0 && from < out[len(out)-1].from:
			r.fail("field %q: found %q after %q, expected dates in order", "start_date", from, out[len(out)-1].from)
		}
		out = append(out, dated{from, r.genAIPrice(step.Get("prices"), source)})
		return true
	})
	if len(out) == 0 {
		r.fail("found no price")
	}
	return out
}

// genAIPrice returns the prices per million tokens in an object.
func (r *reader) genAIPrice(prices gjson.Result, source string) Price {
	p := Price{Source: source}
	for _, f := range []struct {
		field string
		to    *float64
	}{{"input_mtok", &p.Input}, {"output_mtok", &p.Output}, {"cache_read_mtok", &p.CachedInput}, {"output_reasoning_mtok", &p.Reasoning}} {
		v := prices.Get(f.field)
		if v.IsObject() { // tiers
			v.Get("tiers").ForEach(func(_, tier gjson.Result) bool {
				p.Limit = least(p.Limit, limit(tier.Get("start")))
				return true
			})
			v = v.Get("base")
		}
		*f.to = r.number(v, f.field, 0)
	}
	r.need(p)
	return p
}

// matcher returns the function that says which names a rule of genai-prices is for. Letters of
// either case are alike, except in regular expressions. An unknown rule matches nothing.
func matcher(rule gjson.Result) func(name string) bool {
	kind, value := "", gjson.Result{}
	rule.ForEach(func(k, v gjson.Result) bool {
		kind, value = k.Str, v
		return false
	})
	lower := strings.ToLower(value.Str)
	switch kind {
	case "equals":
		return func(name string) bool { return strings.ToLower(name) == lower }
	case "starts_with":
		return func(name string) bool { return strings.HasPrefix(strings.ToLower(name), lower) }
	case "ends_with":
		return func(name string) bool { return strings.HasSuffix(strings.ToLower(name), lower) }
	case "contains":
		return func(name string) bool { return strings.Contains(strings.ToLower(name), lower) }
	case "regex":
		if re, err := regexp.Compile(value.Str); err == nil {
			return func(name string) bool { return re.MatchString(strings.ToLower(name)) }
		}
	case "or", "and":
		return combined(value, kind == "or")
	}
	return func(string) bool { return false }
}

// combined returns the function that says whether any rule matches, or whether all do.
func combined(list gjson.Result, any bool) func(name string) bool {
	var rules []func(string) bool
	list.ForEach(func(_, v gjson.Result) bool {
		rules = append(rules, matcher(v))
		return true
	})
	return func(name string) bool {
		for _, matches := range rules {
			if matches(name) == any {
				return any
			}
		}
		return !any && len(rules) > 0
	}
}
