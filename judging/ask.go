package judging

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// topLogprobs is the number of likely tokens to ask for: the most that OpenAI gives.
const topLogprobs = 20

// mostFaults is the number of questions in a row without a reply after which asking stops.
const mostFaults = 10

// mostUseless is the number of replies after which asking stops if none of them holds a label: the
// judge does not follow the text, and each further reply costs as much.
const mostUseless = 20

// Judgement holds the replies to questions.
type Judgement struct {
	Questions *Questions
	Replies   []Reply // Replies has one reply per question
	Usage     Usage
	Model     string // Model is the model that the server says answered; "" if it did not say
	Expected  bool   // Expected reports whether labels are means over likely ones
	ten       bool   // whether the judge writes "10" as one token
}

// Usage counts what judging took. A number of tokens or USD is NaN if a reply's is not known.
type Usage struct {
	Asked, Cached    int // questions that were sent, and that the store answered
	Input, Output    float64
	CostUSD, PaidUSD float64 // the cost of all replies, and that of those that were sent now
	Unlabelled       int     // questions without a label
}

// Ask asks the judge all questions. Questions without a usable reply have no label, which is no
// error, but if ten in a row have no reply at all, Ask returns the error of the last, and if none of the
// first twenty replies holds a label, what [Judgement.Useless] returns.
func (q *Questions) Ask(ctx context.Context, judge Judge) (*Judgement, error) {
	a := &asking{Questions: q, judge: judge, replies: make([]Reply, len(q.list)), answers: make([]usage, len(q.list))}
	if err := a.probe(ctx); err != nil {
		return nil, err
	}
	if err := a.all(ctx); err != nil {
		return nil, err
	}
	out := &Judgement{Questions: q, Replies: a.replies, Model: a.model}
	for i := range a.replies {
		out.ten = out.ten || a.replies[i].spread.ten
		out.Expected = out.Expected || a.replies[i].spread.known
		out.Usage.add(a.answers[i])
		if a.replies[i].Kind != Judged {
			out.Usage.Unlabelled++
		}
	}
	if q.options.Expected == On && !out.Expected {
		return nil, hint.With(errNoLogprobs, "--expected off takes the labels as the judge writes them")
	}
	return out, nil
}

// Useless returns an error that shows a reply if no reply holds a label.
func (j *Judgement) Useless() error {
	first := slices.IndexFunc(j.Replies, func(r Reply) bool { return r.Kind != "" })
	if first < 0 || slices.ContainsFunc(j.Replies, func(r Reply) bool { return r.Kind == Judged }) {
		return nil
	}
	r := j.Replies[first]
	advice := "the first reply: " + r.Why
	if r.Text != "" {
		advice += fmt.Sprintf(": %q", r.Text)
	}
	return hint.With(fault.Wrap(errors.New("no reply of the judge holds a label")), advice,
		"judges that think first need a larger --max-tokens", "small models follow a short text of your own better: --prompt-file")
}

// probe asks the first question with log-probabilities. A server that refuses it or reports none is
// asked without them from then on, if the user lets us choose.
func (a *asking) probe(ctx context.Context) error {
	if a.options.Expected == Off || a.options.Expected == On || len(a.list) == 0 {
		return nil
	}
	answer, cached, err := a.judge.Ask(ctx, a.Request(0))
	switch {
	case err == nil:
		a.keep(0, answer, cached)
		a.next, a.finished = 1, 1
		if answer.Tokens == nil {
			a.top = 0
		}
	case errors.As(err, new(*chat.Refused)) || final(err):
		a.top = 0 // whatever else is wrong shows when the question is asked again
	case ask.Fatal(err):
		return stopped(err, 0, len(a.list))
	}
	return nil
}

// keep keeps the reply to a question.
func (a *asking) keep(i int, answer chat.Answer, cached bool) {
	a.row = 0
	a.replies[i] = read(a.options.Mode, answer)
	if a.replies[i].Kind == Judged {
		a.labelled++
	}
	a.answers[i] = usage{answer.InputTokens, answer.OutputTokens, answer.CostUSD, cached, true}
	if i == 0 {
		a.model = answer.Model
	}
}

