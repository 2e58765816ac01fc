// Package ask asks a model once per question: it answers from the store what was asked before,
// keeps new answers there at once, and stays within limits and a budget. [Asker] is what package
// answers and package judging ask through.
package ask

import (
	"context"
	"errors"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/datasets/pricelist"
)

// ErrBudget says that the budget does not allow another request.
var ErrBudget = errors.New("the budget is spent")

// Store keeps answers by a digest of what was asked. *store.Store of this module is one.
type Store interface {
	Get(digest [32]byte) (value []byte, ok bool, err error)
	Put(digest [32]byte, value []byte) error
}

// Options says how a model is asked.
type Options struct {
	Store  Store            // Store keeps the answers; nil keeps none
	Pacer  *pace.Pacer      // Pacer keeps requests within the server's limits
	Budget *pace.Budget     // Budget is shared by all models of a run
	Price  *pricelist.Price // Price is the price of the model's tokens; nil if unknown
}

// Asker asks one model. It is safe for concurrent use.
type Asker struct {
	client  *chat.Client
	options Options
}

// New returns an asker.
func New(c *chat.Client, o Options) *Asker { return &Asker{client: c, options: o} }

// Ask returns the model's answer, with its cost in USD if the server reports it or a price is
// known. cached reports that no request was sent.
func (a *Asker) Ask(ctx context.Context, r chat.Request) (answer chat.Answer, cached bool, err error) {
	return chat.Answer{}, false, errors.New("not built yet")
}

// Known returns the stored answer of a request, without asking.
func (a *Asker) Known(r chat.Request) (answer chat.Answer, ok bool, err error) {
	return chat.Answer{}, false, nil
}

// Estimate returns the least and the most USD that a request may cost, NaN if no price is known.
func (a *Asker) Estimate(r chat.Request) (least, most float64) { return 0, 0 }
