package scores

import (
	"context"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/byprompt"
)

// Predictions is a predictor in a file: it looks up what another program predicted of each model.
type Predictions struct {
	*prompts
	file *datasets.ModelScores
}

// OpenPredictions reads a file with scores per model; see [datasets.ReadModelScores] for errors.
func OpenPredictions(path string) (*Predictions, error) {
	file, err := datasets.ReadModelScores(path)
	if err != nil {
		return nil, err
	}
	return &Predictions{byprompt.New(&file.Keyed), file}, nil
}

// Models returns the models with scores.
func (p *Predictions) Models() []string { return p.file.Models }

// Predict returns the file's scores and costs of every model. See [Predictions.ForPool] for a file
// in which some models lack values.
func (p *Predictions) Predict(ctx context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	all, err := p.ForPool(routers.Pool{Models: p.file.Models})
	if err != nil {
		return quality, cost, err
	}
	return all.Predict(ctx, prompts)
}

// ForPool returns the predictor of some models. A model without a column or with missing or
// non-finite scores is an error, and so are costs of some models only.
func (p *Predictions) ForPool(of routers.Pool) (routers.Predictor, error) {
	out := &columns{Predictions: p, models: of.Models}
	for _, m := range of.Models {
		values, err := p.file.ScoresOf(m)
		if err != nil {
			return nil, err
		}
		out.quality = append(out.quality, values)
	}
	var err error
	out.cost, err = p.file.CostsOf(of.Models)
	return out, err
}

// columns are the predictions of some models.
type columns struct {
	*Predictions
	models        []string
	quality, cost [][]float64 // [model][row]; no cost if the file has none
}

func (c *columns) Unwrap() any { return c.Predictions }

func (c *columns) Models() []string { return c.models }

func (c *columns) ForPool(of routers.Pool) (routers.Predictor, error) {
	return c.Predictions.ForPool(of)
}

func (c *columns) Predict(_ context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	at, err := c.Rows(prompts)
	if err != nil {
		return quality, cost, err
	}
	return matrixOf(c.quality, at), matrixOf(c.cost, at), nil
}

// matrixOf returns some rows of columns.
func matrixOf(columns [][]float64, at []int) pool.Matrix {
	m := pool.NewMatrix(len(at), len(columns))
	for k, values := range columns {
		for i, row := range at {
			m.Row(i)[k] = values[row]
		}
	}
	return m
}
