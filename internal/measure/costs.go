package measure

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// Costs holds what both models' answers to each sample cost, in USD per prompt.
type Costs struct {
	Strong, Weak []float64
	Prices       []results.PriceUsed // where the costs come from
}

// outcomes returns the costs in the form of outcomes, so that a router's curve over them is its
// cost against its strong fraction.
func (c *Costs) outcomes(o eval.Outcomes) eval.Outcomes {
	o.Strong, o.Weak = c.Strong, c.Weak
	return o
}

// pairing holds the mean qualities and costs of both models, of all samples or of a resample.
type pairing struct{ strong, weak, strongCost, weakCost float64 }

// costOfRandom returns what random routing with the given quality costs: +Inf if it does not
// reach the quality, and NaN if the strong model is not better.
func (p pairing) costOfRandom(quality float64) float64 {
	calls := (quality - p.weak) / (p.strong - p.weak)
	switch {
	case !(p.strong > p.weak):
		return math.NaN()
	case calls > 1+1e-9:
		return math.Inf(1)
	}
	return p.weakCost + float64(max(0, min(1, calls))*(p.strongCost-p.weakCost))
}

// paid holds a point's cost and savings, of all samples or of a resample.
type paid struct{ cost, overStrong, overRandom, ratio float64 }

// paidFor returns the savings at a point of a cost and a quality.
func (p pairing) paidFor(cost, quality float64) paid {
	out := paid{cost: cost, overStrong: p.strongCost - cost}
	random := p.costOfRandom(quality)
	out.overRandom, out.ratio = random-cost, random/cost
	if math.Abs(out.overRandom) <= 1e-12*math.Abs(cost) { // they differ by rounding only
		out.overRandom, out.ratio = 0, 1
	}
	if math.IsInf(cost, 1) && math.IsInf(random, 1) { // neither reaches the quality
		out.overRandom, out.ratio = math.NaN(), math.NaN()
	}
	return out
}

// point is an operating point of a router with a curve, whose cost is wanted.
type point struct {
	in       map[string]results.PointCost
	key      string
	fraction float64   // strong fraction; NaN if the point is not reached
	quality  float64   // quality at the point
	at       []float64 // strong fraction in each resample; nil without resamples
	reaches  []float64 // quality in each resample
}

// AddCosts adds the costs of the operating points of all routers that were added. Where the costs
// of the samples are not known it adds none.
func (b *Benchmark) AddCosts() error {
	if b.costs == nil {
		return nil
	}
	o := b.costs.outcomes(b.samples.Outcomes)
	b.means.strong, b.means.weak = b.samples.Outcomes.Means()
	b.means.strongCost, b.means.weakCost = o.Means()
	b.doc.Costs = &results.PairCosts{
		Strong: results.NewMetric(b.means.strongCost), Weak: results.NewMetric(b.means.weakCost), Prices: b.costs.Prices,
	}
	for _, r := range b.routers {
		if err := b.addRouterCosts(o, r); err != nil {
			return err
		}
	}
	return nil
}

// addRouterCosts adds the costs of one router's operating points.
func (b *Benchmark) addRouterCosts(o eval.Outcomes, r *router) error {
	o = b.paidBy(o, r)
	r.Costs = &results.RouterCosts{CPT: map[string]results.PointCost{}, QualityAt: map[string]results.PointCost{}, FractionFor: map[string]results.PointCost{}}
	switch {
	case r.Point != nil:
		cost, _ := called(o, r.decisions).Means()
		r.Costs.Point = pointCost(b.paidFor(cost, float64(r.Point.Quality)))
		return nil
	case r.percents == nil: // measured as the reference implementation does
		r.Costs = nil
		return nil
	}
	c, err := eval.NewCurve(o, r.scores)
	if err != nil {
		return err
	}
	for _, p := range b.pointsOf(r, nil) {
		p.in[p.key] = *pointCost(b.paidFor(c.QualityAt(p.fraction), p.quality))
	}
	return nil
}

// paidBy returns the costs of a router: those of the samples, or its own.
func (b *Benchmark) paidBy(o eval.Outcomes, r *router) eval.Outcomes {
	if r.costs == nil {
		return o
	}
	return r.costs.outcomes(o)
}

// paidFor returns the savings at a point on all samples. Savings against random do not exist
// without an established gap.
func (b *Benchmark) paidFor(cost, quality float64) paid {
	p := b.means.paidFor(cost, quality)
	if !b.gap.Measurable() {
		p.overRandom, p.ratio = math.NaN(), math.NaN()
	}
	return p
}

// pointCost returns the numbers of a point without intervals.
func pointCost(p paid) *results.PointCost {
	return &results.PointCost{Cost: results.NewMetric(p.cost), SavingOverStrong: results.NewMetric(p.overStrong),
		SavingOverRandom: results.NewMetric(p.overRandom), CostRatio: results.NewMetric(p.ratio)}
}

// called returns the outcomes of the called model as those of the strong one.
func called(o eval.Outcomes, strong []bool) eval.Outcomes {
	values := slices.Clone(o.Weak)
	for i, is := range strong {
		if is {
			values[i] = o.Strong[i]
		}
	}
	o.Strong = values
	return o
}

// pointsOf lists the operating points of a router with a curve. x has the router's replicates;
// nil without resamples.
func (b *Benchmark) pointsOf(r *router, x *eval.Replicates) []point {
	var out []point
	add := func(in map[string]results.PointCost, name float64, fraction, quality float64) *point {
		out = append(out, point{in: in, key: key(name), fraction: fraction, quality: quality})
		return &out[len(out)-1]
	}
	for k, percent := range b.points.CPT {
		p := add(r.Costs.CPT, percent, float64(r.Metrics.CPT[key(percent)].Value), b.means.weak+float64(percent/100*(b.means.strong-b.means.weak)))
		if x != nil {
			p.at, p.reaches = x.CPT[k], mixed(b.drawn, percent/100)
		}
	}
	for k, f := range b.points.Fractions {
		p := add(r.Costs.QualityAt, f, f, float64(r.Metrics.QualityAt[key(f)].Value))
		if x != nil {
			p.at, p.reaches = slices.Repeat([]float64{f}, len(b.drawn)), x.QualityAt[k]
		}
	}
	for k, share := range b.points.Qualities {
		p := add(r.Costs.FractionFor, share, float64(r.Metrics.FractionFor[key(share)].Value), share*b.means.strong)
		if x != nil {
			p.at, p.reaches = x.FractionFor[k], mixed(b.drawn, math.NaN())
			for i, d := range b.drawn {
				p.reaches[i] = share * d.strong
			}
		}
	}
	return out
}

// mixed returns the quality of random routing with a share of strong calls in each resample.
func mixed(drawn []pairing, share float64) []float64 {
	out := make([]float64, len(drawn))
	for i, d := range drawn {
		out[i] = d.weak + float64(share*(d.strong-d.weak))
	}
	return out
}
