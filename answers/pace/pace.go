// Package pace keeps requests to a server within limits: requests at a time, requests and tokens
// per minute, pauses that the server asks for, and dollars. Call [New] and [NewBudget].
package pace

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Limits bounds the requests to one server. A zero field other than Concurrency is no limit.
type Limits struct {
	Concurrency       int     // Concurrency is the number of concurrent requests; 0 means 1
	RequestsPerMinute float64 // RequestsPerMinute is spread evenly: 60 means one per second
	TokensPerMinute   float64 // TokensPerMinute is spread evenly too: a request is followed by the time that its tokens take
}

// Pacer lets requests through in the order in which they came. It is safe for concurrent use.
type Pacer struct {
	slots *semaphore.Weighted

	mu               sync.Mutex
	requests, tokens line
	paused           time.Time     // end of the last pause
	shift            time.Duration // time by which pauses have moved the starts of requests that wait
}

// line spaces requests evenly. A bucket that fills while nothing is sent, as in x/time/rate, would
// let a minute's requests through at once, and takes back no tokens that were not used.
type line struct {
	each time.Duration // time that one unit takes; 0 without a limit
	next time.Time     // when the next request may start
}

// New returns a pacer.
func New(l Limits) *Pacer {
	return &Pacer{
		slots:    semaphore.NewWeighted(int64(max(1, l.Concurrency))),
		requests: line{each: perUnit(l.RequestsPerMinute)},
		tokens:   line{each: perUnit(l.TokensPerMinute)},
	}
}

func perUnit(perMinute float64) time.Duration {
	if !(perMinute > 0) {
		return 0
	}
	return time.Duration(float64(time.Minute) / perMinute)
}

// take returns when n units may start, from a time on, and moves the start of those behind them.
func (l *line) take(n float64, from time.Time) time.Time {
	start := latest(from, l.next)
	l.next = start
	l.move(n)
	return start
}

// move moves the next start by n units, which may be negative.
func (l *line) move(n float64) { l.next = l.next.Add(time.Duration(n * float64(l.each))) }

// Wait waits until a request of about so many tokens may be sent. The caller calls done with the
// tokens that it used, NaN if they are not known, once. The error is the context's cause.
func (p *Pacer) Wait(ctx context.Context, tokens float64) (done func(used float64), err error) {
	if !(tokens > 0) {
		tokens = 0
	}
	if p.slots.Acquire(ctx, 1) != nil {
		return nil, context.Cause(ctx)
	}
	for start := p.reserve(tokens); ; {
		if err := sleepUntil(ctx, start()); err != nil {
			p.correct(-1, -tokens)
			p.slots.Release(1)
			return nil, err
		}
		if !start().After(time.Now()) {
			return func(used float64) {
				p.correct(0, used-tokens)
				p.slots.Release(1)
			}, nil
		}
	}
}

// reserve returns when a request may start, which a pause may move.
func (p *Pacer) reserve(tokens float64) (start func() time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	from, before := latest(time.Now(), p.paused), p.shift
	at := latest(p.requests.take(1, from), p.tokens.take(tokens, from))
	return func() time.Time {
		p.mu.Lock()
		defer p.mu.Unlock()
		return at.Add(p.shift - before)
	}
}

// correct moves later requests by what was reserved too little, or not used.
func (p *Pacer) correct(requests, tokens float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests.move(requests)
	if !math.IsNaN(tokens) {
		p.tokens.move(tokens)
	}
}

// Pause lets no request through for a while, because the server asked for it. Those that wait keep
// their order and their distances. A pause does not shorten another.
func (p *Pacer) Pause(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	from, until := latest(now, p.paused), now.Add(d)
	if !until.After(from) {
		return
	}
	more := until.Sub(from)
	p.paused = until
	p.shift += more
	p.requests.next, p.tokens.next = latest(now, p.requests.next).Add(more), latest(now, p.tokens.next).Add(more)
}

func latest(times ...time.Time) (out time.Time) {
	for _, t := range times {
		if t.After(out) {
			out = t
		}
	}
	return out
}

func sleepUntil(ctx context.Context, t time.Time) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	wait := time.Until(t)
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
