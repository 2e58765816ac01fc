package result

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
)

// set gives the metric its percentile interval.
func (m *Metric) set(i eval.Interval) { m.Lo, m.Hi = Value(i.Lo), Value(i.Hi) }

// around gives the metric an interval of equal halves. A value that does not exist gets
// none.
func (m *Metric) around(half float64) { m.Lo, m.Hi = m.Value-Value(half), m.Value+Value(half) }

// Bootstrap gives the metrics of all routers intervals from the same resamples, the curves
// their bands, and the routers their standing. Tasks and the random router get what has a
// formula. Too few clusters get nothing but a warning.
func (b *Benchmark) Bootstrap(s Subject, p Points, boot eval.Bootstrap) error {
	if b.tooFew(boot.Confidence) {
		return nil
	}
	routers := b.scored()
	scores := make([][]float64, len(routers))
	for k, r := range routers {
		scores[k] = r.scores
	}
	asked := eval.Points{CPT: p.CPT, Fractions: slices.Concat(p.Fractions, everyPercent()), Qualities: p.Qualities}
	all, err := boot.Resample(s.Outcomes, s.Clusters, scores, asked)
	if err != nil {
		return err
	}
	for k, r := range routers {
		r.bootstrap(all[k], p, boot.Confidence)
	}
	if len(routers) > 0 && routers[0].measurable() {
		b.Warnings = append(b.Warnings, gaplessWarnings(all[0], boot.Confidence)...)
	}
	b.addFormulas(boot.Confidence)
	b.rank(func(i, j *Router) bool {
		of := func(r *Router) []float64 { return all[slices.Index(routers, r)].AUC }
		difference := eval.Percentile(minus(of(i), of(j)), boot.Confidence)
		return difference.Lo <= 0 && difference.Hi >= 0
	})
	return nil
}

// Influence gives the routers' APGR intervals from the influence function, value +- t SE,
// and the routers their standing. Too few clusters get nothing but a warning.
func (b *Benchmark) Influence(s Subject, confidence float64) error {
	if b.tooFew(confidence) {
		return nil
	}
	t, influences := eval.StudentQuantile(confidence, b.Clusters), map[*Router][]float64{}
	for _, r := range b.scored() {
		if !r.measurable() {
			return nil
		}
		var err error
		if influences[r], err = eval.Influence(s.Outcomes, r.scores); err != nil {
			return err
		}
		r.Metrics.APGR.around(t * eval.ClusterSE(influences[r], s.Clusters))
	}
	b.addFormulas(confidence)
	b.rank(func(i, j *Router) bool {
		se := eval.ClusterSE(minus(influences[i], influences[j]), s.Clusters)
		return math.Abs(float64(i.Metrics.APGR.Value-j.Metrics.APGR.Value)) <= t*se
	})
	return nil
}

// tooFew warns where there are fewer clusters than can show anything.
func (b *Benchmark) tooFew(confidence float64) bool {
	least := eval.MinClusters(confidence)
	if b.Clusters >= least {
		return false
	}
	b.Warnings = append(b.Warnings, fmt.Sprintf("%d independent samples (clusters) are too few for intervals: want at least %d", b.Clusters, least))
	return true
}

// scored lists the routers that rank samples.
func (b *Benchmark) scored() []*Router {
	var out []*Router
	for i := range b.Routers {
		if r := &b.Routers[i]; r.exact != nil && r.Scores != "closed form" {
			out = append(out, r)
		}
	}
	return out
}

// measurable reports whether there is a gap to recover.
func (r *Router) measurable() bool { return r.Metrics.APGR.Value.Exists() }

// addFormulas gives intervals to the tasks of every router, and to a random router that of
// its luck in one order.
func (b *Benchmark) addFormulas(confidence float64) {
	for i := range b.Routers {
		r := &b.Routers[i]
		if r.Scores == "closed form" {
			r.Metrics.APGR.around(eval.NormalQuantile(confidence) * float64(b.Random.APGRSD))
			continue
		}
		for k := range r.Slices {
			x := &r.Slices[k]
			x.APGR.around(eval.StudentQuantile(confidence, x.clusters) * x.se)
		}
	}
}

// bootstrap takes the router's intervals and band from its replicates.
func (r *Router) bootstrap(x eval.Replicates, p Points, confidence float64) {
	m := &r.Metrics
	m.AUC.set(eval.Percentile(x.AUC, confidence))
	fill(m.QualityAt, p.Fractions, x.QualityAt, confidence)
	fill(m.FractionFor, p.Qualities, x.FractionFor, confidence)
	whole := x.QualityAt[len(p.Fractions):]
	m.AreaOverRandom.set(eval.Percentile(overRandom(x.AUC, whole), confidence))
	r.band(whole, confidence)
	if !r.measurable() {
		return
	}
	m.APGR.set(eval.Percentile(x.APGR, confidence))
	for k, percent := range p.CPT {
		i, c := eval.Percentile(x.CPT[k], confidence), m.CPT[key(percent)]
		c.set(i)
		c.save(percent)
		m.CPT[key(percent)] = c
		r.Warnings = append(r.Warnings, unreachedWarnings(percent, x.CPT[k], i)...)
	}
}

// fill sets the intervals of metrics at several points.
func fill(metrics map[string]Metric, at []float64, values [][]float64, confidence float64) {
	for k, x := range at {
		m := metrics[key(x)]
		m.set(eval.Percentile(values[k], confidence))
		metrics[key(x)] = m
	}
}

// overRandom is AUC less the area under the line between both ends of the curve.
func overRandom(auc []float64, whole [][]float64) []float64 {
	weak, strong := whole[0], whole[len(whole)-1]
	out := make([]float64, len(auc))
	for i := range out {
		out[i] = auc[i] - (weak[i]+strong[i])/2
	}
	return out
}

func (r *Router) band(draws [][]float64, confidence float64) {
	var estimate []float64
	for _, f := range everyPercent() {
		estimate = append(estimate, r.exact.QualityAt(f))
	}
	lo, hi := eval.SimultaneousBand(estimate, draws, confidence)
	for i, f := range everyPercent() {
		r.Band = append(r.Band, Bounds{Value(f), Value(lo[i]), Value(hi[i])})
	}
}

// everyPercent lists the strong fractions of a band.
func everyPercent() []float64 {
	out := make([]float64, 101)
	for i := range out {
		out[i] = float64(i) / 100
	}
	return out
}

func minus(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range out {
		out[i] = a[i] - b[i]
	}
	return out
}
