package serve

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
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
	content func(model string) body.Content
	form    reply.Form
	to      *holdback.Answer // the answer
	err     error
	call    decisionlog.Call
}

// askWeak asks the weak model what the router needs, and returns its answer as the router reads it.
func (h *Handler) askWeak(r *http.Request, c *call) (routers.Answer, error) {
	k, form := c.cascade, reply.Form(c.endpoint.Name)
	c.measured() // the requests share it
	all := []*asking{{purpose: decisionlog.ForAnswer, content: c.withCertainty(), form: form}}
	for i := range c.router.Needs.Samples {
		all = append(all, &asking{purpose: decisionlog.ForSample, content: c.sample(i + 1), form: form})
	}
	h.askAll(r, c, all)
	first := all[0]
	if first.err != nil {
		c.logCalls(all)
		return routers.Answer{}, first.err
	}
	k.held = first.to
	said := k.held.Answer(alternatives)
	if k.held.Usage.Found && k.held.Usage.Output >= 0 {
		said.Tokens = float64(k.held.Usage.Output)
	}
	if form == reply.Completions && k.Logprobs && k.Top < alternatives {
		said.FirstEntropy = math.NaN() // the client's number of alternatives was asked for
	}
	said.Agreement = agreement(all)
	if c.router.Needs.PTrue && form == reply.Chat && !k.held.Tools {
		truth := &asking{purpose: decisionlog.ForTruth, content: c.truth(said.Text), form: form}
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
			if h.askOne(r.WithContext(ctx), c, a); i == 0 && a.err != nil {
				drop(errDropped)
			}
		})
	}
	wait.Wait()
}

// askOne asks the weak model once or, if it refuses what the request asks for beside the client's
// own wishes, once more without that.
func (h *Handler) askOne(r *http.Request, c *call, a *asking) {
	began := time.Now()
	asker := holdback.Asker{Set: &c.upstreams, By: weak, Memory: &h.bodies, Bytes: c.CascadeMaxAnswer, All: c.MaxBodies}
	request := c.toSend(r)
	request.Content = a.content
	a.to, a.err = asker.Ask(request, a.form)
	if upstream.KindOf(a.err) == upstream.Status && a.purpose == decisionlog.ForAnswer && !c.plain.Load() {
		request.Content = c.content
		if a.to, a.err = asker.Ask(request, a.form); a.err == nil && !c.plain.Swap(true) {
			h.log.Warn("the weak model's server refuses log-probabilities: a cascade judges its answers without them, until the settings are read again")
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

// withCertainty returns the client's request with what makes the answer say how sure the model is.
func (c *call) withCertainty() func(model string) body.Content {
	if c.plain.Load() {
		return c.content
	}
	values := c.certainty()
	return func(model string) body.Content { return c.request.With(model, values...) }
}

// certainty lists what a request must have beside the client's own wishes.
func (c *call) certainty() (values []body.Value) {
	k, needs := c.cascade, c.router.Needs
	set := func(key, value string) { values = append(values, body.Value{Key: key, JSON: value}) }
	top := 0
	if needs.Entropy {
		top = alternatives
	}
	switch form := reply.Form(c.endpoint.Name); {
	case form == reply.Messages:
		return nil // Anthropic's API has none, and always counts tokens
	case !needs.Logprobs && !needs.Entropy:
	case form == reply.Chat:
		set("logprobs", "true")
		if top > k.Top {
			set("top_logprobs", strconv.Itoa(top))
		}
	case !k.Logprobs:
		set("logprobs", strconv.Itoa(max(top, 1)))
	}
	if c.request.Stream && !k.Usage {
		set("stream_options", `{"include_usage":true}`)
	}
	return values
}

// sample returns the i-th further request for an answer, which should agree with the first.
func (c *call) sample(i int) func(model string) body.Content {
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
	return func(model string) body.Content { return c.request.With(model, values...) }
}

// truth returns the question whether an answer is right, as [answers.TrueRequest] puts it.
func (c *call) truth(answer string) func(model string) body.Content {
	return func(model string) body.Content {
		return c.request.After(model, answer, answers.TrueQuestion,
			body.Value{Key: "max_tokens", JSON: "1"}, body.Value{Key: "temperature", JSON: "0"},
			body.Value{Key: "logprobs", JSON: "true"}, body.Value{Key: "top_logprobs", JSON: strconv.Itoa(answers.TrueAlternatives)})
	}
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
