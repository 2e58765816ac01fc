package measure

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// set sets the interval of a metric.
func set(m *results.Metric, i eval.Interval) { m.Lo, m.Hi = results.Value(i.Lo), results.Value(i.Hi) }

// setAround sets the interval of a metric to value +- half. A value that does not exist gets
// none.
func setAround(m *results.Metric, half float64) {
	m.Lo, m.Hi = m.Value-results.Value(half), m.Value+results.Value(half)
}

// Bootstrap adds intervals to the metrics of all routers, from the same resamples,
// simultaneous bands to their curves, and verdicts: each router's standing and its test
// against random. Slices and the random router get intervals from a formula. Where the samples
// do not support an interval, there is a warning instead.
func (b *Benchmark) Bootstrap(boot eval.Bootstrap) error {
	if b.tooFew(boot.Confidence) {
		return nil
	}
	routers, f := b.ranked(), b.field()
	measured := slices.Concat(routers, f.routers[f.ranked:]) // and the oracles, which have no verdict
	p := b.points
	p.Fractions = slices.Concat(p.Fractions, everyPercent())
	all, err := boot.ResampleScored(b.scored(measured), p)
	if err != nil {
		return err
	}
	level, band := b.support.Level(boot.Confidence), b.support.Band(boot.Confidence)
	for k, r := range routers {
		r.bootstrap(all[k], b.points, level)
		r.band(all[k].QualityAt[len(b.points.Fractions):], band)
	}
	if len(routers) > 0 && routers[0].measurable() && !math.IsNaN(level) {
		b.doc.Warnings = append(b.doc.Warnings, gaplessWarnings(all[0], level)...)
	}
	b.doc.Warnings = append(b.doc.Warnings, b.supportWarnings(boot)...)
	if err := b.bootstrapCosts(boot, routers, all, level); err != nil {
		return err
	}
	b.addFormulas(boot.Confidence)
	if len(f.routers) == 0 {
		return nil
	}
	family := eval.Family{Clusters: b.support.Clusters, Confidence: boot.Confidence}
	for k, r := range measured {
		if !r.isOracle {
			family.Values = append(family.Values, r.overRandom)
			family.Replicates = append(family.Replicates, all[k].OverRandom)
		}
	}
	supports, err := eval.NewPairSupportsScored(b.scored(f.routers))
	if err != nil {
		return err
	}
	tests := family.Test(f.pairs)
	family.Withhold(tests, f.pairs, supports)
	b.judge(f, tests, boot.Confidence, family.Widening(eval.AgainstRandom(f.ranked), boot.Confidence))
	return nil
}

// Influence adds intervals to the routers' APGR from the influence function, and verdicts from
// t tests with Holm's correction. Where the samples do not support an interval, there is
// a warning instead.
func (b *Benchmark) Influence(confidence float64) error {
	if b.tooFew(confidence) {
		return nil
	}
	b.addFormulas(confidence)
	if !b.gap.Measurable() {
		return nil
	}
	influences, t := map[*router][]float64{}, eval.StudentQuantile(confidence, b.support.Clusters)
	f := b.field()
	for _, r := range slices.Concat(b.ranked(), f.routers[f.ranked:]) {
		var err error
		if influences[r], err = eval.Influence(b.samples.Outcomes, r.scores); err != nil {
			return err
		}
		if r.Point == nil {
			set(&r.Metrics.APGR, eval.InfluenceInterval(float64(r.Metrics.APGR.Value), influences[r], b.samples.Outcomes, b.samples.Clusters, confidence, b.support.Freedom()))
		}
	}
	b.doc.Warnings = append(b.doc.Warnings, b.supportWarnings(eval.Bootstrap{Confidence: confidence})...)
	tests, err := b.holm(f, influences, confidence)
	if err != nil {
		return err
	}
	b.judge(f, tests, confidence, eval.StudentQuantile(1-(1-confidence)/float64(max(1, f.ranked)), b.support.Clusters)/t)
	return nil
}

