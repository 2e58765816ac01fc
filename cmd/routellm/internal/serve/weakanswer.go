package serve

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/holdback"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/reply"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
	"github.com/routellm/routellm/routers"
)

// alternatives is the number of alternatives per token that a cascade's signals are of, as those of
// routellm answer are.
const alternatives = 5

// asking is one request to the weak model.
type asking struct {
	purpose decisionlog.Purpose
	ways    []way
	form    reply.Form
	to      *holdback.Answer // the answer
	err     error
	call    decisionlog.Call
}

// askWeak asks the weak model what the router needs, and returns its answer as the router reads it.
func (h *Handler) askWeak(r *http.Request, c *call) (routers.Answer, error) {
	k, form := c.cascade, reply.Form(c.endpoint.Name)
	c.measured() // the requests share it
	all := []*asking{{purpose: decisionlog.ForAnswer, ways: c.ways(), form: form}}
	for i := range c.router.Needs.Samples {
		all = append(all, &asking{purpose: decisionlog.ForSample, ways: c.sample(i + 1), form: form})
	}
	h.askAll(r, c, all)
	first := all[0]
	if first.err != nil {
		c.logCalls(all)
		return routers.Answer{}, first.err
	}
	k.held = first.to
	if len(c.certainty()) > 0 && k.held.Logprobs == "" && !k.held.Tools {
		h.faults.rarely.Log(slog.LevelWarn, "no log-probabilities", "the weak model's answer has no log-probabilities, which the cascade needs")
	}
	said := k.held.Answer(alternatives)
	if k.held.Usage.Found && k.held.Usage.Output >= 0 {
		said.Tokens = float64(k.held.Usage.Output)
	}
	said.Agreement = agreement(all)
	if c.router.Needs.PTrue && !k.held.Tools && c.request.Listed() {
		truth := &asking{purpose: decisionlog.ForTruth, ways: c.truth(said.Text), form: form}
		h.askAll(r, c, []*asking{truth})
		all = append(all, truth)
		said.PTrue = truthOf(truth)
	}
	c.logCalls(all)
	k.record.Finish, k.record.Signals = said.Finish, signalsOf(said)
	if k.JSON && !k.held.Tools && !json.Valid([]byte(said.Text)) {
		return said, &upstream.Failure{Kind: upstream.NotJSON}
	}
	return said, nil
}

// signalsOf returns what is known of an answer, for the decision log.
func signalsOf(a routers.Answer) map[string]float64 {
	all := map[string]float64{
		"output_tokens": a.Tokens, "logprob_mean": a.LogprobMean, "logprob_min": a.LogprobMin,
		"first_entropy": a.FirstEntropy, "agreement": a.Agreement, "p_true": a.PTrue,
	}
	maps.DeleteFunc(all, func(_ string, v float64) bool { return math.IsNaN(v) })
	return all
}

// errDropped is the cause of a context of samples of an answer that did not come.
var errDropped = errors.New("not needed any more")

// askAll asks the weak model everything at once, and waits for all answers. If the first does not
// come, nobody needs the others.
func (h *Handler) askAll(r *http.Request, c *call, all []*asking) {
	ctx, drop := context.WithCancelCause(r.Context())
	defer drop(nil)
	var wait sync.WaitGroup
	for i, a := range all {
		wait.Go(func() {
			defer a.recovered()
			if h.askOne(r.WithContext(ctx), c, a); i == 0 && a.err != nil {
				drop(errDropped)
			}
		})
	}
	wait.Wait()
}

// recovered makes a failure of a panic, which would end the whole server.
func (a *asking) recovered() {
	if recover() != nil { // the value may contain the answer
		a.to, a.err = nil, &upstream.Failure{Kind: upstream.Unreadable}
	}
}

// askOne asks the weak model once. For the answer it asks again with less, if the server refuses what
// the request asks for beside the client's own wishes.
func (h *Handler) askOne(r *http.Request, c *call, a *asking) {
	began := time.Now()
	asker := holdback.Asker{Set: &c.upstreams, By: weak, Memory: &h.bodies, Bytes: c.CascadeMaxAnswer, All: c.MaxBodies}
	for _, w := range a.ways {
		request := c.toSend(r)
		request.Content = func(model string) body.Content { return c.request.With(model, w.values...) }
		if w.content != nil {
			request.Content = w.content
		}
		if a.to, a.err = asker.Ask(request, a.form); a.err == nil && w.without != nil && !w.without.Swap(true) {
			h.log.Error("the weak model's server refuses what the cascade asks for beside the client's request, until the settings are read again", "refuses", w.refused)
		}
		if upstream.KindOf(a.err) != upstream.Status {
			break
		}
	}
	if a.err == nil && a.purpose == decisionlog.ForAnswer && !a.to.Tools && strings.TrimSpace(a.to.Text) == "" {
		a.err = &upstream.Failure{Kind: upstream.Empty}
	}
	a.call = decisionlog.Call{Purpose: a.purpose, Model: c.model(weak), LatencyS: time.Since(began).Seconds(), Error: string(upstream.KindOf(a.err))}
	if context.Cause(r.Context()) == errDropped {
		a.call.Error = "dropped"
	}
	if a.to != nil {
		a.call.InputTokens, a.call.OutputTokens, a.call.CachedTokens = tokensOf(&a.to.Usage)
	}
}

