// Package serve is a proxy with the APIs of OpenAI and Anthropic: it lets a router decide which
// of two models should answer a request, and passes the request and the answer through.
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
)

// Router scores one prompt at a time. Score must be safe for concurrent use.
type Router struct {
	Name     string               // NAME in the model name router-NAME-THRESHOLD
	Identity decisionlog.Identity // what the decision log says of the router besides its name
	// Score returns a finite score, larger where the strong model is needed more. Each
	// request has its own id.
	Score func(ctx context.Context, id, text string) (float64, error)
}

// Settings are the options of a [Handler] or a [Server], without their keys.
type Settings struct {
	config.Config
	Routers     []Router        // one or more; the first, at Config.Threshold, answers to "routellm"
	ModelPrices prices.Table    // prices of the models, nil if they are not known
	Tracer      *tracing.Tracer // makes spans, if non-nil
}

// inForce returns what decides between the models, as attributes of a log line.
func (set Settings) inForce() []any {
	return []any{"router", set.Routers[0].Name, "threshold", set.Threshold, "strong", set.Strong.String(), "weak", set.Weak.String()}
}
