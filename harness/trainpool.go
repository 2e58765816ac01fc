package harness

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers/cluster"
	"github.com/routellm/routellm/routers/factors"
	"github.com/routellm/routellm/routers/linear"
	"github.com/routellm/routellm/routers/nearest"
	"github.com/routellm/routellm/routers/subject"
	"github.com/routellm/routellm/routers/training"
)

// TrainPoolOptions says what a router among several models is trained on, and how it is validated.
// Pair is not used.
type TrainPoolOptions struct {
	TrainOptions
	// Models names the models; nil stands for every model of the data.
	Models []string
	// Pricing says where costs in dollars come from.
	Pricing Pricing
	// MeanCost predicts a model's mean cost for every prompt, also by routers that could predict a
	// cost per prompt.
	MeanCost bool
	// Resamples is the number of bootstrap resamples of the intervals; 0 for none.
	Resamples int
	// Confidence is the confidence of the intervals.
	Confidence float64
}

// PoolTraining is the result of training a router among several models.
type PoolTraining struct {
	Router  string // Router is the name of the router
	Model   TrainedModel
	Prompts int // Prompts is the number of training prompts
	Parts   int // Parts is the number of parts of the cross-validation
	Models  []TrainedOnModel
	Choices []training.Choice // Choices lists the settings that cross-validation chose
	// Complete is the number of prompts on which every model was measured, with its cost. The
	// evaluation is on these.
	Complete int
	// Evaluation measures predictions that are out of fold. Its only router is the trained one. It
	// is nil if no prompt is complete.
	Evaluation *pool.Evaluation
	Confidence float64
}

// TrainedOnModel is one model in a training.
type TrainedOnModel struct {
	Name string
	Rows int // Rows is the number of prompts on which it was measured
	// Quality and Cost are the means over these prompts. Cost is in USD per prompt, and NaN if it is
	// known of none.
	Quality, Cost float64
}

// CostTarget is the share of the best model's quality of which trainings show the cost.
const CostTarget = 0.95

// poolTrainers has the training function of each router among several models.
var poolTrainers = map[string]func(context.Context, *training.Outcomes, training.Options, float32, bool) (TrainedModel, training.Validation, error){
	"linear": func(ctx context.Context, x *training.Outcomes, o training.Options, _ float32, mean bool) (TrainedModel, training.Validation, error) {
		return validated(linear.Train(ctx, x, linear.Options{Options: o, MeanCost: mean}))
	},
	"knn": func(ctx context.Context, x *training.Outcomes, o training.Options, unit float32, mean bool) (TrainedModel, training.Validation, error) {
		return validated(nearest.Train(ctx, x, nearest.Options{Options: o, Unit: unit, MeanCost: mean}))
	},
	"cluster": func(ctx context.Context, x *training.Outcomes, o training.Options, unit float32, mean bool) (TrainedModel, training.Validation, error) {
		return validated(cluster.Train(ctx, x, cluster.Options{Options: o, Unit: unit, MeanCost: mean}))
	},
	"mf": func(ctx context.Context, x *training.Outcomes, o training.Options, _ float32, _ bool) (TrainedModel, training.Validation, error) {
		return validated(factors.Train(ctx, x, o))
	},
	"subject": func(ctx context.Context, x *training.Outcomes, o training.Options, _ float32, _ bool) (TrainedModel, training.Validation, error) {
		return validated(subject.TrainPool(ctx, x, o))
	},
}

// validated keeps a nil model from becoming a non-nil interface.
func validated[M TrainedModel](m M, v training.Validation, err error) (TrainedModel, training.Validation, error) {
	if err != nil {
		return nil, v, err
	}
	return m, v, nil
}

// TrainPool trains a router among several models: linear, knn, cluster, mf or subject. It
// cross-validates the router: predictions of rows that it has not seen are evaluated together. Of
// Data, it takes no prompt that is in a built-in benchmark or is a near-duplicate of one there.
func TrainPool(ctx context.Context, router string, o TrainPoolOptions) (*PoolTraining, error) {
	train, ok := poolTrainers[router]
	if !ok {
		return nil, fmt.Errorf("router %q cannot be trained for several models", router)
	}
	outcomes, kind, err := gatherOutcomes(ctx, o)
	if err != nil {
		return nil, err
	}
	m, v, err := train(ctx, outcomes, training.Options{
		Encoder: kind.name, EncoderSHA256: kind.sha256, Recipe: o.recipe(router), Seed: o.Seed, Progress: o.progress("training"),
	}, kind.unit(), o.MeanCost)
	if err != nil {
		return nil, err
	}
	out := &PoolTraining{Router: router, Model: m, Prompts: len(outcomes.Prompts), Choices: v.Choices, Confidence: o.Confidence}
	return out, out.evaluate(ctx, outcomes, v, o)
}