// logCalls keeps the calls, and frees the answers that no client gets.
func (c *call) logCalls(all []*asking) {
	for _, a := range all {
		c.cascade.record.Calls = append(c.cascade.record.Calls, a.call)
		if a.to != nil && a.to != c.cascade.held {
			a.to.Release()
		}
	}
}

// way is one way to ask the weak model.
type way struct {
	values  []body.Value                    // what the request has beside the client's own wishes
	content func(model string) body.Content // if non-nil, the whole request in their place
	without *atomic.Bool                    // if non-nil, to be set if this way is the first that succeeds
	refused string                          // what the server refuses then
}

// ways lists the ways to ask for the answer: with what makes it say how sure the model is and how many
// tokens it has, and with less.
func (c *call) ways() []way {
	certainty := c.certainty()
	var counts []body.Value
	if c.request.Stream && !c.cascade.Usage && reply.Form(c.endpoint.Name) != reply.Messages && !c.uncounted.Load() {
		counts = []body.Value{{Key: "stream_options", JSON: `{"include_usage":true}`}}
	}
	out := []way{{values: slices.Concat(certainty, counts)}}
	if len(counts) > 0 {
		out = append(out, way{values: certainty, without: &c.uncounted, refused: "stream_options"})
	}
	if len(certainty) > 0 {
		out = append(out, way{without: &c.plain, refused: "logprobs"})
	}
	return out
}

// certainty lists what a request must have so that the answer has log-probabilities.
func (c *call) certainty() (values []body.Value) {
	k, needs := c.cascade, c.router.Needs
	set := func(key, value string) { values = append(values, body.Value{Key: key, JSON: value}) }
	top := 0
	if needs.Entropy {
		top = alternatives
	}
	switch form := reply.Form(c.endpoint.Name); {
	case form == reply.Messages:
		return nil // Anthropic's API has none
	case !needs.Logprobs && !needs.Entropy:
	case form == reply.Chat:
		set("logprobs", "true")
		if top > k.Top {
			set("top_logprobs", strconv.Itoa(top))
		}
	case !k.Logprobs:
		set("logprobs", strconv.Itoa(max(top, 1)))
	}
	return values
}

// sample returns the i-th further request for an answer, which should agree with the first.
func (c *call) sample(i int) []way {
	var values []body.Value
	if c.request.Stream {
		values = append(values, body.Value{Key: "stream", JSON: "false"})
		if reply.Form(c.endpoint.Name) != reply.Messages {
			values = append(values, body.Value{Key: "stream_options", JSON: "null"})
		}
	}
	if c.cascade.Seeded { // the same seed would give the same answer
		values = append(values, body.Value{Key: "seed", JSON: strconv.Itoa(i)})
	}
	return []way{{values: values}}
}

// truth returns the question whether an answer is right, as [answers.TrueRequest] puts it.
func (c *call) truth(answer string) []way {
	return []way{{content: func(model string) body.Content {
		return c.request.After(model, answer, answers.TrueQuestion,
			body.Value{Key: "max_tokens", JSON: "1"}, body.Value{Key: "temperature", JSON: "0"},
			body.Value{Key: "logprobs", JSON: "true"}, body.Value{Key: "top_logprobs", JSON: strconv.Itoa(answers.TrueAlternatives)})
	}}}
}

// truthOf returns the probability that the model gives to its answer being right.
func truthOf(a *asking) float64 {
	if a.err != nil {
		return math.NaN()
	}
	return a.to.True()
}

// agreement returns the share of the samples that are equal to the answer; NaN without any.
func agreement(all []*asking) float64 {
	texts := make([]*string, len(all))
	for i, a := range all {
		if a.err == nil {
			texts[i] = &a.to.Text
		}
	}
	return answers.Agreement(texts)[0]
}

// tokensOf returns the token counts of an answer for the decision log; nil if they are not known.
func tokensOf(u *body.Usage) (input, output *int, cached int) {
	if !u.Found || min(u.Input, u.Output) < 0 { // a negative count is unknown
		return nil, nil, 0
	}
	return &u.Input, &u.Output, min(max(u.Cached, 0), u.Input)
}
