// Package serve is a proxy with the APIs of OpenAI and Anthropic: it lets a router decide which
// of two or more models should answer a request, and passes the request and the answer through.
//
// Call [NewHandler] for an [http.Handler], or [New] for a [Server], which also listens,
// reloads its [Settings] and drains. A [Router] scores prompts. Package config reads
// settings from flags, files and the environment; package decisionlog keeps a record per
// request.
package serve

import (
	"context"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/tracing"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// Router scores one prompt at a time. Score and Predict must be safe for concurrent use.
type Router struct {
	Name     string               // NAME in the model names router-NAME-THRESHOLD and router-NAME-LAMBDA
	Identity decisionlog.Identity // what the decision log says of the router besides its name
	// Score returns a finite score, larger where the strong model is needed more, and whether the
	// text is unlike all that the router was trained on, nil if the router cannot tell. Each request
	// has its own id.
	Score func(ctx context.Context, id, text string) (score float64, unlike *bool, err error)
	// Judge takes the place of Score in a cascade: it scores a prompt by the weak model's answer to it,
	// of which Needs says what is to be known.
	Judge func(ctx context.Context, id, text string, answer routers.Answer) (float64, error)
	Needs routers.AnswerNeeds
	// Predict takes the place of Score among several models. It returns the predicted quality and
	// cost of each upstream's answer, finite numbers in the order of Config.Pool.
	Predict func(ctx context.Context, id, text string) (quality, cost []float64, err error)
}

// Settings are the options of a [Handler] or a [Server], without their keys.
type Settings struct {
	config.Config
	Routers     []Router           // one or more; the first, at Config.Threshold or with Policy, answers to "routellm"
	Policy      results.PoolPolicy // what Config.Pool's models are chosen by; not used between two
	ModelPrices prices.Table       // prices of the models, nil if they are not known
	Tracer      *tracing.Tracer    // makes spans, if non-nil
}

// inForce returns what decides between the models, as attributes of a log line.
func (set Settings) inForce() []any {
	if set.Several() {
		return []any{"router", set.Routers[0].Name, "lambda", set.cut(), "upstreams", set.Pool.String()}
	}
	return []any{"router", set.Routers[0].Name, "threshold", set.Threshold, "strong", set.Strong.String(), "weak", set.Weak.String()}
}

// cut returns the threshold of the first router or, among several models, lambda: NaN if one model
// answers every prompt.
func (set Settings) cut() float64 {
	if set.Several() {
		return float64(set.Policy.Lambda)
	}
	return set.Threshold
}

// allowed returns the thresholds or the lambdas that clients may ask for.
func (set Settings) allowed() config.Thresholds {
	if set.Several() {
		return set.ClientLambdas
	}
	return set.ClientThresholds
}