// AddModels adds the models of the data to a cluster router, whose file it reads. Outcomes on a few
// prompts suffice. The result is not validated.
func AddModels(ctx context.Context, base string, o TrainPoolOptions) (*PoolTraining, error) {
	router, err := cluster.Open(base)
	if err != nil {
		return nil, err
	}
	outcomes, kind, err := gatherOutcomes(ctx, o)
	if err != nil {
		return nil, err
	}
	if name, sha256 := router.VectorsFrom(); !kind.fits(name, sha256) {
		return nil, hint.With(fmt.Errorf("%q was trained on vectors of the encoder %q, and the encoder is %q", base, name, kind.name), "--encoder, --encoder-model and --encoder-dimensions choose the encoder")
	}
	m, err := router.Add(ctx, outcomes, training.Options{
		Encoder: kind.name, EncoderSHA256: kind.sha256, Recipe: o.recipe("cluster") + " --base " + base, Seed: o.Seed,
	})
	if err != nil {
		return nil, err
	}
	out := &PoolTraining{Router: "cluster", Model: m, Prompts: len(outcomes.Prompts), Confidence: o.Confidence}
	out.describe(outcomes)
	return out, ctx.Err()
}

// describe lists the models with their means.
func (t *PoolTraining) describe(x *training.Outcomes) {
	for m, name := range x.Models {
		t.Models = append(t.Models, TrainedOnModel{name, x.Measured()[m], training.Mean(x.Quality.Column(m)), training.Mean(x.Cost.Column(m))})
	}
}

// recipe returns the command that trains the model again.
func (o TrainPoolOptions) recipe(router string) string {
	models := "all"
	if o.Models != nil {
		models = strings.Join(o.Models, ",")
	}
	return o.TrainOptions.recipe(router) + " --models " + models
}

// evaluate measures predictions that are out of fold on the complete prompts.
func (t *PoolTraining) evaluate(ctx context.Context, x *training.Outcomes, v training.Validation, o TrainPoolOptions) error {
	d := training.Divide(x)
	t.Parts = d.Parts
	rows := completeRows(x)
	t.Complete = len(rows)
	t.describe(x)
	if len(rows) == 0 {
		o.note("warning: no prompt has the quality and the cost of every model, so the router is not validated")
		return ctx.Err()
	}
	table := pool.Table{Shares: []float64{CostTarget}, Outcomes: pool.Outcomes{
		Quality: x.Quality.Pick(rows), Cost: x.Cost.Pick(rows), Cluster: eval.ClusterIDs(slicesx.Pick(d.Group, rows)),
	}}
	sweep, err := pool.NewFoldedSweep(table.Outcomes, pool.Predictions{Quality: v.Quality.Pick(rows), Cost: v.Cost.Pick(rows)}, 0, slicesx.Pick(d.Of, rows))
	if err != nil {
		return err
	}
	table.Routers = []pool.Router{sweep}
	t.Evaluation, err = table.Evaluate(eval.Bootstrap{Resamples: o.Resamples, Confidence: o.Confidence, Seed: o.Seed, Progress: watch(ctx, o.progress("resampling"))})
	if err == nil && !t.Evaluation.BestKnown() {
		o.note("warning: %s", measure.UncertainBest(t.Evaluation, x.Models[t.Evaluation.Constants.Best]))
	}
	return err
}

// completeRows returns the rows with every quality and cost.
func completeRows(x *training.Outcomes) []int {
	var rows []int
	unknown := func(v float64) bool { return !num.Finite(v) }
	for i := range x.Prompts {
		if !slices.ContainsFunc(x.Quality.Row(i), unknown) && !slices.ContainsFunc(x.Cost.Row(i), unknown) {
			rows = append(rows, i)
		}
	}
	return rows
}
