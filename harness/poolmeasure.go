package harness

import (
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// keep measures an operating point on both parts and makes the artifact.
func (c *poolCalibrator) keep(y results.PoolPolicy, g results.Guarantee) error {
	before, err := c.measure(c.set, y)
	if err != nil {
		return err
	}
	now, err := c.measure(c.report, y)
	if err != nil {
		return err
	}
	for i := range now {
		now[i].Calibration = before[i].HeldOut
	}
	c.doc.Pool.Points = []results.PoolPolicyMeasure{{Guarantee: g, Policy: y, Measures: now}}
	router, err := IdentityOfPredictor(c.predictor)
	if err != nil {
		return err
	}
	c.artifact = &results.Artifact{
		Kind: results.ArtifactKind, SchemaVersion: results.SchemaVersion, Tool: c.doc.Tool, Router: router,
		Inputs: []results.Input{c.doc.Reference}, Pool: &y, Guarantee: g, Split: c.split, Threshold: results.Threshold{Score: results.Missing},
		Scores: int64(c.set.all.N()), EffectiveScores: results.Value(c.set.worth()), Quantiles: []float64{},
		HeldOut: heldOut(c.report.all.N(), c.o.Confidence, now),
	}
	return nil
}

// measure returns what an operating point does on a part, as held-out values with their intervals.
func (c *poolCalibrator) measure(p poolSide, y results.PoolPolicy) ([]results.Measure, error) {
	d, mix, err := c.apply(p, y)
	if err != nil {
		return nil, err
	}
	best := c.best()
	quality, cost := p.all.Quality.Column(best), p.all.Cost.Column(best)
	least, most := c.qualityRange()
	dearest, err := c.dearest(y)
	if err != nil {
		return nil, err
	}
	bestCost := 1.5 * c.largest(best)
	confidence := c.o.Confidence
	ratio := func(name string, over, under []float64, e eval.Extremes) results.Measure {
		value, interval := p.weighing().Ratio(over, under, e, p.all.Cluster, confidence)
		return newMeasure(name, value, interval)
	}
	saving := make([]float64, len(cost))
	for i := range saving {
		saving[i] = 1000 * (cost[i] - d.Cost[i])
	}
	out := []results.Measure{
		ratio("quality", d.Quality, nil, eval.MeanExtremes(least, most)),
		ratio("share_of_best", d.Quality, quality, eval.ShareExtremes(least, most)),
		ratio("cost_usd", times(1000, d.Cost), nil, eval.MeanExtremes(0, 1000*dearest)),
		ratio("saving_usd", saving, nil, eval.MeanExtremes(-1000*dearest, 1000*bestCost)),
	}
	for m, share := range mix {
		x := results.Measure{Name: "share:" + c.pool.models[m], HeldOut: results.Value(share), Calibration: results.Missing, Lo: results.Missing, Hi: results.Missing}
		out = append(out, x)
	}
	return out, nil
}

// apply returns what a policy gives on a part, and the share of the prompts that each model of the
// pool answers.
func (c *poolCalibrator) apply(p poolSide, y results.PoolPolicy) (d pool.Decisions, mix []float64, err error) {
	if y.Always != "" {
		return p.all.Take(slices.Repeat([]int{slices.Index(c.pool.models, y.Always)}, p.all.N()), 0)
	}
	d, routed, err := pool.Policy{Lambda: float64(y.Lambda), Mix: float64(y.Mix)}.Apply(p.routed, p.predictions, p.own)
	mix = make([]float64, len(c.pool.models))
	for m, share := range routed {
		mix[c.columns[m]] = share
	}
	return d, mix, err
}

// times returns x * v for each v.
func times(x float64, v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = float64(x * v[i])
	}
	return out
}
