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
// simultaneous bands to their curves, and each router's standing. Slices and the random
// router get intervals from a formula. Where the samples do not support an interval, there is
// a warning instead.
func (b *Benchmark) Bootstrap(boot eval.Bootstrap) error {
	if b.tooFew(boot.Confidence) {
		return nil
	}
	routers := b.ranked()
	scores := make([][]float64, len(routers))
	for k, r := range routers {
		scores[k] = r.scores
	}
	p := b.points
	p.Fractions = slices.Concat(p.Fractions, everyPercent())
	all, err := boot.Resample(b.samples.Outcomes, b.samples.Clusters, scores, p)
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
	b.doc.Warnings = append(b.doc.Warnings, supportWarnings(b.support, boot)...)
	b.addFormulas(boot.Confidence)
	b.rank(func(i, j *router) bool {
		of := func(r *router) []float64 { return all[slices.Index(routers, r)].AUC }
		support, err := eval.NewPairSupport(b.samples.Outcomes, b.samples.Clusters, i.scores, j.scores)
		if err != nil {
			return true // AddScores has refused such scores
		}
		difference := eval.Percentile(minus(of(i), of(j)), support.Paired(boot.Confidence))
		return !(difference.Lo > 0 || difference.Hi < 0) // without an interval, nothing is known
	})
	return nil
}

// Influence adds intervals to the routers' APGR from the influence function, and each router's
// standing. Where the samples do not support an interval, there is a warning instead.
func (b *Benchmark) Influence(confidence float64) error {
	if b.tooFew(confidence) {
		return nil
	}
	b.addFormulas(confidence)
	t, influences := eval.StudentQuantile(confidence, b.doc.Clusters), map[*router][]float64{}
	for _, r := range b.ranked() {
		if !r.measurable() {
			return nil
		}
		var err error
		if influences[r], err = eval.Influence(b.samples.Outcomes, r.scores); err != nil {
			return err
		}
		set(&r.Metrics.APGR, eval.InfluenceInterval(float64(r.Metrics.APGR.Value), influences[r], b.samples.Outcomes, b.samples.Clusters, confidence, b.support.Freedom()))
	}
	b.doc.Warnings = append(b.doc.Warnings, supportWarnings(b.support, eval.Bootstrap{Confidence: confidence})...)
	b.rank(func(i, j *router) bool {
		se := eval.ClusterSE(minus(influences[i], influences[j]), b.samples.Clusters)
		return math.Abs(float64(i.Metrics.APGR.Value-j.Metrics.APGR.Value)) <= t*se
	})
	return nil
}

// tooFew reports whether there are fewer clusters than can show a difference, and then
// warns.
func (b *Benchmark) tooFew(confidence float64) bool {
	if b.doc.Clusters >= eval.MinClusters(confidence) {
		return false
	}
	b.doc.Warnings = append(b.doc.Warnings, supportWarnings(b.support, eval.Bootstrap{Confidence: confidence})...)
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
			if apgr := &r.Slices[k].APGR; apgr.Value.Exists() {
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
	whole := x.QualityAt[len(p.Fractions):]
	set(&m.AreaOverRandom, eval.Percentile(overRandom(x.AUC, whole), confidence))
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

// overRandom returns, per replicate, AUC less the area under the straight line between the
// ends of the curve.
func overRandom(auc []float64, whole [][]float64) []float64 {
	weak, strong := whole[0], whole[len(whole)-1]
	out := make([]float64, len(auc))
	for i := range out {
		out[i] = auc[i] - (weak[i]+strong[i])/2
	}
	return out
}

// band sets the router's simultaneous band from replicates of the curve at every per cent.
// There is none at confidence NaN.
func (r *router) band(draws [][]float64, confidence float64) {
	if math.IsNaN(confidence) {
		return
	}
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
