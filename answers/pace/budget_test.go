package pace

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestBudgetIsNeverPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, r := NewBudget(1), rand.New(rand.NewPCG(1, 2))
		var mu sync.Mutex
		paid, refused := 0.0, 0
		var g sync.WaitGroup
		for range 200 {
			most := r.Float64() / 10
			cost, takes := most*r.Float64(), time.Duration(r.IntN(1e9))
			g.Go(func() {
				settle, err := b.Reserve(context.Background(), most)
				mu.Lock()
				if err != nil {
					refused++
				}
				mu.Unlock()
				if err != nil {
					return
				}
				if left := b.Left(); left < 0 {
					t.Errorf("%v left", left)
				}
				time.Sleep(takes)
				mu.Lock()
				paid += cost
				mu.Unlock()
				settle(cost)
			})
		}
		g.Wait()
		if math.Abs(b.Spent()-paid) > 1e-9 || paid > 1 || paid < 0.8 || refused == 0 || math.Abs(b.Spent()+b.Left()-1) > 1e-9 {
			t.Errorf("spent %v, paid %v, left %v, %d refused", b.Spent(), paid, b.Left(), refused)
		}
	})
}

// TestReserveWaits lets requests that cost much less than they may use the whole budget.
func TestReserveWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(1)
		var g sync.WaitGroup
		for range 30 {
			g.Go(func() {
				settle, err := b.Reserve(context.Background(), 0.4)
				if err != nil {
					t.Error(err)
					return
				}
				time.Sleep(time.Second)
				settle(0.02)
			})
		}
		g.Wait()
		if b.Spent() != 0.6 || b.Left() != 0.4 {
			t.Errorf("spent %v, left %v", b.Spent(), b.Left())
		}
	})
}

func TestReserveCases(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for name, c := range map[string]struct {
		budget, most, cost float64
		ok                 bool
		spent, left        float64
		unknown            int
	}{
		"all of it":               {1, 1, 1, true, 1, 0, 0},
		"too much":                {1, 1.000001, 0, false, 0, 1, 0},
		"nothing of nothing":      {0, 0, 0, true, 0, 0, 0},
		"something of nothing":    {0, 1e-9, 0, false, 0, 0, 0},
		"unknown most":            {1, nan, 0, false, 0, 1, 0},
		"infinite most":           {1, inf, 0, false, 0, 1, 0},
		"unknown cost":            {1, 0.25, nan, true, 0.25, 0.75, 1},
		"negative cost":           {1, 0.25, -1, true, 0.25, 0.75, 1},
		"more than the most":      {1, 0.25, 2, true, 2, -1, 0},
		"more than an amount":     {1, 0.25, 1e300, true, ceiling / unit, 1 - ceiling/unit, 0},
		"no limit, too much":      {inf, 5, inf, true, ceiling / unit, inf, 0},
		"no limit":                {inf, 5, 3, true, 3, inf, 0},
		"no limit, unknown most":  {inf, nan, 3, true, 3, inf, 0},
		"no limit, unknown costs": {inf, nan, nan, true, 0, inf, 1},
	} {
		b := NewBudget(c.budget)
		settle, err := b.Reserve(context.Background(), c.most)
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrSpent) {
			t.Errorf("%s: error %v", name, err)
		}
		if err == nil {
			settle(c.cost)
		}
		if b.Spent() != c.spent || b.Left() != c.left || b.Unknown() != c.unknown {
			t.Errorf("%s: spent %v, left %v, %d unknown", name, b.Spent(), b.Left(), b.Unknown())
		}
	}
}

func TestReserveStopsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(1)
		settle, err := b.Reserve(context.Background(), 1)
		if err != nil {
			t.Fatal(err)
		}
		cause := errors.New("no more")
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(time.Second, func() { cancel(cause) })
		if _, err := b.Reserve(ctx, 0.5); !errors.Is(err, cause) {
			t.Errorf("error %v", err)
		}
		settle(1)
		if _, err := b.Reserve(context.Background(), 0.5); !errors.Is(err, ErrSpent) {
			t.Errorf("error %v", err)
		}
	})
}

// TestSpentDoesNotOverflow has a server that charges a fortune for each of many requests at a time.
func TestSpentDoesNotOverflow(t *testing.T) {
	b := NewBudget(1)
	var settle []func(float64)
	for range 10 {
		s, err := b.Reserve(context.Background(), 0.1)
		if err != nil {
			t.Fatal(err)
		}
		settle = append(settle, s)
	}
	for _, s := range settle {
		s(2e6)
	}
	if _, err := b.Reserve(context.Background(), 0.1); !errors.Is(err, ErrSpent) || b.Spent() < 2e6 {
		t.Errorf("spent %v, left %v: %v", b.Spent(), b.Left(), err)
	}
}
