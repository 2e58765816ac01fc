package fit

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/length"
)

// controlLabel is the label of a control in tables: length and subject are also the names of
// candidates.
const (
	lengthLabel  = "length"
	subjectLabel = "subject"
)

// loadOptions returns how the data is read for the test.
func (f *fitting) loadOptions() harness.LoadOptions {
	o, d := f.options, f.options.division()
	return harness.LoadOptions{
		Feedback: o.quiet(), Reading: o.Reading, Encoder: o.Encoder, Pair: f.pair(), Pricing: o.Pricing, Strict: o.Strict, Division: &d,
	}
}

// runOptions returns what the test measures.
func (f *fitting) runOptions() harness.RunOptions {
	o := f.options
	return harness.RunOptions{
		Feedback: o.quiet(), Points: harness.DefaultPoints(),
		Intervals: harness.Intervals{Method: harness.Bootstrap, Resamples: o.Resamples, Confidence: o.Confidence, Seed: o.Seed},
	}
}

// compareOptions returns how the chosen router is compared with controls.
func (f *fitting) compareOptions() harness.CompareOptions {
	c := harness.DefaultCompare()
	c.Feedback, c.Permutations, c.Resamples, c.Confidence, c.Seed = f.options.quiet(), 0, f.options.Resamples, f.options.Confidence, f.options.Seed
	return c
}

// control returns the model of the control that knows the tasks; nil if there is none.
func (f *fitting) control() routers.Predictor {
	for _, t := range f.trials {
		if p, ok := t.model.(routers.Predictor); ok && t.way == control {
			return p
		}
	}
	return nil
}

// besideControls returns the chosen router and the controls between two models.
func (f *fitting) besideControls(chosen harness.Router) ([]harness.Router, error) {
	rs := []harness.Router{chosen}
	if f.chosen.way != untrained {
		rs = append(rs, harness.Own(lengthLabel, length.Router{}))
	}
	p := f.control()
	if p == nil {
		return rs, nil
	}
	subject, err := routers.ForPair(p, f.pair().Strong, f.pair().Weak)
	return append(rs, harness.Own(subjectLabel, subject)), err
}

// test measures the chosen router between two models once on the test part, beside controls.
func (f *fitting) test(ctx context.Context, chosen harness.Router) (*harness.ScoreSet, error) {
	rs, err := f.besideControls(chosen)
	if err != nil {
		return nil, err
	}
	benches, err := harness.Load(ctx, []string{f.options.Data}, rs, f.loadOptions())
	if err != nil {
		return nil, err
	}
	e, err := harness.Run(ctx, rs, benches, f.runOptions())
	if err != nil {
		return nil, err
	}
	b := e.Document.Benchmarks[0]
	out := &results.FitTest{Samples: b.Samples, Clusters: b.Clusters, Metric: results.MetricAPGR, Differences: []results.FitDifference{}}
	if b.Gap.State != results.GapEstablished && b.Gap.State != results.GapThin {
		out.Metric = results.MetricArea
	}
	for _, r := range b.Routers {
		if r.Point == nil {
			out.Rows = append(out.Rows, rowOf(r, out.Metric))
		}
	}
	bench := benches[0]
	scores := e.Scores(bench.Name(), chosen.Spec.Label)
	tested, err := eval.RandomTest(bench.Outcomes(), bench.Clusters(), scores, f.options.Confidence)
	if err != nil {
		return nil, err
	}
	if f.testSE, err = areaSE(bench, scores, out.Metric); err != nil {
		return nil, err
	}
	out.Claim = claimOf(*results.NewTest(tested, f.options.Confidence), out.Rows[0].Value, results.Chance(out.Metric))
	f.doc.Test = out
	set, err := e.ScoreSet("this run")
	if err != nil {
		return nil, err
	}
	return set, f.differences(ctx, set)
}

// areaSE returns the standard error of the area over random, or of the APGR.
func areaSE(b *harness.Benchmark, scores []float64, metric string) (float64, error) {
	_, influence, err := eval.AreaInfluence(b.Outcomes(), scores)
	if err != nil {
		return 0, err
	}
	se := eval.ClusterSE(influence, b.Clusters())
	if metric == results.MetricAPGR {
		strong, weak := b.Outcomes().Means()
		se /= strong - weak
	}
	return se, nil
}

// rowOf returns the row of a router between two models.
func rowOf(r results.Router, metric string) results.FitRow {
	row := results.FitRow{Name: r.Name, Value: r.Metrics.APGR, Area: r.Metrics.AreaOverRandom}
	if metric == results.MetricArea {
		row.Value = row.Area
	}
	return row
}

// claimOf returns the test with its verdict: better only if the interval agrees. Where there is no
// interval, because a few samples carry everything, the test decides nothing.
func claimOf(t results.Test, value results.Metric, chance float64) results.Test {
	if t.Verdict == string(eval.Better) && !(float64(value.Lo) > chance) {
		t.Verdict = string(eval.Inconclusive)
	}
	return t
}

