package answers

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
)

const (
	// mostFaults is the number of faults in a row after which a run stops, and probeFaults that
	// before a model's first answer.
	mostFaults, probeFaults = 5, 3
	// mostRefused is the number of refusals before a model's first answer after which a run stops.
	mostRefused = 10
)

// ErrBudget says that the budget of a run was too small for all questions. The rest can still be
// written.
var ErrBudget = ask.ErrBudget

// Ask asks all models all questions that have no answer yet. Each model is asked one question first,
// so that a wrong key or address costs one request. A fault of the server that concerns every
// request ends the run; one that concerns a single prompt is noted, and stands in the file. If the
// budget is spent, Ask returns [ErrBudget]. After it or no error, call [Run.Write].
func (r *Run) Ask(ctx context.Context) error {
	r.status.Total = len(r.unique) * len(r.models)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	for _, m := range r.models {
		all.Go(func() {
			if err := r.askModel(ctx, m); err != nil {
				stop(err)
			}
		})
	}
	all.Wait()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case r.spent:
		return ErrBudget
	}
	return nil
}

// askModel asks one model all questions: one at a time until an answer arrives that was sent for,
// then several at a time.
func (r *Run) askModel(ctx context.Context, m *modelRun) error {
	var next atomic.Int64
	work := func(probe bool) error {
		for ctx.Err() == nil && !r.isSpent(m) {
			k := int(next.Add(1)) - 1
			if k >= len(r.unique) {
				return nil
			}
			if err := r.askOne(ctx, m, r.unique[k]); err != nil || probe && m.answered {
				return err
			}
		}
		return nil
	}
	if err := work(true); err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var workers sync.WaitGroup
	for range max(1, min(m.Limits.Concurrency, len(r.unique))) {
		workers.Go(func() {
			if err := work(false); err != nil {
				stop(err)
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// isSpent reports whether the budget was too small for a question to the model. Those that cost less
// go on.
func (r *Run) isSpent(m *modelRun) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return m.spent
}

// askOne asks a model one question. Its error ends the run.
func (r *Run) askOne(ctx context.Context, m *modelRun, q int32) error {
	request, err := r.request(int(q))
	if err != nil {
		return err
	}
	answer, cached, err := m.Asker.Ask(ctx, request)
	paid := 0.0
	if err == nil && m.True {
		paid, err = m.askTrue(ctx, request, answer)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, ask.ErrBudget):
		r.spent, m.spent = true, true
		return nil
	case err == nil:
		r.count(m, answer, cached)
		r.status.USD += paid
		m.stats.SpentUSD += paid
	default:
		if err := m.fail(q, err); err != nil {
			return err
		}
	}
	r.status.Done++
	if r.options.Progress != nil {
		r.options.Progress(r.status)
	}
	return nil
}

// count counts an answer. r.mu is held.
func (r *Run) count(m *modelRun, a chat.Answer, cached bool) {
	r.got, m.logprobs = true, m.logprobs || signalsOf(a) != nil
	if cached {
		return
	}
	m.answered, m.faults = true, 0
	m.sent++
	if t := a.InputTokens + a.OutputTokens; !math.IsNaN(t) {
		r.status.Tokens += t
	}
	if !math.IsNaN(a.CostUSD) {
		r.status.USD += a.CostUSD
		m.stats.SpentUSD += a.CostUSD
	}
}

// fail notes a question without an answer, or returns the error that ends the run.
func (m *modelRun) fail(q int32, err error) error {
	var refused *chat.Refused
	var broken *chat.Fault
	ended := func(why string) error { return fault.Wrap(fmt.Errorf("%q%s: %w", m.Label, why, err)) }
	switch {
	case errors.As(err, &refused):
		if m.refused++; !m.answered && m.refused == mostRefused {
			return ended(" refused all of the first " + text.Plural(mostRefused, "prompt"))
		}
		m.note(q, fmt.Sprintf("refused (%d)", refused.Status), err)
		return nil
	case ask.Fatal(err), errors.As(err, &broken) && broken.Final, !m.answered && errors.Is(err, syscall.ECONNREFUSED):
		return ended("")
	}
	if m.faults++; m.faults == mostFaults || !m.answered && m.faults == probeFaults {
		return ended(" failed " + text.Plural(m.faults, "time") + " in a row")
	}
	m.note(q, faultKind(broken), err)
	return nil
}

// faultKind names a kind of fault.
func faultKind(f *chat.Fault) string {
	switch {
	case f == nil:
		return "failed"
	case f.Status == 0:
		return "no answer"
	case f.Status == 200:
		return "unreadable answer"
	}
	return fmt.Sprintf("server error (%d)", f.Status)
}

func (m *modelRun) note(q int32, kind string, err error) {
	m.failed[q] = kind + ": " + shortened(err.Error())
	m.reasons[kind]++
}

// shortened returns at most 300 bytes of a text.
func shortened(s string) string {
	const most = 300
	if len(s) <= most {
		return s
	}
	return validUTF8(s[:most]) + "..."
}
