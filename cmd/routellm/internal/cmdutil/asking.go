package cmdutil

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/store"
)

// answerStore is the kind of the store that holds answers of models.
const answerStore = "answers"

// Asking is the models that a command asks. Get it from [AskFlags.Open], and close it after use.
type Asking struct {
	Models []AskedModel
	Budget *pace.Budget // Budget is shared by all models
	Cache  string       // Cache is the folder of the paid answers
	store  *store.Store
}

// AskedModel is a model that a command asks.
type AskedModel struct {
	chat.Endpoint
	Asker  *ask.Asker
	Limits pace.Limits
	Price  *pricelist.Price // Price is nil if it is not known
}

// Open checks the flags and opens the models and the cache of their answers. It sends no request.
// With --dry-run it needs no keys.
func (o *AskFlags) Open(ctx context.Context) (*Asking, error) {
	models, err := o.endpoints()
	if err != nil {
		return nil, err
	}
	limits, err := o.limits(models)
	if err != nil {
		return nil, err
	}
	prices, err := o.pricesOf(ctx, models)
	if err == nil {
		err = o.checkBudget(models, prices)
	}
	if err == nil && !o.DryRun {
		err = o.setKeys(models)
	}
	if err != nil {
		return nil, err
	}
	return o.open(ctx, models, limits, prices)
}

func (o *AskFlags) open(ctx context.Context, models []chat.Endpoint, limits []pace.Limits, prices []*pricelist.Price) (*Asking, error) {
	dir, err := o.cacheDir()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, dir, answerStore)
	if err != nil {
		return nil, fault.Wrap(err)
	}
	out := &Asking{Budget: pace.NewBudget(o.maxUSD), Cache: dir, store: s}
	for i, m := range models {
		client, err := chat.New(m)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		asker := ask.New(client, ask.Options{Store: s, Pacer: pace.New(limits[i]), Budget: out.Budget, Price: prices[i]})
		out.Models = append(out.Models, AskedModel{m, asker, limits[i], prices[i]})
	}
	return out, nil
}

// cacheDir returns the folder of the paid answers.
func (o *AskFlags) cacheDir() (string, error) {
	if o.cache != "" {
		return o.cache, nil
	}
	dir, err := datasets.CacheDir()
	if err != nil {
		return "", fault.Wrap(err)
	}
	return filepath.Join(dir, answerStore), nil
}

// Close closes the cache.
func (a *Asking) Close() error { return a.store.Close() }