// final reports whether the server would refuse every other question too.
func final(err error) bool {
	var f *chat.Fault
	return errors.As(err, &f) && f.Final
}

// usage holds the tokens and cost of one reply.
type usage struct {
	input, output, cost float64
	cached, asked       bool
}

func (u *Usage) add(x usage) {
	if !x.asked {
		return
	}
	if x.cached {
		u.Cached++
	} else {
		u.Asked++
	}
	u.Input, u.Output, u.CostUSD = u.Input+x.input, u.Output+x.output, u.CostUSD+x.cost
	if !x.cached {
		u.PaidUSD += x.cost
	}
}

// asking asks questions concurrently.
type asking struct {
	*Questions
	judge   Judge
	replies []Reply
	answers []usage

	lock           sync.Mutex
	next           int
	finished, lost int // questions done, and those of them without a reply
	labelled       int // replies with a label
	row            int // questions in a row without a reply, refusals after the first reply aside
	first, fatal   error
	model          string
}

// all asks all questions.
func (a *asking) all(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var wait sync.WaitGroup
	for range min(max(1, a.options.Concurrency), len(a.list)) {
		wait.Go(func() {
			for i, ok := a.take(); ok; i, ok = a.take() {
				a.one(ctx, i)
				if a.stopped() {
					stop()
				}
			}
		})
	}
	wait.Wait()
	if a.fatal == nil && len(a.list) > 0 && a.lost == len(a.list) {
		a.fatal = a.first
	}
	return a.fatal
}

// take returns the next question.
func (a *asking) take() (int, bool) {
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.fatal != nil || a.next == len(a.list) {
		return 0, false
	}
	a.next++
	return a.next - 1, true
}

func (a *asking) stopped() bool {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.fatal != nil
}

// one asks one question.
func (a *asking) one(ctx context.Context, i int) {
	answer, cached, err := a.judge.Ask(ctx, a.Request(i))
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.fatal != nil {
		return
	}
	if err != nil {
		a.fail(ctx, i, err)
	} else {
		a.keep(i, answer, cached)
	}
	a.finished++
	if a.row >= mostFaults && a.fatal == nil {
		a.fatal = fault.Wrap(fmt.Errorf("asking the judge, %s in a row without a reply: %w", text.Plural(a.row, "question"), err))
	}
	if a.fatal == nil && a.labelled == 0 && a.finished-a.lost >= mostUseless {
		a.fatal = (&Judgement{Replies: a.replies}).Useless()
	}
	if a.fatal == nil && a.options.Progress != nil {
		a.fatal = a.options.Progress(a.finished, len(a.list))
	}
}

// fail notes that a question has no reply.
func (a *asking) fail(ctx context.Context, i int, err error) {
	var refused *chat.Refused
	switch {
	case final(err):
		a.fatal = fault.Wrap(fmt.Errorf("asking the judge: %w", err))
		return
	case ask.Fatal(err) || ctx.Err() != nil:
		a.fatal = stopped(err, a.finished, len(a.list))
		return
	case errors.As(err, &refused):
		a.replies[i].deny(Refused, fmt.Sprintf("the server refused the question (%d)", refused.Status))
	default:
		a.replies[i].deny(Failed, "the server did not answer")
	}
	a.lost++
	if refused == nil || a.lost > a.finished {
		a.row++
	}
	if a.first == nil {
		a.first = fault.Wrap(fmt.Errorf("asking the judge: %w", err))
	}
}

// stopped says how far asking came, and how to go on.
func stopped(err error, done, total int) error {
	advice := "run the same command again: what the judge answered is kept"
	if errors.Is(err, ask.ErrBudget) {
		advice = "raise --max-usd and " + advice
	}
	return hint.With(fault.Wrap(fmt.Errorf("asked %d of %s: %w", done, text.Plural(total, "question"), err)), advice)
}
