package pace

import (
	"context"
	"errors"
	"math"
	"sync"
)

// ErrSpent says that too little is left of a budget for a request.
var ErrSpent = errors.New("the budget is spent")

// Budget bounds the dollars that requests cost together. It is safe for concurrent use.
type Budget struct {
	mu       sync.Mutex
	limited  bool
	most     int64
	spent    int64
	reserved int64
	unknown  int
	settled  chan struct{} // is closed when a request is settled
}

// unit is the number of units of account in a dollar. Sums of whole units do not depend on the order
// of requests.
const unit = 1e12

// ceiling is the largest amount in units of account, about 2 million USD. Sums of two do not overflow.
const ceiling = math.MaxInt64 / 4

// NewBudget returns a budget in USD; +Inf is no limit.
func NewBudget(usd float64) *Budget {
	most, finite := units(usd)
	return &Budget{limited: finite, most: most, settled: make(chan struct{})}
}

// units returns dollars in units of account, and false for what is not an amount.
func units(usd float64) (int64, bool) {
	n := math.Round(usd * unit)
	if !(n >= 0 && n < ceiling) {
		return 0, false
	}
	return int64(n), true
}

// Reserve takes the most that a request may cost from what is left. While other requests may turn
// out to cost less than they reserved, it waits for them. The error is ErrSpent if too little is
// left, or the context's cause. Of a limited budget nothing can be reserved for a request whose most
// is not known: NaN is ErrSpent.
//
// The caller calls settle once, with what the request cost. NaN counts as the most that it may have
// cost. A server that charges more than that is the only way to pass the limit.
func (b *Budget) Reserve(ctx context.Context, usd float64) (settle func(cost float64), err error) {
	n, known := units(usd)
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.limited {
		switch {
		case !known || n > b.most-b.spent:
			return nil, ErrSpent
		case n <= b.most-b.spent-b.reserved:
			return b.take(n), nil
		}
		if err := b.wait(ctx); err != nil {
			return nil, err
		}
	}
	return b.take(n), nil
}

// wait waits until another request is settled. b.mu is held before and after.
func (b *Budget) wait(ctx context.Context) error {
	settled := b.settled
	b.mu.Unlock()
	defer b.mu.Lock()
	select {
	case <-settled:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (b *Budget) take(n int64) (settle func(cost float64)) {
	b.reserved += n
	return func(cost float64) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.reserved -= n
		c, known := units(cost)
		switch {
		case cost*unit >= ceiling: // a server may say so
			c, known = ceiling, true
		case !known && b.limited:
			c = n
		}
		b.spent = min(b.spent+c, ceiling)
		if !known {
			b.unknown++
		}
		close(b.settled)
		b.settled = make(chan struct{})
	}
}

// Spent returns the dollars spent so far. Requests whose cost is not known count with the most that
// they may have cost if the budget has a limit, and else with nothing.
func (b *Budget) Spent() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return float64(b.spent) / unit
}

// Unknown returns the number of requests whose cost is not known.
func (b *Budget) Unknown() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.unknown
}

// Left returns the dollars that are neither spent nor reserved; +Inf without a limit.
func (b *Budget) Left() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.limited {
		return math.Inf(1)
	}
	return float64(b.most-b.spent-b.reserved) / unit
}
