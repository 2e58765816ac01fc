package random

import (
	"context"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
)

// Models returns nil: the pool decides, see [Router.ForPool].
func (Router) Models() []string { return nil }

// Predict returns no column, because no pool is known.
func (Router) Predict(_ context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	return quality, cost, nil
}

// ForPool returns the router that gives each model of the pool a quality in [0,1) that depends only
// on the prompt's ID and the model's name.
func (Router) ForPool(of routers.Pool) (routers.Predictor, error) {
	return among{models: of.Models}, nil
}

type among struct {
	Router
	models []string
}

func (a among) Models() []string { return a.models }

func (a among) Predict(_ context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	quality = pool.NewMatrix(len(prompts), len(a.models))
	for i, p := range prompts {
		for k, m := range a.models {
			quality.Row(i)[k] = fraction(p.ID + "\x00" + m)
		}
	}
	return quality, cost, nil
}