// holm tests the pairs of a field by the influences of the routers, with Holm's correction. It
// withholds tests that few samples support.
func (b *Benchmark) holm(f field, influences map[*router][]float64, confidence float64) ([]eval.Tested, error) {
	supports, err := eval.NewPairSupportsScored(b.scored(f.routers))
	if err != nil {
		return nil, err
	}
	tests, p := make([]eval.Tested, len(f.pairs)), make([]float64, len(f.pairs))
	for h, pair := range f.pairs {
		value, influence := f.routers[pair.A].overRandom, influences[f.routers[pair.A]]
		if pair.B != eval.RandomRouter {
			value -= f.routers[pair.B].overRandom
			influence = minus(influence, influences[f.routers[pair.B]])
		}
		se := eval.ClusterSE(influence, b.samples.Clusters) * b.gap.Value // in units of quality
		p[h] = eval.StudentP(value/se, b.support.Clusters)
		least := eval.NormalQuantile(supports.Of(pair).Paired(confidence)) // NaN withholds too
		tests[h] = eval.Tested{Value: value, P: p[h], Withheld: !(math.Abs(value) > least*se)}
	}
	for h, adjusted := range eval.Holm(p) {
		tests[h].Adjusted = adjusted
	}
	return tests, nil
}

// tooFew reports whether there are fewer clusters than can show a difference, and then
// warns.
func (b *Benchmark) tooFew(confidence float64) bool {
	if b.support.Clusters >= eval.MinClusters(confidence) {
		return false
	}
	b.doc.Warnings = append(b.doc.Warnings, b.supportWarnings(eval.Bootstrap{Confidence: confidence})...)
	return true
}

// ranked returns the routers that rank the samples, which the random router does not.
func (b *Benchmark) ranked() []*router {
	var out []*router
	for _, r := range b.routers {
		if r.percents != nil && r.Scores != results.ClosedForm {
			out = append(out, r)
		}
	}
	return out
}

// measurable reports whether there is a gap to recover.
func (r *router) measurable() bool { return r.Metrics.APGR.Value.Exists() }

// addFormulas adds intervals to the slices of every router. A random router gets the range
// of a single random ordering.
func (b *Benchmark) addFormulas(confidence float64) {
	for _, r := range b.routers {
		if r.Scores == results.ClosedForm {
			setAround(&r.Metrics.APGR, eval.NormalQuantile(confidence)*float64(b.doc.Random.APGRSD))
			continue
		}
		for k, x := range r.slices {
			if apgr := &r.Slices[k].APGR; apgr.Value.Exists() && x.influence != nil {
				set(apgr, eval.InfluenceInterval(float64(apgr.Value), x.influence, x.outcomes, x.clusters, confidence, x.freedom))
			}
		}
	}
}

// bootstrap sets the router's intervals from its replicates. There are none at confidence NaN.
func (r *router) bootstrap(x eval.Replicates, p eval.Points, confidence float64) {
	m := &r.Metrics
	set(&m.AUC, eval.Percentile(x.AUC, confidence))
	fill(m.QualityAt, p.Fractions, x.QualityAt, confidence)
	fill(m.FractionFor, p.Qualities, x.FractionFor, confidence)
	set(&m.AreaOverRandom, eval.Percentile(x.OverRandom, confidence))
	if !r.measurable() || math.IsNaN(confidence) {
		return
	}
	set(&m.APGR, eval.Percentile(x.APGR, confidence))
	for k, percent := range p.CPT {
		i, c := eval.Percentile(x.CPT[k], confidence), m.CPT[key(percent)]
		set(&c.Metric, i)
		save(&c, percent)
		m.CPT[key(percent)] = c
		r.Warnings = append(r.Warnings, unreachedWarnings(percent, x.CPT[k], i)...)
	}
}

// fill sets the intervals of metrics at several points.
func fill(metrics map[string]results.Metric, at []float64, values [][]float64, confidence float64) {
	for k, x := range at {
		m := metrics[key(x)]
		set(&m, eval.Percentile(values[k], confidence))
		metrics[key(x)] = m
	}
}

// band sets the router's simultaneous band from replicates of the curve at every per cent.
// There is none at confidence NaN.
func (r *router) band(draws [][]float64, confidence float64) {
	if math.IsNaN(confidence) {
		return
	}
	lo, hi := eval.SimultaneousBand(r.percents, draws, confidence)
	for i, f := range everyPercent() {
		r.Band = append(r.Band, results.Bounds{StrongFraction: results.Value(f), Lo: results.Value(lo[i]), Hi: results.Value(hi[i])})
	}
}

// minus returns a less b, element by element.
func minus(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range out {
		out[i] = a[i] - b[i]
	}
	return out
}
