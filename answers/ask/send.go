package ask

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/internal/hint"
)

// fatal marks an error that every further request would have.
type fatal struct{ error }

func (f fatal) Unwrap() error { return f.error }

// Fatal reports whether an error of [Asker.Ask] concerns every request: the budget is spent, the
// store cannot be used, the server has a final fault, or the context is done. Other errors concern
// one request.
func Fatal(err error) bool {
	var f *chat.Fault
	return errors.As(err, new(fatal)) || errors.As(err, &f) && f.Final ||
		errors.Is(err, ErrBudget) || f == nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded))
}

// send sends a request when the limits and the budget allow it.
func (a *Asker) send(ctx context.Context, r chat.Request) (answer chat.Answer, err error) {
	t := a.tokens(r)
	used := math.NaN()
	if p := a.options.Pacer; p != nil {
		done, err := p.Wait(ctx, t.likely+positive(t.output))
		if err != nil {
			return answer, fatal{err}
		}
		defer func() { done(used) }()
	}
	settle, err := a.reserve(ctx, t)
	if err != nil {
		return answer, err
	}
	answer, err = a.client.Ask(ctx, r)
	cost := a.cost(answer)
	if err != nil {
		cost = costOfError(err)
	}
	settle(cost)
	used = answer.InputTokens + answer.OutputTokens
	return answer, err
}

// costOfError returns what a request without an answer cost: nothing if the server refused it, said
// that it failed, or was not reached. An answer that did not arrive may have been charged.
func costOfError(err error) float64 {
	var f *chat.Fault
	var op *net.OpError
	switch {
	case errors.As(err, new(*chat.Refused)), errors.As(err, &op) && op.Op == "dial":
		return 0
	case errors.As(err, &f) && f.Status != 0 && f.Status != http.StatusOK:
		return 0
	}
	return math.NaN()
}

// reserve takes the most that a request may cost from the budget.
func (a *Asker) reserve(ctx context.Context, t tokens) (settle func(float64), err error) {
	b := a.options.Budget
	if b == nil {
		return func(float64) {}, nil
	}
	most := a.dollars(t.most, t.output)
	if !math.IsInf(b.Left(), 1) && (math.IsNaN(most) || math.IsInf(most, 1)) {
		return nil, unbounded(a.options.Price, t)
	}
	if settle, err = b.Reserve(ctx, most); err != nil {
		return nil, fatal{err}
	}
	return settle, nil
}

// unbounded says why a request may cost any amount. Only a long prompt is a matter of this request.
func unbounded(p *pricelist.Price, t tokens) error {
	switch {
	case p == nil:
		return fatal{hint.With(errors.New("a budget needs the price of the model's tokens"), "give the price, or no budget")}
	case p.Limit > 0 && t.most > float64(p.Limit):
		return hint.With(fmt.Errorf("the price holds up to %d input tokens, and the request may have more: a budget needs a price", p.Limit), "shorten the prompt, or give no budget")
	}
	return fatal{hint.With(errors.New("a budget needs a limit of the tokens of an answer"), "give the largest number of tokens, or no budget")}
}

// cost returns what an answer cost: what the server says or, with a price, what its tokens cost.
func (a *Asker) cost(answer chat.Answer) float64 {
	p := a.options.Price
	if !math.IsNaN(answer.CostUSD) || p == nil {
		return answer.CostUSD
	}
	t := pricelist.Tokens{Input: answer.InputTokens, Output: answer.OutputTokens, Cached: positive(answer.CachedTokens)}
	if p.Check(t) != nil {
		return math.NaN()
	}
	return p.Cost(t)
}

// positive returns a number, or 0 in place of one that is not known or not finite.
func positive(x float64) float64 {
	if x > 0 && !math.IsInf(x, 1) {
		return x
	}
	return 0
}
