package cmdutil

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/store"
	"github.com/routellm/routellm/routers/encoder"
)

// answerStore is the kind of the store that holds answers of models.
const answerStore = "answers"

// Asking is the models that a command asks. Get it from [AskFlags.Open], and close it after use.
type Asking struct {
	Models []AskedModel
	Budget *pace.Budget // Budget is shared by all models
	Cache  string       // Cache is the folder of the paid answers; "" if they are not kept
	MaxUSD float64      // MaxUSD is the most that the command may spend; +Inf without a limit
	store  ask.Store
	kept   *store.Store // nil without a cache
	keys   []string     // warnings about keys
	warned int          // number of warnings that Warn has given
}

// AskedModel is a model that a command asks.
type AskedModel struct {
	chat.Endpoint
	Client *chat.Client
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
	var warnings []string
	if err == nil && !o.DryRun {
		warnings, err = o.setKeys(models)
	}
	if err != nil {
		return nil, err
	}
	out, err := o.openStore(ctx)
	if err != nil {
		return nil, err
	}
	out.keys = warnings
	for i, m := range models {
		if err := out.add(m, limits[i], prices[i], o.Wrap); err != nil {
			return nil, errors.Join(err, out.Close())
		}
	}
	return out, nil
}

// noCache is the value of --cache that keeps no answer for the next run.
const noCache = "none"

func (o *AskFlags) openStore(ctx context.Context) (*Asking, error) {
	out := &Asking{Budget: pace.NewBudget(o.maxUSD), MaxUSD: o.maxUSD}
	if o.cache == noCache {
		out.store = new(ask.Memory)
		return out, nil
	}
	dir, err := o.cacheDir()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, dir, answerStore)
	if err != nil {
		return nil, fault.Wrap(err)
	}
	out.Cache, out.store, out.kept = dir, s, s
	return out, nil
}

// add opens a model.
func (a *Asking) add(m chat.Endpoint, limits pace.Limits, price *pricelist.Price, wrap func(ask.Client) ask.Client) error {
	client, err := chat.New(m)
	if err != nil {
		return err
	}
	count, err := tokenCounter()
	if err != nil {
		return err
	}
	pacer := pace.New(limits)
	client.OnPause(pacer.Pause)
	var asked ask.Client = client
	if wrap != nil {
		asked = wrap(client)
	}
	asker := ask.New(asked, ask.Options{Store: a.store, Pacer: pacer, Budget: a.Budget, Price: price, Count: count})
	a.Models = append(a.Models, AskedModel{m, client, asker, limits, price})
	return nil
}

// tokenCounter returns the count of the built-in encoder's tokens. It takes a word of more than 100
// characters for one token, which a long word without spaces is not.
func tokenCounter() (func(string) int, error) {
	e, err := encoder.Static()
	if err != nil {
		return nil, fault.Wrap(err)
	}
	return func(text string) int {
		return max(len(e.Tokens(nil, text)), utf8.RuneCountInString(text)/8)
	}, nil
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

// Warn calls note with each warning about keys and the cache that it has not given before. Call it
// once the models are open, and again after they were asked: damage shows when an answer is needed.
func (a *Asking) Warn(note func(string)) {
	all := slices.Clone(a.keys)
	if a.kept != nil {
		all = append(all, a.kept.Warnings()...)
	}
	for _, warning := range all[a.warned:] {
		note("warning: " + warning)
	}
	a.warned = len(all)
}

// Close closes the cache.
func (a *Asking) Close() error {
	if a.kept == nil {
		return nil
	}
	return a.kept.Close()
}
