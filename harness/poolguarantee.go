package harness

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// guarantee keeps the last operating point for which the target is established. For a quality it
// walks from the best predicted quality to the lowest cost, for a budget the other way.
func (c *poolCalibrator) guarantee() error {
	grid, last, err := c.walk()
	if err != nil {
		return fmt.Errorf("%s: %w", c.pool.name, err)
	}
	budget := c.o.Target.kind == budgetTarget
	g := results.Guarantee{Test: "student", Confidence: results.Value(c.o.Confidence), Target: "quality", Value: results.Value(c.o.Target.value)}
	if budget {
		g.Target = "budget_usd"
	}
	if c.o.Exact {
		g.Test = "betting"
	}
	switch {
	case last >= 0:
		return c.keep(c.policy(grid[last]), g)
	case budget:
		means := pool.NewConstants(c.set.routed, nil)
		return NoGuarantee{fmt.Errorf("a budget of $%v per 1,000 prompts is not established even where only cost counts: %q, the cheapest model, costs $%.4g",
			c.o.Target.value, c.pool.models[c.columns[means.Cheapest]], 1000*means.Cost[means.Cheapest])}
	}
	g.Trivial = true
	best := c.policy(pool.Policy{})
	best.Lambda, best.Mix, best.Always = results.Missing, results.Missing, c.doc.Pool.Best
	return c.keep(best, g)
}

// walk returns the operating points in the order in which they are tested, and the last one that is
// established; -1 if there is none.
func (c *poolCalibrator) walk() (grid []pool.Policy, last int, err error) {
	if grid, err = c.grid(); err != nil {
		return nil, -1, err
	}
	if c.o.Target.kind == qualityTarget {
		slices.Reverse(grid)
	}
	last, err = c.lastEstablished(grid)
	return grid, last, err
}

// grid returns at most gridPoints operating points from the cheapest to the best predicted ones.
// They come from the router's predictions on the held-out part, not from outcomes: the grid must
// not depend on what the test looks at. A path with few vertices is filled up with mixtures.
func (c *poolCalibrator) grid() ([]pool.Policy, error) {
	path, err := pool.NewPath(c.report.routed, c.report.predictions, 0)
	if err != nil {
		return nil, err
	}
	v := path.Vertices
	steps := len(v) - 1
	if steps == 0 { // the same models are chosen for every lambda
		return []pool.Policy{{}}, nil
	}
	grid := make([]pool.Policy, 0, gridPoints)
	for j := range gridPoints {
		at := float64(j) * float64(steps) / (gridPoints - 1)
		k := min(int(at), steps-1)
		mix := at - float64(k)
		if steps >= gridPoints {
			mix = math.Round(mix) // vertices themselves
		}
		grid = append(grid, pool.Policy{Lambda: v[k+1].Lambda, Mix: mix})
	}
	return slices.Compact(grid), nil
}

// lastEstablished tests the operating points in turn, as [eval.FixedSequence] does, and returns the
// last one before the first that is not established; -1 if there is none.
func (c *poolCalibrator) lastEstablished(grid []pool.Policy) (int, error) {
	state := c.keepsQuality
	if c.o.Target.kind == budgetTarget {
		state = c.staysBelow
	}
	test, err := c.test()
	if err != nil {
		return -1, err
	}
	for k, y := range grid {
		claim, d, err := state(y)
		if err != nil {
			return -1, err
		}
		if !test(claim, d) {
			return k - 1, nil
		}
	}
	return len(grid) - 1, nil
}

// staysBelow returns the claim that a policy costs less than the budget, and budget - cost of each
// sample of the calibration part.
func (c *poolCalibrator) staysBelow(y pool.Policy) (eval.Claim, []float64, error) {
	at := c.policy(y)
	gives, _, err := c.apply(c.set, at)
	if err != nil {
		return eval.Claim{}, nil, err
	}
	most, err := c.dearest(at)
	if err != nil {
		return eval.Claim{}, nil, err
	}
	d := gives.Cost
	budget := c.o.Target.value / 1000
	for i := range d {
		d[i] = budget - d[i]
	}
	return eval.NewClaim(budget-most, budget, false), d, nil
}

// dearest returns the largest cost of an answer that counts as possible under a policy: the largest
// one in both parts, of the models that the policy calls, and half as much again, as of
// [eval.CostRange]. A model that it never calls does not count: it may cost a thousand times more.
func (c *poolCalibrator) dearest(y results.PoolPolicy) (float64, error) {
	most := 0.0
	for _, p := range []poolSide{c.set, c.report} {
		_, mix, err := c.apply(p, y)
		if err != nil {
			return 0, err
		}
		for m, share := range mix {
			if share > 0 {
				most = max(most, c.largest(m))
			}
		}
	}
	return 1.5*most + c.set.own, nil
}

// largest returns the largest cost of a model's answer in both parts.
func (c *poolCalibrator) largest(model int) float64 {
	return max(slices.Max(c.set.all.Cost.Column(model)), slices.Max(c.report.all.Cost.Column(model)))
}

// keepsQuality returns the claim that a policy keeps the share of the best model's quality, and
// quality - share * best quality of each sample of the calibration part.
func (c *poolCalibrator) keepsQuality(y pool.Policy) (eval.Claim, []float64, error) {
	means := pool.NewConstants(c.set.all, nil)
	if q := means.Quality[means.Best]; q <= 0 {
		return eval.Claim{}, nil, fmt.Errorf("the best model's mean quality is %.4g: expected it above 0, to keep a share of it", q)
	}
	share, best := c.o.Target.value, c.set.all.Quality.Column(means.Best)
	least, most := c.qualityRange()
	meta := c.pool.table.Meta
	claim := eval.NewClaim(least-float64(share*most), most-float64(share*least), num.Finite(meta.Min) && num.Finite(meta.Max))
	if c.o.Exact && !claim.Bounded() {
		return claim, nil, hint.With(errors.New("an exact guarantee needs the bounds of quality"), "routellm datasets import table --range MIN,MAX writes them into the file")
	}
	d, _, err := c.apply(c.set, c.policy(y))
	for i := range d.Quality {
		d.Quality[i] -= float64(share * best[i])
	}
	return claim, d.Quality, err
}

// qualityRange returns the range of quality of the data.
func (c *poolCalibrator) qualityRange() (least, most float64) {
	values, meta := c.set.all.Quality.Values, c.pool.table.Meta
	return eval.QualityRange(eval.Outcomes{Strong: values, Weak: values}, meta.Min, meta.Max)
}

// test returns the test of the claims.
func (c *poolCalibrator) test() (eval.ClaimTest, error) {
	cluster := c.set.all.Cluster
	if c.o.Exact {
		return c.set.weighing().BettingTest(cluster, c.o.Confidence), nil
	}
	test, err := c.set.weighing().StudentTest(cluster, c.o.Confidence)
	return test, hint.With(err, "--exact holds for any number of clusters")
}

// policy returns a policy in the form of an artifact.
func (c *poolCalibrator) policy(y pool.Policy) results.PoolPolicy {
	out := results.PoolPolicy{Axis: results.CostAxis, Lambda: results.Value(y.Lambda), Mix: results.Value(y.Mix)}
	for m, column := range c.columns {
		cost := results.Missing
		if k := c.set.predictions.Cost; k.Rows() == 1 {
			cost = results.Value(k.At(0, m))
		}
		out.Models = append(out.Models, results.PolicyModel{Name: c.pool.models[column], Cost: cost})
	}
	return out
}
