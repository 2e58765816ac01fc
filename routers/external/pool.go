package external

import (
	"context"
	"fmt"
	"math"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
)

// Models returns nil: the program is told the models of each pool.
func (c *Command) Models() []string { return nil }

// Predict always fails, because no pool is known.
func (c *Command) Predict(context.Context, []routers.Prompt) (quality, cost pool.Matrix, err error) {
	return quality, cost, errNoPool
}

// ForPool returns the program as a predictor of the pool's models. Each of its answers must have a
// score per model, in "scores", and may have costs, in "costs".
func (c *Command) ForPool(of routers.Pool) (routers.Predictor, error) {
	return &among{c, c, of.Models}, nil
}

// Models returns nil: the server is told the models of each pool.
func (s *Server) Models() []string { return nil }

// Predict always fails, because no pool is known.
func (s *Server) Predict(context.Context, []routers.Prompt) (quality, cost pool.Matrix, err error) {
	return quality, cost, errNoPool
}

// ForPool returns the server as a predictor of the pool's models, see [Command.ForPool].
func (s *Server) ForPool(of routers.Pool) (routers.Predictor, error) {
	return &among{s, s, of.Models}, nil
}

var errNoPool = fmt.Errorf("the router is told the models to choose among, and there are none")

// among is a program that predicts the models of a pool.
type among struct {
	routers.Router
	by     asker
	models []string
}

func (a *among) Unwrap() any { return a.Router }

func (a *among) Models() []string { return a.models }

func (a *among) Predict(ctx context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	if err := checkText(prompts); err != nil || len(prompts) == 0 {
		return pool.NewMatrix(0, len(a.models)), cost, err
	}
	quality, cost = pool.NewMatrix(len(prompts), len(a.models)), pool.NewMatrix(len(prompts), len(a.models))
	withCosts := 0
	err = a.by.ask(ctx, prompts, a.models, func(i int, got answer) error {
		if err := a.fill(quality.Row(i), got.Scores, "score", math.Inf(-1)); err != nil {
			return err
		}
		if got.Costs == nil {
			return nil
		}
		withCosts++
		return a.fill(cost.Row(i), got.Costs, "cost", 0)
	})
	switch {
	case err != nil:
	case withCosts == 0:
		cost = pool.Matrix{}
	case withCosts < len(prompts):
		err = hint.With(fmt.Errorf("%d of %d answers have costs", withCosts, len(prompts)), "predict the cost of every model for every prompt, or none")
	}
	return quality, cost, err
}

// fill writes the values of all models to row.
func (a *among) fill(row []float64, values map[string]*float64, what string, least float64) error {
	for k, m := range a.models {
		v := values[m]
		if v == nil {
			return hint.With(fmt.Errorf("the answer has no %s of %q", what, m), fmt.Sprintf("among several models, an answer has a number for each: \"%ss\": {%q: NUMBER, ...}", what, m))
		}
		if *v < least {
			return fmt.Errorf("the %s of %q is %v: expected %v or more", what, m, *v, least)
		}
		row[k] = *v
	}
	return nil
}
