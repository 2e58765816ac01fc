// Package pace keeps requests to a server within limits: requests at a time, requests and tokens
// per minute, pauses that the server asks for, and dollars. Call [New] and [NewBudget].
package pace

import (
	"context"
	"errors"
	"time"
)

// Limits bounds the requests to one server. A zero field other than Concurrency is no limit.
type Limits struct {
	Concurrency       int
	RequestsPerMinute float64
	TokensPerMinute   float64
}

// Pacer lets requests through. It is safe for concurrent use.
type Pacer struct{ limits Limits }

// New returns a pacer.
func New(l Limits) *Pacer { return &Pacer{limits: l} }

// Wait waits until a request of about so many tokens may be sent. The caller calls done with the
// tokens that it used, once.
func (p *Pacer) Wait(ctx context.Context, tokens float64) (done func(used float64), err error) {
	return nil, errors.New("not built yet")
}

// Pause lets no request through for a while, because the server asked for it.
func (p *Pacer) Pause(d time.Duration) {}

// Budget bounds the dollars that requests cost together. It is safe for concurrent use.
type Budget struct{ most float64 }

// NewBudget returns a budget in USD; +Inf is no limit.
func NewBudget(usd float64) *Budget { return &Budget{most: usd} }

// Reserve takes the most that a request may cost from what is left. It returns false, and takes
// nothing, if too little is left. The caller calls settle with what the request cost, once.
func (b *Budget) Reserve(usd float64) (settle func(cost float64), ok bool) { return nil, false }

// Spent returns the dollars spent so far.
func (b *Budget) Spent() float64 { return 0 }
