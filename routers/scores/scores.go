// Package scores routes by a file of scores or decisions that any other program made.
//
// For two models, [Open] reads scores and [OpenDecisions] decisions; [Embed] reads scores held in
// memory. For any number of models, [OpenPredictions] reads a score per model and [OpenChoices]
// decisions.
package scores

import (
	"context"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/byprompt"
)

// Router looks up each prompt's score by its ID or digest.
type Router struct {
	*prompts
	file *datasets.Scores
}

// prompts is what the file knows of prompts.
type prompts = byprompt.File

// Decisions looks up each prompt's decision: 1 for strong, 0 for weak.
type Decisions struct{ Router }

// Open reads a score file; see [datasets.ReadScores] for errors.
func Open(path string) (Router, error) {
	file, err := datasets.ReadScores(path)
	if err != nil {
		return Router{}, err
	}
	return newRouter(file), nil
}

// OpenDecisions reads a decision file; see [datasets.ReadDecisions] for errors. If the file names
// models, only the router of [Decisions.ForPair] has scores.
func OpenDecisions(path string) (Decisions, error) {
	file, err := datasets.ReadDecisions(path)
	if err != nil {
		return Decisions{}, err
	}
	return Decisions{newRouter(file)}, nil
}

func newRouter(file *datasets.Scores) Router { return Router{byprompt.New(&file.Keyed), file} }

// ForPair returns the router's decisions between the models of a pair, which the file may name:
// see [datasets.Scores.ForPair].
func (d Decisions) ForPair(strong, weak string) (routers.Router, error) {
	file, err := d.file.ForPair(strong, weak)
	if err != nil {
		return nil, err
	}
	d.file = file
	return d, nil
}

// Decides marks a router with one operating point, see [routers.Decider].
func (Decisions) Decides() {}

// Models returns nil: which models they are depends on the pool.
func (Decisions) Models() []string { return nil }

// Predict always fails, because decisions predict nothing.
func (Decisions) Predict(ctx context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	return routers.NoPredictions{}.Predict(ctx, prompts)
}

// ForPool returns the decisions as those among a pool's models, see [Choices.ForPool].
func (d Decisions) ForPool(of routers.Pool) (routers.Predictor, error) {
	return newChoices(d.file.Choices()).ForPool(of)
}

// Scores returns the file's score for each prompt. If prompts have none, the error names
// the first three.
func (r Router) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	at, err := r.Rows(prompts)
	if err != nil {
		return nil, err
	}
	return slicesx.Pick(r.file.Values, at), nil
}