// differences compares the chosen router with the controls on the test part.
func (f *fitting) differences(ctx context.Context, set *harness.ScoreSet) error {
	if len(set.Routers) < 2 {
		return nil
	}
	c, err := harness.Compare(ctx, []*harness.ScoreSet{set}, set.Contenders(""), f.compareOptions())
	if err != nil {
		return fmt.Errorf("comparison on the test part: %w", err)
	}
	for _, p := range c.Benchmarks[0].Pairs {
		if p.A == set.Routers[0] {
			f.doc.Test.Differences = append(f.doc.Test.Differences, results.FitDifference{From: p.B, Value: p.Difference, Verdict: p.VerdictAlone})
		}
	}
	return nil
}

// testPool does what test does, among several models.
func (f *fitting) testPool(ctx context.Context, chosen harness.Predictor) (*harness.ScoreSet, error) {
	ps := []harness.Predictor{chosen}
	if !f.byCost || f.chosen.way != untrained {
		ps = append(ps, harness.PredictorsOf([]harness.Router{harness.Own(lengthLabel, length.Router{})})...)
	}
	if p := f.control(); p != nil {
		ps = append(ps, harness.OwnPredictor(subjectLabel, p))
	}
	if r, ok, err := f.rival(); err != nil {
		return nil, err
	} else if ok {
		ps = append(ps, harness.PredictorsOf([]harness.Router{r})...)
	}
	load := f.loadOptions()
	load.Pair = f.ends()
	pools, err := harness.LoadPools(ctx, []string{f.options.Data}, ps, harness.PoolOptions{LoadOptions: load, Models: f.data.Models})
	if err != nil {
		return nil, err
	}
	e, err := harness.RunPools(ctx, ps, pools, f.runOptions())
	if err != nil {
		return nil, err
	}
	p := e.Document.Pools[0]
	out := &results.FitTest{Samples: p.Samples, Clusters: p.Clusters, Metric: results.MetricLift, Differences: []results.FitDifference{}}
	for _, r := range p.Routers {
		out.Rows = append(out.Rows, results.FitRow{Name: r.Name, Value: r.Metrics.Lift, Area: r.Metrics.Lift})
	}
	lift := p.Routers[0].Metrics.Lift
	f.testSE = float64(lift.Hi-lift.Lo) / (2 * eval.NormalQuantile(f.options.Confidence))
	out.Claim = liftClaim(p.Routers[0], f.options.Confidence)
	f.doc.Test = out
	c, err := harness.ComparePools(ctx, []*harness.PoolSet{e.Set}, f.compareOptions())
	if err != nil {
		return nil, fmt.Errorf("comparison on the test part: %w", err)
	}
	for _, d := range c.Pools[0].Pairs {
		if d.A == p.Routers[0].Name {
			out.Differences = append(out.Differences, results.FitDifference{From: d.B, Value: d.Lift.Difference, Verdict: verdictAlone(d.Lift, f.options.Confidence)})
		}
	}
	return &harness.ScoreSet{Name: "this run", Document: e.Document, Inputs: e.Set.Inputs}, nil
}

// ends returns the best and the cheapest model on the training part, between which length chooses.
func (f *fitting) ends() results.Pair {
	if f.pairwise() {
		return f.pair()
	}
	c := f.constants()
	return results.Pair{Strong: f.data.Models[c.Best], Weak: f.data.Models[c.Cheapest]}
}

// liftClaim tests the lift of a router as the only one.
func liftClaim(r results.PoolRouter, confidence float64) results.Test {
	t := results.Test{Verdict: string(eval.Inconclusive), P: results.Missing, PAdjusted: results.Missing}
	if r.AgainstStatic == nil {
		return t
	}
	t.P, t.PAdjusted = r.AgainstStatic.P, r.AgainstStatic.P
	lift := r.Metrics.Lift
	switch significant := float64(t.P) <= 1-confidence; {
	case significant && lift.Lo > 0:
		t.Verdict = string(eval.Better)
	case significant && lift.Hi < 0:
		t.Verdict = string(eval.Worse)
	}
	return t
}

// verdictAlone returns the verdict on a difference as the only one.
func verdictAlone(d results.PoolDifference, confidence float64) string {
	switch significant := float64(d.P) <= 1-confidence; {
	case significant && d.Difference.Lo > 0:
		return string(eval.Better)
	case significant && d.Difference.Hi < 0:
		return string(eval.Worse)
	}
	return string(eval.Inconclusive)
}

// better reports whether the test part establishes that the chosen router is better than chance.
func (f *fitting) better() bool {
	return f.doc.Test.Claim.Verdict == string(eval.Better)
}
