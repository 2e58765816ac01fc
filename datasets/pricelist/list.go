package pricelist

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// List is a list of prices in a file.
type List struct {
	Path   string
	Format string // "table", "LiteLLM", "models.dev" or "genai-prices"
	SHA256 string // hex digest of the file's bytes

	entries map[string]*entry
	keys    []string // names of the models in the order of the file
	rules   map[string][]rule
}

// entry is a model of a list.
type entry struct {
	prices []dated // prices in the order in which they came into force
	// bad says why the model has no usable price; the error is returned for a model that is asked
	// for, so that a list of thousands is not useless for one of them.
	bad error
}

// dated is a price with the day or month from which it held; "" if the list does not say.
type dated struct {
	from string
	Price
}

// rule says which names of a provider's models an entry is for.
type rule struct {
	key     string
	matches func(name string) bool
}

// Len returns the number of models.
func (l *List) Len() int { return len(l.keys) }

// Has reports whether the list has a model of that name.
func (l *List) Has(key string) bool { return l.entries[key] != nil || l.byRule(key) != "" }

// add adds a model. A second one of the same name makes the name unusable.
func (l *List) add(key string, e *entry) {
	if l.entries[key] != nil {
		l.entries[key].bad = fmt.Errorf("%q: found the model %q twice, expected one price", l.Path, key)
		return
	}
	l.entries[key] = e
	l.keys = append(l.keys, key)
}

// Find returns the price of a model under its exact name, or under a name that a rule of the list
// itself is for. asOf is the day or month at which the price is to hold, "" for the newest price
// of a list that has dates. An error names similar keys.
func (l *List) Find(key, asOf string) (Price, error) {
	e, byRule := l.entries[key], false
	if e == nil {
		found := l.byRule(key)
		if found == "" {
			return Price{}, l.missing(key)
		}
		e, key, byRule = l.entries[found], found, true
	}
	if e.bad != nil {
		return Price{}, e.bad
	}
	p, err := e.at(asOf)
	if err != nil {
		return Price{}, fmt.Errorf("%q: model %q: %w", l.Path, key, err)
	}
	p.Key, p.ByRule = key, byRule
	return p, nil
}

// at returns the price that held at a day or month, "" for the newest.
func (e *entry) at(asOf string) (Price, error) {
	found := -1
	for i, p := range e.prices {
		if asOf == "" || p.from <= asOf {
			found = i
		}
	}
	if found < 0 {
		return Price{}, hint.With(fmt.Errorf("the first price is of %s, after %s", e.prices[0].from, asOf), "--as-of with a later date")
	}
	p := e.prices[found]
	if p.AsOf == "" {
		p.AsOf = asOf
	}
	if p.AsOf == "" {
		p.AsOf = p.from
	}
	if p.AsOf == "" {
		return Price{}, hint.With(fmt.Errorf("the list has no date of its prices"), "--as-of DATE says on which day they held, such as --as-of 2026-11-28")
	}
	return p.Price, nil
}

// byRule returns the key of the first model of a provider whose rule matches the rest of a name
// such as "openai/gpt-4o-2024-08-06"; "" if there is none.
func (l *List) byRule(name string) string {
	provider, model, ok := strings.Cut(name, "/")
	if !ok || model == "" {
		return ""
	}
	for _, r := range l.rules[provider] {
		if r.matches(model) {
			return r.key
		}
	}
	return ""
}

// shown is the number of keys in a hint.
const shown = 5

// missing returns the error of a model that the list lacks.
func (l *List) missing(key string) error {
	err := fmt.Errorf("%q: found no price of %q among %s", l.Path, key, text.Plural(len(l.keys), "model"))
	last := func(k string) string { return k[strings.LastIndexByte(k, '/')+1:] }
	same := slices.DeleteFunc(slices.Clone(l.keys), func(k string) bool { return !strings.EqualFold(last(k), last(key)) })
	if len(same) > 0 {
		return hint.With(err, fmt.Sprintf("the list has %s", text.Quoted(same, shown)), fmt.Sprintf("--alias '%s=%s' takes that price", key, same[0]))
	}
	if len(l.keys) <= shown {
		err = hint.With(err, "the list has "+text.Quoted(l.keys, shown))
	}
	return hint.With(hint.DidYouMean(err, key, l.keys), "--alias MODEL=KEY names the model of the list; --price MODEL=IN,OUT gives a price")
}
