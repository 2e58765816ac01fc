package measure

import (
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// bootstrapCosts adds the intervals of costs and savings. all has the replicates of the routers
// with a curve, except the random one. level is the confidence of the intervals.
func (b *Benchmark) bootstrapCosts(boot eval.Bootstrap, routers []*router, all []eval.Replicates, level float64) error {
	if b.doc.Costs == nil {
		return nil
	}
	o := b.costs.outcomes(b.samples.Outcomes)
	if err := b.drawMeans(boot, o); err != nil {
		return err
	}
	b.doc.Costs.Strong, b.doc.Costs.Weak = spread(b.doc.Costs.Strong, b.each(func(p pairing) float64 { return p.strongCost }), level),
		spread(b.doc.Costs.Weak, b.each(func(p pairing) float64 { return p.weakCost }), level)
	var usual []int // the routers that pay what the samples cost
	for k, r := range routers {
		if r.costs == nil {
			usual = append(usual, k)
		} else if err := b.bootstrapCurves(boot, b.paidBy(o, r), routers, all, []int{k}, level); err != nil {
			return err
		}
	}
	if err := b.bootstrapCurves(boot, o, routers, all, usual, level); err != nil {
		return err
	}
	return b.bootstrapFixed(boot, o, level)
}

// bootstrapCurves adds intervals to the routers at the given indices, which pay the same.
func (b *Benchmark) bootstrapCurves(boot eval.Bootstrap, o eval.Outcomes, routers []*router, all []eval.Replicates, index []int, level float64) error {
	scores, points, at := [][]float64{}, [][]point{}, [][][]float64{}
	for n, k := range index {
		points = append(points, b.pointsOf(routers[k], &all[k]))
		scores, at = append(scores, routers[k].scores), append(at, nil)
		for _, p := range points[n] {
			at[n] = append(at[n], p.at)
		}
	}
	costs, err := boot.ResampleAlong(o, b.samples.Clusters, scores, at)
	if err != nil {
		return err
	}
	for n := range index {
		for i, p := range points[n] {
			c := p.in[p.key]
			b.spreadPoint(&c, costs[n][i], p.reaches, level)
			p.in[p.key] = c
		}
	}
	return nil
}

// drawMeans keeps both models' mean qualities and costs on every resample.
func (b *Benchmark) drawMeans(boot eval.Bootstrap, costs eval.Outcomes) error {
	boot.Progress = nil // it takes no time
	strong, weak, err := boot.ResampleMeans(b.samples.Outcomes, b.samples.Clusters)
	if err != nil {
		return err
	}
	strongCost, weakCost, err := boot.ResampleMeans(costs, b.samples.Clusters)
	for i := range strong {
		b.drawn = append(b.drawn, pairing{strong[i], weak[i], strongCost[i], weakCost[i]})
	}
	return err
}

// bootstrapFixed adds intervals to the routers with a single operating point and to the random
// one, whose curve is a straight line.
func (b *Benchmark) bootstrapFixed(boot eval.Bootstrap, o eval.Outcomes, level float64) error {
	boot.Progress = nil
	for _, r := range b.routers {
		switch {
		case r.Point != nil:
			cost, _, err := boot.ResampleMeans(called(b.paidBy(o, r), r.decisions), b.samples.Clusters)
			if err != nil {
				return err
			}
			quality, _, err := boot.ResampleMeans(called(b.samples.Outcomes, r.decisions), b.samples.Clusters)
			if err != nil {
				return err
			}
			b.spreadPoint(r.Costs.Point, cost, quality, level)
		case r.Scores == results.ClosedForm:
			b.bootstrapRandom(r, level)
		}
	}
	return nil
}

// bootstrapRandom adds intervals to the cost of random routing at fixed shares of strong calls
// and of the gap, which are the same for it.
func (b *Benchmark) bootstrapRandom(r *router, level float64) {
	line := func(in map[string]results.PointCost, name, share float64) {
		c := in[key(name)]
		if !c.Cost.Value.Exists() {
			return
		}
		cost := b.each(func(p pairing) float64 { return p.weakCost + float64(share*(p.strongCost-p.weakCost)) })
		b.spreadPoint(&c, cost, mixed(b.drawn, share), level)
		c.SavingOverRandom, c.CostRatio = results.NewMetric(float64(c.SavingOverRandom.Value)), results.NewMetric(float64(c.CostRatio.Value))
		in[key(name)] = c
	}
	for _, percent := range b.points.CPT {
		line(r.Costs.CPT, percent, percent/100)
	}
	for _, f := range b.points.Fractions {
		line(r.Costs.QualityAt, f, f)
	}
}

// spreadPoint sets the intervals of a point from its cost and quality on every resample.
func (b *Benchmark) spreadPoint(c *results.PointCost, cost, quality []float64, level float64) {
	all := make([]paid, len(cost))
	for i := range cost {
		all[i] = b.drawn[i].paidFor(cost[i], quality[i])
	}
	for _, m := range []struct {
		metric *results.Metric
		of     func(paid) float64
	}{
		{&c.Cost, func(p paid) float64 { return p.cost }},
		{&c.SavingOverStrong, func(p paid) float64 { return p.overStrong }},
		{&c.SavingOverRandom, func(p paid) float64 { return p.overRandom }},
		{&c.CostRatio, func(p paid) float64 { return p.ratio }},
	} {
		values := make([]float64, len(all))
		for i := range all {
			values[i] = m.of(all[i])
		}
		*m.metric = spread(*m.metric, values, level)
	}
}

// spread sets the interval of a metric that exists.
func spread(m results.Metric, values []float64, level float64) results.Metric {
	if m.Value.Exists() {
		set(&m, eval.Percentile(values, level))
	}
	return m
}

// each returns a number of every resample.
func (b *Benchmark) each(of func(pairing) float64) []float64 {
	out := make([]float64, len(b.drawn))
	for i, p := range b.drawn {
		out[i] = of(p)
	}
	return out
}
