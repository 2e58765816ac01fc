package measure

import (
	"fmt"
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
// against random. Slices and the random router get intervals from a formula. With too few
// clusters, Bootstrap only warns.
func (b *Benchmark) Bootstrap(boot eval.Bootstrap) error {
	if b.tooFew(boot.Confidence) {
		return nil
	}
	routers, f := b.ranked(), b.field()
	scores := scoresOf(slices.Concat(routers, f.routers[f.ranked:]))
	p := b.points
	p.Fractions = slices.Concat(p.Fractions, everyPercent())
	all, err := boot.Resample(b.samples.Outcomes, b.samples.Clusters, scores, p)
	if err != nil {
		return err
	}
	for k, r := range routers {
		r.bootstrap(all[k], b.points, boot.Confidence)
	}
	if len(routers) > 0 && routers[0].measurable() {
		b.doc.Warnings = append(b.doc.Warnings, gaplessWarnings(all[0], boot.Confidence)...)
	}
	b.addFormulas(boot.Confidence)
	if len(f.routers) == 0 {
		return nil
	}
	family := eval.Family{Clusters: b.doc.Clusters, Confidence: boot.Confidence}
	for k, r := range slices.Concat(routers, f.routers[f.ranked:]) {
		if !r.isOracle {
			family.Values = append(family.Values, r.overRandom)
			family.Replicates = append(family.Replicates, all[k].OverRandom)
		}
	}
	b.judge(f, family.Test(f.pairs), boot.Confidence, family.Widening(eval.AgainstRandom(f.ranked), boot.Confidence))
	return nil
}

// scoresOf returns the scores of each router.
func scoresOf(routers []*router) [][]float64 {
	scores := make([][]float64, len(routers))
	for k, r := range routers {
		scores[k] = r.scores
	}
	return scores
}

// Influence adds intervals to the routers' APGR from the influence function, value +- t SE,
// and verdicts from t tests with Holm's correction. With too few clusters, Influence only
// warns.
func (b *Benchmark) Influence(confidence float64) error {
	if b.tooFew(confidence) || !b.gap.Measurable() {
		return nil
	}
	influences, t := map[*router][]float64{}, eval.StudentQuantile(confidence, b.doc.Clusters)
	f := b.field()
	for _, r := range slices.Concat(b.ranked(), f.routers[f.ranked:]) {
		var err error
		if influences[r], err = eval.Influence(b.samples.Outcomes, r.scores); err != nil {
			return err
		}
		if r.Point == nil {
			setAround(&r.Metrics.APGR, t*eval.ClusterSE(influences[r], b.samples.Clusters))
		}
	}
	b.addFormulas(confidence)
	b.judge(f, b.holm(f, influences), confidence, eval.StudentQuantile(1-(1-confidence)/float64(max(1, f.ranked)), b.doc.Clusters)/t)
	return nil
}

// holm tests the pairs of a field by the influences of the routers, with Holm's correction.
func (b *Benchmark) holm(f field, influences map[*router][]float64) []eval.Tested {
	tests, p := make([]eval.Tested, len(f.pairs)), make([]float64, len(f.pairs))
	for h, pair := range f.pairs {
		value, influence := f.routers[pair.A].overRandom, influences[f.routers[pair.A]]
		if pair.B != eval.RandomRouter {
			value -= f.routers[pair.B].overRandom
			influence = minus(influence, influences[f.routers[pair.B]])
		}
		se := eval.ClusterSE(influence, b.samples.Clusters) * b.gap.Value // in units of quality
		p[h] = eval.StudentP(value/se, b.doc.Clusters)
		tests[h] = eval.Tested{Value: value, P: p[h]}
	}
	for h, adjusted := range eval.Holm(p) {
		tests[h].Adjusted = adjusted
	}
	return tests
}

// tooFew reports whether there are fewer clusters than can show a difference, and then
// warns.
func (b *Benchmark) tooFew(confidence float64) bool {
	least := eval.MinClusters(confidence)
	if b.doc.Clusters >= least {
		return false
	}
	b.Warn(fmt.Sprintf("%d independent samples (clusters) are too few for intervals: at least %d are needed", b.doc.Clusters, least))
	return true
}

// ranked returns the routers that rank the samples, which the random router does not.
func (b *Benchmark) ranked() []*router {
	var out []*router
	for _, r := range b.routers {
		if r.curve != nil && r.Scores != results.ClosedForm {
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
			setAround(&r.Slices[k].APGR, eval.StudentQuantile(confidence, x.clusters)*x.se)
		}
	}
}

// bootstrap sets the router's intervals and band from its replicates.
func (r *router) bootstrap(x eval.Replicates, p eval.Points, confidence float64) {
	m := &r.Metrics
	set(&m.AUC, eval.Percentile(x.AUC, confidence))
	fill(m.QualityAt, p.Fractions, x.QualityAt, confidence)
	fill(m.FractionFor, p.Qualities, x.FractionFor, confidence)
	set(&m.AreaOverRandom, eval.Percentile(x.OverRandom, confidence))
	r.band(x.QualityAt[len(p.Fractions):], confidence)
	if !r.measurable() {
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
func (r *router) band(draws [][]float64, confidence float64) {
	var estimate []float64
	for _, f := range everyPercent() {
		estimate = append(estimate, r.curve.QualityAt(f))
	}
	lo, hi := eval.SimultaneousBand(estimate, draws, confidence)
	for i, f := range everyPercent() {
		r.Band = append(r.Band, results.Bounds{StrongFraction: results.Value(f), Lo: results.Value(lo[i]), Hi: results.Value(hi[i])})
	}
}

// everyPercent returns the strong fractions of a band: 0, 0.01, ..., 1.
func everyPercent() []float64 {
	out := make([]float64, 101)
	for i := range out {
		out[i] = float64(i) / 100
	}
	return out
}

// minus returns a less b, element by element.
func minus(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range out {
		out[i] = a[i] - b[i]
	}
	return out
}
