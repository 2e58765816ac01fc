package cmdutil

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/internal/hint"
)

// pricesOf returns the price of each model's tokens, nil where none is given.
func (o *AskFlags) pricesOf(ctx context.Context, models []chat.Endpoint) ([]*pricelist.Price, error) {
	for label := range o.prices {
		if err := knownLabel("price", label, models); err != nil {
			return nil, err
		}
	}
	for _, label := range o.free {
		if err := knownLabel("free", label, models); err != nil {
			return nil, err
		}
	}
	keys, err := labelled("alias", o.aliases, models)
	if err != nil {
		return nil, err
	}
	var list *pricelist.List
	if o.list != "" {
		if list, err = pricelist.Read(ctx, o.list); err != nil {
			return nil, err
		}
	}
	out := make([]*pricelist.Price, len(models))
	for i, m := range models {
		if out[i], err = o.priceOf(m, list, keys[m.Label]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// priceOf returns the price of one model: the given one, that of the list, or 0 for a free one.
func (o *AskFlags) priceOf(m chat.Endpoint, list *pricelist.List, key string) (*pricelist.Price, error) {
	if given, ok := o.prices[m.Label]; ok {
		return &given, nil
	}
	if slices.Contains(o.free, m.Label) {
		free := pricelist.PerMillion(0, 0)
		return &free, nil
	}
	if list == nil {
		return nil, nil
	}
	if key == "" && !list.Has(m.Model) && list.Has(m.Label) {
		key = m.Label
	} else if key == "" {
		key = m.Model
	}
	found, err := list.Find(key, o.asOf)
	if err != nil && o.asOf == "" { // a list without dates holds for what is asked today
		if today, undated := list.Find(key, time.Now().UTC().Format(time.DateOnly)); undated == nil {
			found, err = today, nil
		}
	}
	if err == nil && found.Free() {
		err = fmt.Errorf("%q: the price of %q is 0, as lists have it for prices that they do not know", o.list, key)
	}
	if err != nil {
		return nil, hint.With(err, fmt.Sprintf("--alias %s=KEY names the model in the list, --price %s=IN,OUT gives its price, --free %s says that it costs nothing", m.Label, m.Label, m.Label))
	}
	return &found, nil
}

// checkBudget returns an error if a budget is given and a model has no price.
func (o *AskFlags) checkBudget(models []chat.Endpoint, prices []*pricelist.Price) error {
	for i, p := range prices {
		if p == nil && !math.IsInf(o.maxUSD, 1) {
			return hint.With(fmt.Errorf("--max-usd needs the price of every model, and %q has none", models[i].Label),
				fmt.Sprintf("--price %s=IN,OUT gives its price in USD per million tokens; --prices FILE reads a list", models[i].Label),
				fmt.Sprintf("--free %s says that it costs nothing", models[i].Label))
		}
	}
	return nil
}
