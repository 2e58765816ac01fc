package harness

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
)

// PoolOptions says how pools are read.
type PoolOptions struct {
	LoadOptions
	// Models names the pool; nil for every model of the data. A name that the data lacks may be
	// several, separated by commas.
	Models []string
	// Axis is what cost is counted in; "" stands for dollars.
	Axis results.Axis
	// Range is the range of budgets of the areas; the zero value stands for the range from the
	// cheapest model's cost to the best one's.
	Range pool.Range
}

// Pool is a data set made ready for the evaluation of predictors: complete outcomes of several
// models.
type Pool struct {
	evaluatedData
	models  []string
	pair    results.Pair // the models among which two-model routers choose; empty if unknown
	axis    results.Axis
	pricing Pricing
	prices  []results.PriceUsed
	lacking []int // number of left-out rows that lack a quality or a cost, by model
	samples measure.PoolSamples
	// training holds the outcomes of the rows that a predictor was trained on.
	training trainingRows
}

// trainingRows holds outcomes on training rows.
type trainingRows struct {
	pool.Outcomes
	tasks []string
}

// LoadPools reads data sets with the quality and the cost of every model of the pool. It leaves out
// rows that are contaminated, that a predictor was trained on, or that lack a value of a model.
func LoadPools(ctx context.Context, names []string, ps []Predictor, o PoolOptions) ([]*Pool, error) {
	names, err := PoolBenchmarkNames(names)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, hint.With(errors.New("no benchmark is named: expected at least one"), "built-in: "+strings.Join(benchmarks.EvalNames(), ", "))
	}
	if err := checkPredictors(ps); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	rs := make([]Router, len(ps))
	for k, p := range ps {
		rs[k] = p.router()
	}
	d := demandOf(rs)
	d.keep, d.extras, d.clusters, d.excludeNear, d.strict = o.KeepTraining, true, o.Clusters, o.ExcludeNear, o.Strict
	d.needs.Features = d.needs.Features || o.Pricing.priced() // tokens are estimated from characters
	d.divide(o.Division, false)
	noteUnsigned(o.Feedback, d.lessons)
	reading, done := o.share()
	defer done()
	in, e := newOpener(reading, o.Feedback), NewEncoders(o.Encoder, o.Feedback)
	in.names = benchmarks.EvalNames()
	var all []*Pool
	for _, name := range names {
		p, err := loadPool(ctx, in, e, name, d, o)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(x *Pool) bool { return x.name == p.name }) {
			return nil, fmt.Errorf("two benchmarks are called %q", p.name)
		}
		all = append(all, p)
	}
	if err := in.checkNames(o.Pricing); err != nil {
		return nil, err
	}
	return all, checkRouters(rs, all)
}

// loadPool reads one data set.
func loadPool(ctx context.Context, in *opener, e *Encoders, name string, d demand, o PoolOptions) (*Pool, error) {
	f, input, err := in.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p := &Pool{axis: o.Axis, pricing: o.Pricing}
	if p.models, err = o.modelsOf(f); err != nil {
		return nil, err
	}
	o.dropUnmeasured(p, f)
	if p.pair, err = in.pairIn(f, p.models, o.Pair); err != nil {
		return nil, err
	}
	if err := p.read(ctx, f, input, e, name, p.models, p.pair.Weak, d); err != nil {
		return nil, err
	}
	if err := p.choose(d, o); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	if err := p.suspect(f, d.strict); err != nil {
		return nil, err
	}
	p.table.Quality, p.table.Extras = nil, nil // the samples hold what is needed of them
	return p, p.finish(ctx, f, e, name, d)
}

// modelsOf returns the models of the pool, which the file must have.
func (o PoolOptions) modelsOf(f *datasets.File) ([]string, error) {
	models := f.Models()
	if len(models) == 0 {
		return nil, fmt.Errorf("%s has no qualities of models", f.Name())
	}
	if o.Models == nil {
		return models, nil
	}
	var out []string
	for _, names := range o.Models {
		parts := []string{names}
		if !slices.Contains(models, names) {
			parts = strings.Split(names, ",")
		}
		for _, m := range parts {
			if !slices.Contains(models, m) {
				return nil, hint.DidYouMean(hint.With(fmt.Errorf("%s has no model %q", f.Name(), m), modelsHint(models)...), m, models)
			}
			if slices.Contains(out, m) {
				return nil, fmt.Errorf("model %q is named twice", m)
			}
			out = append(out, m)
		}
	}
	return out, nil
}

// choose selects the rows that are evaluated, and their outcomes.
func (p *Pool) choose(d demand, o PoolOptions) error {
	costs, prices, err := o.costs(p.table, p.models, p.pair)
	if err != nil {
		return err
	}
	p.prices = prices
	p.warnings = append(p.warnings, o.Pricing.warnings(p.name, p.table.Meta.Measured, prices)...)
	qualities := make([][]float64, len(p.models))
	for k, m := range p.models {
		qualities[k], _ = p.table.QualityOf(m)
	}
	lacks := func(i, k int) bool { return math.IsNaN(qualities[k][i]) || math.IsNaN(costs[k][i]) }
	p.chooseRows(d, func(i int) bool {
		for k := range p.models {
			if lacks(i, k) {
				return false
			}
		}
		return true
	})
	if len(p.used) == 0 {
		return noneLeftOf(p.table.Rows(), p.left, "without a quality or a cost of a model of the pool",
			"name models that were measured on the same samples: --models A,B,C", p.trainedOnSome(d))
	}
	p.lacking = make([]int, len(p.models))
	for _, i := range p.missing {
		for k := range p.models {
			if lacks(i, k) {
				p.lacking[k]++
			}
		}
	}
	pick := func(rows []int) pool.Outcomes {
		out := pool.Outcomes{Quality: columnsAt(qualities, rows), Cost: columnsAt(costs, rows), Cluster: eval.ClusterIDs(slicesx.Pick(p.table.Cluster, rows))}
		if w := unevenOf(p.table.Weight); w != nil {
			out.Weight = slicesx.Pick(w, rows)
		}
		return out
	}
	p.samples = measure.PoolSamples{Outcomes: pick(p.used), Names: p.models, Range: o.Range}
	if latency, ok := extras(p.table, latencyColumn, p.models); ok {
		p.samples.Latency = columnsAt(latency, p.used)
	}
	p.training = trainingRows{pick(p.lessons), slicesx.Pick(p.table.Task, p.lessons)}
	p.samples.PredictedCost = p.referenceCosts()
	return nil
}

// suspect collects the warnings about a pool's outcomes, and refuses them if strict is set.
func (p *Pool) suspect(f *datasets.File, strict bool) error {
	found := audit.Suspicions(p.table, p.models...)
	p.warnings = append(p.warnings, found...)
	if strict {
		return refuse(f.Name(), found)
	}
	return nil
}

// columnsAt returns a matrix of columns at some rows.
func columnsAt(columns [][]float64, rows []int) pool.Matrix {
	out := pool.NewMatrix(len(rows), len(columns))
	for n, i := range rows {
		row := out.Row(n)
		for k, column := range columns {
			row[k] = column[i]
		}
	}
	return out
}
