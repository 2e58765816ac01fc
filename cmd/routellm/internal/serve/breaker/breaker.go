// Package breaker decides whether a server is well enough to get requests.
//
// Call [New], then [Breaker.Ask] before each request and [Breaker.Done] with its [Outcome]. What
// libraries offer has one kind of failure, and closes only after several successes; this one knows
// answers that may be the request's own fault, and closes at the first good answer.
package breaker

import (
	"sync"
	"time"
)

// State says whether the server gets requests.
type State string

// The states.
const (
	Closed   State = "closed"    // it gets all requests
	Open     State = "open"      // it gets none until the cooldown ends
	HalfOpen State = "half-open" // it gets a few, until one of them is answered
)

// Outcome says what a request has shown about the server.
type Outcome int

// The outcomes.
const (
	Nothing  Outcome = iota // the client has left, or the fault is not the server's
	Good                    // the server answers
	Doubtful                // a failure that may be the request's fault, such as status 500
	Ill                     // the server cannot answer anyone
)

// Options are the settings of a [Breaker].
type Options struct {
	Failures uint32        // consecutive Ill outcomes that open it; at least 1
	Rate     float64       // share of Doubtful and Ill outcomes, in [0,1], that opens it; 0 for none
	Volume   uint32        // fewest outcomes within Window for Rate; at least 1
	Window   time.Duration // the time over which Rate is taken
	Trials   uint32        // requests that are let through after the cooldown; at least 1
	Cooldown time.Duration // how long it stays open
	Changed  func(State)   // if non-nil, called at each change; it must not call the breaker
}

// Breaker watches one server. It is safe for concurrent use.
type Breaker struct {
	Options

	mu       sync.Mutex
	state    State
	period   int       // counts the changes of state
	since    time.Time // when the cooldown or the current trials began
	failures uint32    // consecutive Ill outcomes
	recent   window
	trials   uint32 // requests let through since the time in since
	doubts   uint32 // Doubtful outcomes of trials
}

// Pass is the permission for one request.
type Pass struct{ period int }

// New returns a closed breaker.
func New(o Options) *Breaker {
	return &Breaker{Options: o, state: Closed, recent: window{length: o.Window}}
}

// Ask reports whether the server may get a request now. If so, the caller must call
// [Breaker.Done] once.
func (b *Breaker) Ask() (Pass, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.admits(time.Now()) {
		return Pass{}, false
	}
	if b.state == HalfOpen {
		b.trials++
	}
	return Pass{b.period}, true
}

// State returns the state, and whether the server may get a request now.
func (b *Breaker) State() (s State, admits bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	admits = b.admits(time.Now())
	return b.state, admits
}

// admits reports whether a request may pass. At the end of the cooldown it starts the trials.
// Trials that wait long for their answers do not keep the others away: after a further cooldown
// the next ones pass.
func (b *Breaker) admits(now time.Time) bool {
	if b.state == Closed {
		return true
	}
	cooled := now.Sub(b.since) >= b.Cooldown
	if b.state == Open && cooled {
		b.change(HalfOpen, now)
	} else if b.state == HalfOpen && cooled {
		b.since, b.trials = now, 0
	}
	return b.state == HalfOpen && b.trials < b.Trials
}

// Done takes the outcome of a request, which is known at the answer's first byte. Outcomes of
// requests from before the last change of state tell nothing new.
func (b *Breaker) Done(p Pass, outcome Outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	switch {
	case p.period != b.period:
	case b.state == Closed:
		b.count(outcome, now)
	case b.state == HalfOpen:
		b.tried(outcome, now)
	}
}

// count takes an outcome while the breaker is closed.
func (b *Breaker) count(outcome Outcome, now time.Time) {
	switch outcome {
	case Nothing:
		return
	case Good:
		b.failures = 0
	case Ill:
		b.failures++
	}
	good, bad := b.recent.add(now, outcome == Good)
	many := b.Rate > 0 && good+bad >= b.Volume && float64(bad) >= b.Rate*float64(good+bad)
	if outcome != Good && (b.failures >= b.Failures || many) {
		b.change(Open, now)
	}
}

// tried takes the outcome of a trial.
func (b *Breaker) tried(outcome Outcome, now time.Time) {
	switch outcome {
	case Good:
		b.change(Closed, now)
	case Ill:
		b.change(Open, now)
	case Doubtful:
		if b.doubts++; b.doubts >= b.Trials {
			b.change(Open, now)
		}
	case Nothing:
		b.trials -= min(b.trials, 1) // another one may try
	}
}

func (b *Breaker) change(to State, now time.Time) {
	b.state, b.since = to, now
	b.period++
	b.failures, b.trials, b.doubts = 0, 0, 0
	b.recent = window{length: b.Window}
	if b.Changed != nil {
		b.Changed(to)
	}
}
