package harness

import (
	"context"
	"errors"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// PoolOptions says how pools are read.
type PoolOptions struct {
	LoadOptions
	// Models names the pool; nil for every model of the data.
	Models []string
	// Axis is what cost is counted in; "" stands for dollars.
	Axis results.Axis
	// Range is the range of budgets of the areas; the zero value stands for the range from the
	// cheapest model's cost to the best one's.
	Range pool.Range
	// Pricing says where costs in dollars come from.
	Pricing Pricing
}

// Pool is a data set made ready for the evaluation of predictors: complete outcomes of several
// models.
type Pool struct {
	name     string
	models   []string
	outcomes pool.Outcomes
}

// LoadPools reads data sets with the quality and the cost of every model of the pool. It leaves out
// rows that are contaminated, that a predictor was trained on, or that lack a value of a model.
func LoadPools(ctx context.Context, names []string, ps []Predictor, o PoolOptions) ([]*Pool, error) {
	return nil, errors.New("pools are not built yet")
}

// RunPools evaluates predictors on pools that were loaded for them.
func RunPools(ctx context.Context, ps []Predictor, pools []*Pool, o RunOptions) (*results.Document, error) {
	return nil, errors.New("pools are not built yet")
}
