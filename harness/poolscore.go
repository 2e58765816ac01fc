package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// ScorePools runs predictors on pools that were loaded for them, see [LoadPools].
func ScorePools(ctx context.Context, ps []Predictor, pools []*Pool, f Feedback) (*PoolSet, error) {
	if err := checkPredictors(ps); err != nil {
		return nil, err
	}
	if len(pools) == 0 {
		return nil, errors.New("no pool to evaluate on: expected at least one from LoadPools")
	}
	set, progress := &PoolSet{Name: "this run"}, f.progress("scoring")
	for k, p := range pools {
		s := p.scored()
		for _, x := range ps {
			if unused := routers.Unused(x, p.about()); len(unused) > 0 {
				f.note("%s knows %s that %s: %s", x.Spec.Label, text.Plural(len(unused), "model"), text.Agree(len(unused), "is not in the pool", "are not in the pool"), text.Quoted(unused, 10))
			}
			r, err := p.router(ctx, x, progress)
			if err != nil {
				return nil, fmt.Errorf("router %q on %s: %w", x.Spec.Label, p.name, err)
			}
			s.Routers = append(s.Routers, r)
		}
		set.Pools, set.Inputs = append(set.Pools, s), append(set.Inputs, p.input)
		progress(k+1, len(pools))
	}
	for _, x := range ps {
		var err error
		if set.Inputs, err = withFile(set.Inputs, x.router()); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// scored returns the samples without routers.
func (p *Pool) scored() *ScoredPool {
	return &ScoredPool{
		Name: p.name, Title: p.table.Meta.Title, Unit: p.table.Meta.Unit, Axis: p.axis, Models: p.models, Input: p.input,
		IDs: slicesx.Pick(p.table.SampleID, p.used), Tasks: slicesx.Pick(p.table.Task, p.used), Clusters: slicesx.Pick(p.table.Cluster, p.used),
		Outcomes: p.samples.Outcomes, Range: p.samples.Range,
	}
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

// router runs one router.
func (p *Pool) router(ctx context.Context, x Predictor, progress func(done, total int)) (PooledRouter, error) {
	bound, err := x.forPool(p.about())
	if err != nil {
		return PooledRouter{}, err
	}
	r := PooledRouter{Name: x.Spec.Label, Source: x.router().source(), OwnCost: x.own(p.axis), OwnLatency: x.OwnLatency, unmeasured: x.unmeasured}
	if r.Columns, err = p.columnsOf(bound.Predictor); err != nil {
		return r, err
	}
	if w, ok := routers.As[routers.Weighted](x.Predictor); ok {
		r.SHA256 = w.SHA256()
	}
	return r, p.fill(ctx, &r, bound, progress)
}

// fill sets what a router gives: outcomes, decisions, scores or predictions.
func (p *Pool) fill(ctx context.Context, r *PooledRouter, x Predictor, progress func(done, total int)) (err error) {
	if o, ok := routers.As[routers.OutcomePredictor](x.Predictor); ok {
		r.Oracle, r.Predictions = true, o.PredictOutcomes(p.samples.Outcomes)
		return nil
	}
	if d, ok := routers.As[routers.PoolDecider](x.Predictor); ok {
		return p.decide(ctx, r, x, d)
	}
	if r.Predictions, err = p.predict(ctx, x, progress); err != nil {
		return err
	}
	if _, ok := routers.As[routers.Ordinal](x.Predictor); ok {
		scores := make([]float64, len(p.used))
		for i := range scores {
			scores[i] = r.Predictions.Quality.At(i, 0)
		}
		costs := pool.NewConstants(p.samples.Outcomes, nil).Cost
		r.Predictions = pool.OfScores(scores, costs[r.Columns[0]], costs[r.Columns[1]])
		return nil
	}
	if r.Predictions.Cost.Rows() == 0 {
		r.Predictions.Cost = pool.Matrix{Columns: len(p.models), Values: p.samples.PredictedCost}
	}
	return nil
}

// decide sets the decisions of a router, ordered by their mean cost.
func (p *Pool) decide(ctx context.Context, r *PooledRouter, x Predictor, d routers.PoolDecider) error {
	decided, err := d.Decide(ctx, p.promptsAt(x.router().Router, p.used))
	if err != nil {
		return err
	}
	o := p.samples.Outcomes
	o.Quality, o.Cost = o.Quality.Select(r.Columns), o.Cost.Select(r.Columns)
	if err := decided.Validate(o.N(), o.Models()); err != nil {
		return err
	}
	if err := p.checkFree(decided, r.Columns); err != nil {
		return err
	}
	if a, ok := routers.As[routers.AnswerRouter](x.Predictor); ok {
		decided = p.withAsking(r, a, decided)
	}
	if p.axis == results.LatencyAxis {
		decided = decided.OnLatency()
	}
	decided = decided.Sorted(o)
	r.Decided = &decided
	return nil
}

// checkFree refuses decisions that cost nothing and are of models that were not declared free, as
// [Pricing.checkMeasured] does for the data. columns has the pool's column of each model.
func (p *Pool) checkFree(d pool.Decided, columns []int) error {
	choices := slices.Clone(d.First)
	for _, point := range d.Points {
		for _, c := range point.Changes {
			choices = append(choices, c.Choice)
		}
	}
	for _, c := range choices {
		if model := p.models[columns[c.Model]]; c.Cost == 0 && p.axis == results.CostAxis && !p.pricing.free(model) {
			return hint.With(fmt.Errorf("column %q: found 0 for %q: expected a cost, which is often 0 where a price was not known or an answer was cached", "cost_usd", model), freeHint(model))
		}
	}
	return nil
}

// about names the pool and its pair, as far as it is known.
func (p *Pool) about() routers.Pool {
	of := routers.Pool{Models: p.models, Cost: p.samples.PredictedCost}
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
	r, n := x.router(), len(p.used)
	part := partOf(r, n)
	if part >= n {
		progress = func(int, int) {}
	}
	return predictParts(ctx, x, n, part, func(from, to int) []routers.Prompt { return p.promptsAt(r, p.used[from:to]) }, progress)
}

// referenceCosts returns each model's mean cost on training rows, or else on the evaluated ones,
// which predictors without costs of their own are given.
func (p *Pool) referenceCosts() []float64 {
	if p.training.N() > 0 {
		return pool.NewConstants(p.training.Outcomes, nil).Cost
	}
	return pool.NewConstants(p.samples.Outcomes, nil).Cost
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
