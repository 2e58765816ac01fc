package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// DefaultShares returns the shares of the best model's quality whose costs routellm eval shows.
func DefaultShares() []float64 { return DefaultPoints().Qualities }

// RunPools evaluates predictors on pools that were loaded for them.
func RunPools(ctx context.Context, ps []Predictor, pools []*Pool, o RunOptions) (*results.Document, error) {
	if err := o.Intervals.Check(); err != nil {
		return nil, err
	}
	if err := checkPredictors(ps); err != nil {
		return nil, err
	}
	if len(pools) == 0 {
		return nil, errors.New("no pool to evaluate on: expected at least one from LoadPools")
	}
	doc, progress := o.document(), o.progress("scoring")
	doc.Benchmarks = []results.Benchmark{}
	for k, p := range pools {
		doc.Inputs = append(doc.Inputs, p.input)
		res, err := p.run(ctx, ps, o)
		if err != nil {
			return nil, err
		}
		doc.Pools = append(doc.Pools, res)
		progress(k+1, len(pools))
	}
	var err error
	for _, x := range ps {
		if doc.Inputs, err = withFile(doc.Inputs, x.router()); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

// run evaluates every predictor on one pool.
func (p *Pool) run(ctx context.Context, ps []Predictor, o RunOptions) (results.Pool, error) {
	m, err := measure.NewPool(p.document(), p.samples, o.Points.Qualities)
	if err != nil {
		return results.Pool{}, fmt.Errorf("%s: %w", p.name, err)
	}
	for _, w := range p.warnings {
		m.Warn(w)
	}
	if choice := p.perTask(); choice != nil {
		m.SetPerTask(choice)
	}
	for _, x := range ps {
		if err := p.router(ctx, m, x, o.progress("scoring")); err != nil {
			return results.Pool{}, fmt.Errorf("router %q on %s: %w", x.Spec.Label, p.name, err)
		}
	}
	return m.Result(), nil
}

// document returns what is known of the pool before any router is measured.
func (p *Pool) document() results.Pool {
	meta := p.table.Meta
	return results.Pool{Name: p.name, Title: meta.Title, Unit: meta.Unit, Axis: p.axis, Excluded: p.left, Prices: p.prices}
}

// own returns the router's own cost in the unit of an axis.
func (x Predictor) own(axis results.Axis) float64 {
	switch axis {
	case results.CostAxis:
		return x.OwnCost
	case results.LatencyAxis:
		return x.OwnLatency
	}
	return 0
}

// router measures one router.
func (p *Pool) router(ctx context.Context, m *measure.Pool, x Predictor, progress func(done, total int)) error {
	bound, err := x.forPool(p.about())
	if err != nil {
		return err
	}
	e := measure.Entrant{Name: x.Spec.Label, Source: x.router().source(), Own: x.own(p.axis)}
	if e.Columns, err = p.columnsOf(bound.Predictor); err != nil {
		return err
	}
	if err := p.measure(ctx, m, e, bound, progress); err != nil {
		return err
	}
	if w, ok := routers.As[routers.Weighted](x.Predictor); ok {
		m.SetModel(w.SHA256())
	}
	return nil
}

// measure measures a router by what it gives: outcomes, decisions, scores or predictions.
func (p *Pool) measure(ctx context.Context, m *measure.Pool, e measure.Entrant, x Predictor, progress func(done, total int)) error {
	if o, ok := routers.As[routers.OutcomePredictor](x.Predictor); ok {
		return m.AddPredictions(e, o.PredictOutcomes(p.samples.Outcomes))
	}
	if d, ok := routers.As[routers.PoolDecider](x.Predictor); ok {
		decisions, err := d.Decide(ctx, p.promptsAt(x.router(), p.used))
		if err != nil {
			return err
		}
		return m.AddDecisions(e, decisions)
	}
	predicted, err := p.predict(ctx, x, progress)
	if err != nil {
		return err
	}
	if _, ok := routers.As[routers.Ordinal](x.Predictor); ok {
		scores := make([]float64, len(p.used))
		for i := range scores {
			scores[i] = predicted.Quality.At(i, 0)
		}
		return m.AddScores(e, scores)
	}
	if predicted.Cost.Rows() == 0 {
		predicted.Cost = pool.Matrix{Columns: len(p.models), Values: p.referenceCosts()}
	}
	return m.AddPredictions(e, predicted)
}

// about names the pool and its pair, as far as it is known.
func (p *Pool) about() routers.Pool {
	of := routers.Pool{Models: p.models}
	if p.pair != (results.Pair{}) {
		of.Strong, of.Weak = p.pair.Strong, p.pair.Weak
	}
	return of
}

// columnsOf returns the column in the pool of each model of a predictor.
func (p *Pool) columnsOf(x routers.Predictor) ([]int, error) {
	if _, ok := routers.As[routers.OutcomePredictor](x); ok {
		return upTo(len(p.models)), nil
	}
	var at []int
	for _, m := range x.Models() {
		k := slices.Index(p.models, m)
		if k < 0 {
			return nil, fmt.Errorf("the router chooses the model %q, which the pool lacks", m)
		}
		at = append(at, k)
	}
	return at, nil
}

// predict returns what a predictor predicts for the evaluated samples. Costs that it does not
// predict have no rows.
func (p *Pool) predict(ctx context.Context, x Predictor, progress func(done, total int)) (pool.Predictions, error) {
	models, r := len(x.Models()), x.router()
	out := pool.Predictions{Quality: pool.NewMatrix(0, models), Cost: pool.NewMatrix(0, models)}
	n := len(p.used)
	part := partOf(r, n)
	for from := 0; from < n; from += part {
		to := min(from+part, n)
		quality, cost, err := x.Predict(ctx, p.promptsAt(r, p.used[from:to]))
		if err != nil {
			return out, err
		}
		if quality.Columns != models || quality.Rows() != to-from {
			return out, fmt.Errorf("predictions are %d by %d: expected %d by %d", quality.Rows(), quality.Columns, to-from, models)
		}
		out.Quality.Values = append(out.Quality.Values, quality.Values...)
		if from == 0 || cost.Rows() > 1 {
			out.Cost.Values = append(out.Cost.Values, cost.Values...)
		}
		if part < n {
			progress(to, n)
		}
	}
	return out, nil
}

// referenceCosts returns each model's mean cost on training rows, or else on the evaluated ones,
// which predictors without costs of their own are given.
func (p *Pool) referenceCosts() []float64 {
	if p.training.N() > 0 {
		return pool.NewConstants(p.training.Outcomes, nil).Cost
	}
	return pool.NewConstants(p.samples.Outcomes, nil).Cost
}

// perTask returns the best model of each sample's task on the training rows, and of all training
// rows for a task without any. It returns nil without training rows.
func (p *Pool) perTask() []int {
	if p.training.N() == 0 {
		return nil
	}
	rows := map[string][]int{}
	for i, task := range p.training.tasks {
		rows[task] = append(rows[task], i)
	}
	best := map[string]int{}
	for task, r := range rows {
		best[task] = pool.NewConstants(pool.Outcomes{Quality: p.training.Quality.Pick(r), Cost: p.training.Cost.Pick(r)}, nil).Best
	}
	overall := pool.NewConstants(p.training.Outcomes, nil).Best
	choice := make([]int, len(p.used))
	for k, i := range p.used {
		m, known := best[p.table.Task[i]]
		if !known {
			m = overall
		}
		choice[k] = m
	}
	return choice
}

// checkPredictors refuses predictors that are not open or that share a label.
func checkPredictors(ps []Predictor) error {
	for k, p := range ps {
		label := p.Spec.Label
		switch {
		case p.Predictor == nil:
			return fmt.Errorf("router %q is not open: expected a router from OpenPredictors", label)
		case slices.ContainsFunc(ps[:k], func(o Predictor) bool { return o.Spec.Label == label }):
			return fmt.Errorf("two routers are called %q: expected a label of its own for each", label)
		}
	}
	return nil
}
