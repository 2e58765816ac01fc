package harness

import (
	"context"
	"errors"
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// CalibratePool finds an operating point of a router among several models, all of the data's or
// those of the given names: the cheapest one that is established to keep a share of the best
// model's quality, or the last one that is established to stay below a budget. It splits the
// samples in two, chooses on one part and reports on the other. Of the options' targets it takes
// [KeepQuality] and [StayBelow]. It returns [NoGuarantee] for a budget that is not even established
// for the cheapest choice; for a quality, the fallback is the best model, and the guarantee is
// trivial.
func CalibratePool(ctx context.Context, x Predictor, models []string, o CalibrateOptions) (*Calibration, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Target.kind != qualityTarget && o.Target.kind != budgetTarget || o.Holdout == 0 {
		return nil, errors.New("several models are calibrated for a share of the best model's quality or a budget, with held-out samples to report on")
	}
	reading, done := o.share()
	defer done()
	o.Reading = reading
	c := &poolCalibrator{o: o, predictor: x, doc: newCalibrator(x.router(), o).doc}
	c.doc.Router = x.Spec.Label
	if err := c.load(ctx, models); err != nil {
		return nil, err
	}
	if err := c.guarantee(); err != nil {
		return nil, err
	}
	return &Calibration{Document: c.doc, Artifact: c.artifact}, nil
}

// poolCalibrator is one calibration among several models under way.
type poolCalibrator struct {
	o           CalibrateOptions
	predictor   Predictor
	doc         *results.Calibration
	pool        *Pool
	columns     []int // the pool's columns of the models that the router chooses among
	set, report poolSide
	split       *results.Split
	artifact    *results.Artifact
}

// poolSide holds samples with what the router predicts of them.
type poolSide struct {
	all         pool.Outcomes // outcomes of every model of the pool
	routed      pool.Outcomes // outcomes of the models that the router chooses among
	predictions pool.Predictions
	own         float64
}

// load reads the data, runs the router and splits the samples.
func (c *poolCalibrator) load(ctx context.Context, models []string) error {
	p, err := c.read(ctx, models)
	if err != nil {
		return err
	}
	c.pool = p
	scored, err := ScorePools(ctx, []Predictor{c.predictor}, []*Pool{p}, c.o.Feedback)
	if err != nil {
		return err
	}
	r := scored.Pools[0].Routers[0]
	if err := c.usable(r); err != nil {
		return err
	}
	c.columns = r.Columns
	calibrate, held := c.o.split(&p.evaluatedData)
	if len(calibrate) == 0 || len(held) == 0 {
		return hint.With(fmt.Errorf("%s: %s cannot be split in two parts", p.name, text.Plural(len(p.used), "sample")), "use more samples")
	}
	c.set, c.report = partOfPool(p.samples.Outcomes, r, calibrate), partOfPool(p.samples.Outcomes, r, held)
	if r.Predictions.Cost.Rows() == 1 {
		// Mean costs of the held-out part: a policy must not depend on what the test looks at.
		costs := pool.NewConstants(c.report.routed, nil).Cost
		c.set.predictions.Cost.Values, c.report.predictions.Cost.Values = costs, costs
	}
	c.split = c.o.describeSplit(&p.evaluatedData, calibrate)
	c.describe()
	return nil
}

// read reads the data as LoadPools does, with what the split needs.
func (c *poolCalibrator) read(ctx context.Context, models []string) (*Pool, error) {
	if c.o.Data == "" {
		return nil, hint.With(errors.New("several models are calibrated on data with their outcomes and costs"), "give --data: a benchmark such as pareto, or a file")
	}
	o := PoolOptions{LoadOptions: LoadOptions{Clusters: c.o.Clusters, Pricing: c.o.Pricing, ExcludeNear: c.o.ExcludeNear, Strict: c.o.Strict}, Models: models}
	if err := o.check(); err != nil {
		return nil, err
	}
	d := demandOf([]Router{c.predictor.router()})
	d.extras, d.digests, d.keys, d.clusters = true, true, true, c.o.Clusters
	d.excludeNear, d.strict, d.pricing = c.o.ExcludeNear, c.o.Strict, c.o.Pricing
	d.divide(c.o.Division, true)
	noteUnsigned(c.o.Feedback, d.lessons)
	in := newOpener(c.o.Reading, c.o.Feedback)
	p, err := loadPool(ctx, in, NewEncoders(c.o.Encoder, c.o.Feedback), c.o.Data, d, o)
	if err != nil {
		return nil, err
	}
	if err := in.checkNames(o.Pricing); err != nil {
		return nil, err
	}
	return p, checkRouters([]Router{c.predictor.router()}, []*Pool{p})
}

// usable refuses routers that have no policy to keep.
func (c *poolCalibrator) usable(r PooledRouter) error {
	_, ordinal := routers.As[routers.Ordinal](c.predictor.Predictor)
	switch {
	case r.Oracle:
		return fmt.Errorf("router %q needs outcomes and cannot be calibrated", r.Name)
	case r.Decided != nil:
		return fmt.Errorf("router %q makes decisions: there is nothing to calibrate", r.Name)
	case ordinal:
		return hint.With(fmt.Errorf("router %q chooses between two models by a score", r.Name), "calibrate its threshold without --models")
	}
	return nil
}

// partOfPool returns the samples with the given indices.
func partOfPool(o pool.Outcomes, r PooledRouter, index []int) poolSide {
	p := poolSide{all: o.Pick(index), own: r.OwnCost}
	p.all.Cluster = eval.ClusterIDs(slicesx.Pick(o.Cluster, index))
	p.routed = p.all
	p.routed.Quality, p.routed.Cost = p.all.Quality.Select(r.Columns), p.all.Cost.Select(r.Columns)
	p.predictions = r.Predictions.Pick(index)
	return p
}

// weighing returns how the samples count.
func (p poolSide) weighing() eval.Outcomes {
	return eval.Outcomes{Strong: make([]float64, p.all.N()), Weight: p.all.Weight}
}

// worth returns the effective number of clusters.
func (p poolSide) worth() float64 { return p.weighing().EffectiveClusters(p.all.Cluster) }

// describe fills in what is known before an operating point is chosen.
func (c *poolCalibrator) describe() {
	p, means := c.pool, pool.NewConstants(c.report.all, nil)
	out := &results.PoolOutcomes{
		Title: p.Title(), Unit: p.table.Meta.Unit, Seed: c.o.Seed, Calibration: c.set.all.N(), HeldOut: c.report.all.N(),
		CalibrationClusters: results.Value(c.set.worth()), HeldOutClusters: results.Value(c.report.worth()),
		Excluded: p.left, NearCopies: p.copies, Best: p.models[c.best()],
	}
	for m, name := range p.models {
		out.Models = append(out.Models, results.CalibratedModel{Name: name, Cost: results.Value(1000 * means.Cost[m]), Quality: results.Value(means.Quality[m])})
	}
	c.doc.Reference, c.doc.Prompts, c.doc.Pool, c.doc.Prices = p.input, int64(len(p.used)), out, p.prices
	c.doc.Warnings = append(append(c.doc.Warnings, p.warnings...), labelWarnings(p.input)...)
}

// best returns the pool's model with the highest mean quality on the calibration part.
func (c *poolCalibrator) best() int { return pool.NewConstants(c.set.all, nil).Best }
