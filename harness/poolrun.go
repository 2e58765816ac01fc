package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/results"
)

// DefaultShares returns the shares of the best model's quality whose costs routellm eval shows.
func DefaultShares() []float64 { return DefaultPoints().Qualities }

// PoolEvaluation is a finished evaluation of routers among several models.
type PoolEvaluation struct {
	Document *results.Document // the content of results.json
	Set      *PoolSet          // what each router predicts
}

// RunPools evaluates predictors on pools that were loaded for them. It measures the models and the
// controls beside them.
func RunPools(ctx context.Context, ps []Predictor, pools []*Pool, o RunOptions) (*PoolEvaluation, error) {
	if err := o.Intervals.Check(); err != nil {
		return nil, err
	}
	set, err := ScorePools(ctx, ps, pools, o.Feedback)
	if err != nil {
		return nil, err
	}
	doc := o.document()
	doc.Benchmarks, doc.Inputs = []results.Benchmark{}, set.Inputs
	for k, p := range pools {
		measured, err := p.run(ctx, set.Pools[k], o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		if o.PoolCompat != "" {
			if measured.Compat, err = p.compat(set.Pools[k], o.PoolCompat); err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
		}
		doc.Pools = append(doc.Pools, measured)
	}
	return &PoolEvaluation{Document: doc, Set: set}, nil
}

// run measures what routers predict on a pool.
func (p *Pool) run(ctx context.Context, s *ScoredPool, o RunOptions) (results.Pool, error) {
	m, err := measure.NewPool(p.document(), p.samples, o.Points.Qualities)
	if err != nil {
		return results.Pool{}, err
	}
	for _, w := range p.warnings {
		m.Warn(w)
	}
	if p.training.N() > 0 {
		best := pool.NewTaskModels(p.training.Outcomes, p.training.tasks)
		if err := m.SetPerTask(best.Models(s.Tasks)); err != nil {
			return results.Pool{}, err
		}
	}
	for _, r := range s.Routers {
		if err := m.Add(r.entrant()); err != nil {
			return results.Pool{}, fmt.Errorf("router %q: %w", r.Name, err)
		}
		if r.unmeasured && p.axis == results.LatencyAxis {
			m.WarnRouter(fmt.Sprintf("how long it takes itself was not measured and counts as 0: --own-latency %s=SECONDS", r.Name))
		}
	}
	boot := eval.Bootstrap{}
	if o.Intervals.bootstraps() {
		boot = o.Intervals.bootstrap(ctx, o.Feedback)
	}
	if err := m.Evaluate(boot); err != nil {
		return results.Pool{}, err
	}
	return m.Result(), nil
}

// entrant returns the router for its measurement.
func (r PooledRouter) entrant() measure.Entrant {
	return measure.Entrant{
		Name: r.Name, Source: r.Source, SHA256: r.SHA256, Columns: r.Columns, Predictions: r.Predictions, Decided: r.Decided,
		Own: r.OwnCost, Latency: r.OwnLatency, Oracle: r.Oracle,
	}
}

// document returns what is known of the pool before any router is measured.
func (p *Pool) document() results.Pool {
	meta := p.table.Meta
	doc := results.Pool{Name: p.name, Title: meta.Title, Unit: meta.Unit, Axis: p.axis, Excluded: p.left, Prices: p.prices}
	for k := range p.models {
		doc.Models = append(doc.Models, results.PoolModel{Missing: p.lacking[k]})
	}
	return doc
}

// EvaluatePools opens routers among several models by name, loads data sets for them and evaluates
// the routers, as routellm eval --models does. It is [OpenPredictors], [LoadPools] and [RunPools] in
// one call. models names the pool; nil stands for every model of the data.
func EvaluatePools(ctx context.Context, routers, benchmarks, models []string, o RunOptions) (*PoolEvaluation, error) {
	ps, err := OpenPredictors(routers, RouterOptions{})
	if err != nil {
		return nil, err
	}
	pools, err := LoadPools(ctx, benchmarks, ps, PoolOptions{LoadOptions: LoadOptions{Feedback: o.Feedback}, Models: models})
	if err != nil {
		return nil, err
	}
	return RunPools(ctx, ps, pools, o)
}
