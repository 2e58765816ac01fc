// Package ask asks a model once per question: it answers from the store what was asked before,
// keeps new answers there at once, and stays within limits and a budget. [Asker] is what package
// answers and package judging ask through.
//
// A refusal is not kept: nobody paid for it, and it may be mended, such as a prompt that is too long
// for a server that is then started with a longer context.
package ask

import (
	"context"
	"sync"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/datasets/pricelist"
)

// ErrBudget says that the budget does not allow another request.
var ErrBudget = pace.ErrSpent

// Client asks a model. *chat.Client of this module is one.
type Client interface {
	Ask(ctx context.Context, r chat.Request) (chat.Answer, error)
	// Identity returns what distinguishes the model's answers from those of others, without the key.
	Identity() string
}

// Store keeps answers by a digest of what was asked. *store.Store of this module is one.
type Store interface {
	Get(digest [32]byte) (value []byte, ok bool, err error)
	Put(digest [32]byte, value []byte) error
}

// Options says how a model is asked. Nil fields are left out.
type Options struct {
	Store  Store                 // Store keeps the answers
	Pacer  *pace.Pacer           // Pacer keeps requests within the server's limits
	Budget *pace.Budget          // Budget is shared by all models of a run
	Price  *pricelist.Price      // Price is the price of the model's tokens
	Count  func(text string) int // Count estimates the tokens of a text; nil stands for a quarter of its characters
}

// Asker asks one model. It is safe for concurrent use.
type Asker struct {
	client  Client
	options Options

	mu     sync.Mutex
	flying map[[32]byte]*flight // the questions that are being asked
}

// flight is a question that is being asked, for all who ask it.
type flight struct {
	done   chan struct{}
	answer chat.Answer
	err    error

	cancelled bool // the one who asked stopped, which is no answer to the others
}

// New returns an asker. Before that, give the pacer's Pause to [chat.Client.OnPause], so that a
// pause that the server asks for holds all requests.
func New(c Client, o Options) *Asker {
	return &Asker{client: c, options: o, flying: map[[32]byte]*flight{}}
}

// Ask returns the model's answer, with its cost in USD if the server reports it or a price is known.
// cached reports that no request was sent: the answer is in the store, or the same question was
// being asked already. [Fatal] tells errors that concern every request from those of this one.
func (a *Asker) Ask(ctx context.Context, r chat.Request) (answer chat.Answer, cached bool, err error) {
	d, err := digest(a.client.Identity(), r)
	if err != nil {
		return answer, false, err
	}
	for {
		f, mine := a.join(d)
		if mine {
			defer a.leave(d, f)
			f.cancelled = true // holds if the client panics
			f.answer, cached, f.err = a.lookOrAsk(ctx, d, r)
			f.cancelled = f.err != nil && ctx.Err() != nil
			return f.answer, cached, f.err
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return answer, false, context.Cause(ctx)
		}
		if !f.cancelled {
			return fromStore(f.answer), f.err == nil, f.err
		}
	}
}

// join returns the flight of a question. mine reports that the caller has to ask, and then to leave.
func (a *Asker) join(d [32]byte) (f *flight, mine bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if f, ok := a.flying[d]; ok {
		return f, false
	}
	f = &flight{done: make(chan struct{})}
	a.flying[d] = f
	return f, true
}

func (a *Asker) leave(d [32]byte, f *flight) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.flying, d)
	close(f.done)
}

// lookOrAsk returns the stored answer, or else asks and stores.
func (a *Asker) lookOrAsk(ctx context.Context, d [32]byte, r chat.Request) (answer chat.Answer, cached bool, err error) {
	answer, cached, err = a.stored(d)
	if cached || err != nil {
		return answer, cached, err
	}
	if answer, err = a.send(ctx, r); err != nil {
		return answer, false, err
	}
	value, err := encode(answer)
	if err != nil {
		return answer, false, err
	}
	if a.options.Store != nil {
		if err := a.options.Store.Put(d, value); err != nil {
			return answer, false, fatal{err}
		}
	}
	if answer, err = a.decode(value); err != nil { // as it will come from the store
		return answer, false, err
	}
	return answer, false, nil
}

// stored returns the stored answer of a question.
func (a *Asker) stored(d [32]byte) (answer chat.Answer, ok bool, err error) {
	if a.options.Store == nil {
		return answer, false, nil
	}
	value, ok, err := a.options.Store.Get(d)
	if err != nil {
		return answer, false, fatal{err}
	}
	if !ok {
		return answer, false, nil
	}
	if answer, err = a.decode(value); err != nil {
		return answer, false, fatal{err}
	}
	return fromStore(answer), true, nil
}

// Known returns the stored answer of a request, without asking.
func (a *Asker) Known(r chat.Request) (answer chat.Answer, ok bool, err error) {
	d, err := digest(a.client.Identity(), r)
	if err != nil {
		return answer, false, err
	}
	return a.stored(d)
}

// fromStore returns an answer for which no request was sent.
func fromStore(answer chat.Answer) chat.Answer {
	answer.Requests = 0
	return answer
}
