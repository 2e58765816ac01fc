package pace

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// starts sends n requests at once, each of which takes a while, and returns when they started,
// in seconds.
func starts(t *testing.T, p *Pacer, n int, tokens, used float64, takes time.Duration) []float64 {
	t.Helper()
	var mu sync.Mutex
	var out []float64
	var g sync.WaitGroup
	begin := time.Now()
	for range n {
		g.Go(func() {
			done, err := p.Wait(context.Background(), tokens)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			out = append(out, time.Since(begin).Seconds())
			mu.Unlock()
			time.Sleep(takes)
			done(used)
		})
	}
	g.Wait()
	return out
}

func TestPacer(t *testing.T) {
	for name, c := range map[string]struct {
		limits       Limits
		tokens, used float64
		want         []float64
	}{
		"no limits but one at a time": {Limits{}, 0, 0, []float64{0, 10, 20, 30}},
		"two at a time":               {Limits{Concurrency: 2}, 0, math.NaN(), []float64{0, 0, 10, 10}},
		"requests per minute":         {Limits{Concurrency: 9, RequestsPerMinute: 30}, 0, 0, []float64{0, 2, 4, 6}},
		"tokens per minute":           {Limits{Concurrency: 9, TokensPerMinute: 600}, 30, 30, []float64{0, 3, 6, 9}},
		"more tokens than a minute's": {Limits{Concurrency: 9, TokensPerMinute: 60}, 90, 90, []float64{0, 90, 180, 270}},
		"the scarcer limit":           {Limits{Concurrency: 9, RequestsPerMinute: 60, TokensPerMinute: 60}, 4, 4, []float64{0, 4, 8, 12}},
		"tokens that were not used":   {Limits{TokensPerMinute: 60}, 40, 15, []float64{0, 15, 30, 45}},
		"tokens beyond the estimate":  {Limits{TokensPerMinute: 60}, 5, 25, []float64{0, 25, 50, 75}},
		"tokens that are not known":   {Limits{TokensPerMinute: 60}, 20, math.NaN(), []float64{0, 20, 40, 60}},
		"an estimate that is missing": {Limits{TokensPerMinute: 60}, math.NaN(), 20, []float64{0, 20, 40, 60}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if got := starts(t, New(c.limits), 4, c.tokens, c.used, 10*time.Second); !slices.Equal(got, c.want) {
					t.Errorf("started at %v s, want %v", got, c.want)
				}
			})
		})
	}
}

func TestIdleTimeIsNotSavedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Limits{Concurrency: 9, RequestsPerMinute: 60})
		time.Sleep(time.Hour)
		if got := starts(t, p, 3, 0, 0, 0); !slices.Equal(got, []float64{0, 1, 2}) {
			t.Errorf("started at %v s", got)
		}
	})
}

func TestRequestsStartInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Limits{Concurrency: 2, RequestsPerMinute: 60})
		var mu sync.Mutex
		var order []int
		var g sync.WaitGroup
		for i := range 10 {
			g.Go(func() {
				done, err := p.Wait(context.Background(), 1)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
				time.Sleep(5 * time.Second)
				done(1)
			})
			synctest.Wait()
		}
		g.Wait()
		if !slices.IsSorted(order) || len(order) != 10 {
			t.Errorf("order %v", order)
		}
	})
}

// TestPauseHoldsEverybody pauses requests that come later, and those that already wait.
func TestPauseHoldsEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Limits{Concurrency: 9, RequestsPerMinute: 60})
		go func() {
			time.Sleep(1500 * time.Millisecond)
			p.Pause(30 * time.Second)
			p.Pause(time.Second)
			time.Sleep(time.Second)
			p.Pause(30 * time.Second)
		}()
		if got := starts(t, p, 4, 0, 0, 0); !slices.Equal(got, []float64{0, 1, 33, 34}) {
			t.Errorf("started at %v s", got)
		}
		p.Pause(time.Minute)
		if got := starts(t, p, 2, 0, 0, 0); !slices.Equal(got, []float64{61, 62}) {
			t.Errorf("started at %v s", got)
		}
	})
}

func TestACancelledRequestTakesNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Limits{Concurrency: 2, RequestsPerMinute: 6, TokensPerMinute: 60})
		starts(t, p, 1, 10, 10, 0)
		cause := errors.New("no more")
		ctx, cancel := context.WithCancelCause(context.Background())
		var g sync.WaitGroup
		for range 3 { // two wait for their turn, one for a slot
			g.Go(func() {
				if _, err := p.Wait(ctx, 50); !errors.Is(err, cause) {
					t.Errorf("error %v", err)
				}
			})
		}
		synctest.Wait()
		cancel(cause)
		g.Wait()
		if got := starts(t, p, 1, 10, 10, 0); !slices.Equal(got, []float64{10}) {
			t.Errorf("started at %v s, want 10", got)
		}
		if _, err := p.Wait(ctx, 0); !errors.Is(err, cause) {
			t.Errorf("error %v", err)
		}
	})
}
