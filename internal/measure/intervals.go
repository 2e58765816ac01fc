package measure

import (
	"fmt"
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
// router get intervals from a formula. With too few clusters, Bootstrap only warns.
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
	for k, r := range routers {
		r.bootstrap(all[k], b.points, boot.Confidence)
	}
	if len(routers) > 0 && routers[0].measurable() {
		b.doc.Warnings = append(b.doc.Warnings, gaplessWarnings(all[0], boot.Confidence)...)
	}
	b.addFormulas(boot.Confidence)
	b.rank(func(i, j *router) bool {
		of := func(r *router) []float64 { return all[slices.Index(routers, r)].AUC }
		difference := eval.Percentile(minus(of(i), of(j)), boot.Confidence)
		return difference.Lo <= 0 && difference.Hi >= 0
	})
	return nil
}

// Influence adds intervals to the routers' APGR from the influence function, value +- t SE,
// and each router's standing. With too few clusters, Influence only warns.
func (b *Benchmark) Influence(confidence float64) error {
	if b.tooFew(confidence) {
		return nil
	}
	t, influences := eval.StudentQuantile(confidence, b.doc.Clusters), map[*router][]float64{}
	for _, r := range b.ranked() {
		if !r.measurable() {
			return nil
		}
		var err error
		if influences[r], err = eval.Influence(b.samples.Outcomes, r.scores); err != nil {
			return err
		}
		setAround(&r.Metrics.APGR, t*eval.ClusterSE(influences[r], b.samples.Clusters))
	}
	b.addFormulas(confidence)
	b.rank(func(i, j *router) bool {
		se := eval.ClusterSE(minus(influences[i], influences[j]), b.samples.Clusters)
		return math.Abs(float64(i.Metrics.APGR.Value-j.Metrics.APGR.Value)) <= t*se
	})
	return nil
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
	whole := x.QualityAt[len(p.Fractions):]
	set(&m.AreaOverRandom, eval.Percentile(overRandom(x.AUC, whole), confidence))
	r.band(whole, confidence)
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
