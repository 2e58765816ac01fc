package measure

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/results"
)

// IntervalBins is the largest number of bins that intervals are computed from: 200 buckets times as
// many bins are 400,000 samples with weights. More would not change intervals by what is shown.
const IntervalBins = 2048

// NewSummary prepares a benchmark whose routers are summaries of the same samples; s is one of them.
// Its samples are cells, and their clusters are buckets. doc and points are as in [New].
func NewSummary(doc results.Benchmark, s *binned.Summary, points eval.Points) (*Benchmark, error) {
	own, _, err := samplesOfSummary(s)
	if err != nil {
		return nil, err
	}
	c, gap := s.Curve(), s.Gap()
	doc.Samples, doc.Clusters = c.N, s.Buckets()
	doc.StrongQuality, doc.WeakQuality, doc.Gap = results.Value(c.Strong), results.Value(c.Weak), results.NewGap(gap)
	if s.Weighted() {
		doc.Weights = &results.Weights{Sum: results.Value(c.Size()), Effective: results.Missing}
	}
	doc.Random = results.Random{APGRSD: results.Missing, APGRClusterSD: results.Missing}
	if gap.Measurable() {
		doc.Random.APGRSD = results.Value(s.Random().APGRSD)
	}
	doc.Summary = &results.Summary{Buckets: s.Buckets()}
	doc.Warnings = append(append([]string{}, doc.Warnings...), gapWarnings(gap)...)
	b := &Benchmark{doc: doc, samples: own, points: points, gap: gap, summed: true}
	if own.Clusters != nil {
		b.support = eval.NewSupport(own.Outcomes, own.Clusters)
		b.doc.Warnings = append(b.doc.Warnings, effectiveWarnings(own)...)
	}
	return b, nil
}

// samplesOfSummary returns the cells of a summary as samples, and their scores.
func samplesOfSummary(s *binned.Summary) (Samples, []float64, error) {
	coarse, err := s.Coarse(IntervalBins)
	if err != nil {
		return Samples{}, nil, err
	}
	o, cluster, scores := coarse.Samples()
	return Samples{Outcomes: o, Clusters: cluster}, scores, nil
}

// AddSummary measures a router by its summary. byTask adds slices.
func (b *Benchmark) AddSummary(name string, s *binned.Summary, byTask bool) error {
	own, scores, err := samplesOfSummary(s)
	if err != nil {
		return err
	}
	r := newRouter(name, results.Summed)
	c := s.Curve()
	r.percents, r.own, r.scores, r.overRandom = eachPercent(c), &own, scores, s.AreaOverRandom().Value
	r.Metrics, r.Curve = metricsOf(c, b.gap, math.NaN(), b.points), pointsOf(c.Thin(results.MaxVertices))
	b.bound(&r.Metrics, s)
	r.Warnings = append(r.Warnings, tieWarnings(c)...)
	if byTask {
		if r.Slices, r.slices, err = slicesOfSummary(s); err != nil {
			return fmt.Errorf("tasks: %w", err)
		}
	}
	b.routers = append(b.routers, r)
	b.doc.Summary.Bins, b.doc.Summary.Unused = max(b.doc.Summary.Bins, len(s.Bins)), max(b.doc.Summary.Unused, s.Unused)
	return nil
}

// bound sets the metrics' values to those of the summary, with the ranges of the exact values.
func (b *Benchmark) bound(m *results.Metrics, s *binned.Summary) {
	within(&m.AUC, s.AUC())
	within(&m.AreaOverRandom, s.AreaOverRandom())
	for _, f := range b.points.Fractions {
		m.QualityAt[key(f)] = withinOf(m.QualityAt[key(f)], s.QualityAt(f))
	}
	for _, q := range b.points.Qualities {
		m.FractionFor[key(q)] = withinOf(m.FractionFor[key(q)], s.FractionFor(q*s.Curve().Strong))
	}
	if !b.gap.Measurable() {
		return
	}
	within(&m.APGR, s.APGR())
	for _, x := range b.points.CPT {
		c := m.CPT[key(x)]
		within(&c.Metric, s.CPT(x))
		if !s.Single() {
			c.Hull = results.Missing // that of the edges is not that of the samples
		}
		save(&c, x)
		m.CPT[key(x)] = c
	}
}

// within sets a metric to a value of a summary.
func within(m *results.Metric, v binned.Value) { *m = withinOf(*m, v) }

// withinOf returns a metric with a value of a summary.
func withinOf(m results.Metric, v binned.Value) results.Metric {
	m.Value = results.Value(v.Value)
	if !v.Exact() {
		m.Within = &results.Range{Lo: results.Value(v.Lo), Hi: results.Value(v.Hi)}
	}
	return m
}

// samplesOf returns a router's samples: those of the benchmark, or the cells of its own summary.
func (b *Benchmark) samplesOf(r *router) Samples {
	if r.own != nil {
		return *r.own
	}
	return b.samples
}

// Scored returns the routers that rank the samples, with these, in the order in which they were added.
func (b *Benchmark) Scored() []eval.Scored { return b.scored(b.ranked()) }

// scored returns the routers with their samples.
func (b *Benchmark) scored(routers []*router) []eval.Scored {
	out := make([]eval.Scored, len(routers))
	for k, r := range routers {
		s := b.samplesOf(r)
		out[k] = eval.Scored{Outcomes: s.Outcomes, Cluster: s.Clusters, Scores: r.scores}
	}
	return out
}

// slicesOfSummary measures each task by itself, in the order of their names in the summary, and then
// the small ones together, as slicesOf does.
func slicesOfSummary(s *binned.Summary) ([]results.Slice, []sliceParts, error) {
	return slicesWith(len(s.Tasks), func(tasks []int) (results.Slice, sliceParts, error) {
		part, err := s.Of(tasks)
		if err != nil {
			return results.Slice{}, sliceParts{}, err
		}
		slice, x, err := sliceOfSummary(part)
		slice.Task = s.Tasks[tasks[0]]
		return slice, x, err
	})
}

// sliceOfSummary measures the summary of a task. Without buckets, every sample counts as independent.
func sliceOfSummary(s *binned.Summary) (results.Slice, sliceParts, error) {
	own, scores, err := samplesOfSummary(s)
	if err != nil {
		return results.Slice{}, sliceParts{}, err
	}
	x := sliceParts{outcomes: own.Outcomes, clusters: own.Clusters, freedom: math.NaN(), support: int(s.Rows())}
	if x.clusters != nil {
		support := eval.NewSupport(x.outcomes, x.clusters)
		x.support, x.freedom = support.Clusters, support.Freedom()
	}
	c, gap := s.Curve(), s.Gap()
	slice := results.Slice{
		Samples: c.N, Clusters: x.support, StrongQuality: results.Value(c.Strong), WeakQuality: results.Value(c.Weak), GapState: results.NewGap(gap).State,
		APGR: results.NewMetric(math.NaN()), AreaOverRandom: withinOf(results.NewMetric(0), s.AreaOverRandom()),
	}
	if !gap.Measurable() || x.support < eval.MinIntervalClusters {
		return slice, x, nil
	}
	within(&slice.APGR, s.APGR())
	if x.clusters != nil {
		x.influence, err = eval.Influence(x.outcomes, scores)
	}
	return slice, x, err
}
