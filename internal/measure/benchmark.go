// Package measure computes the numbers of a results document. Call [New] first, which
// measures what depends on the samples alone; then the Add methods, one call per router, and
// [Benchmark.AddCosts]; then [Benchmark.Bootstrap] or [Benchmark.Influence], which add intervals to all routers;
// and [Benchmark.Result] for the document.
package measure

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// Samples holds the evaluated samples of a benchmark, with one entry per sample in each
// slice.
type Samples struct {
	Outcomes eval.Outcomes
	Clusters []int    // cluster numbers from [eval.ClusterIDs]
	Tasks    []string // task names; nil for no slices
	Costs    *Costs   // what the samples cost; nil if that is not known
}

// Benchmark is a benchmark under measurement.
type Benchmark struct {
	doc     results.Benchmark
	samples Samples
	points  eval.Points
	gap     eval.Gap
	support eval.Support
	oracle  float64 // APGR of the oracle; computed when first needed
	asked   bool    // whether oracle was computed
	routers []*router
	summed  bool // whether the routers are summaries, each with samples of its own

	costs *Costs
	means pairing   // means of all samples; set with the costs
	drawn []pairing // means of each resample; nil without costs or resamples
}

// router is a router under measurement.
type router struct {
	results.Router
	isOracle   bool         // scores are made from the outcomes, so the router is not ranked
	percents   []float64    // quality at every per cent of strong calls; nil for a router with a single operating point
	decisions  []bool       // calls to the strong model of a router with a single operating point; nil for others
	own        *Samples     // cells of its summary; nil for those of the benchmark
	scores     []float64    // scores that the curve is made from; decisions as 0 and 1; nil for a router that looks at nothing
	costs      *Costs       // what it pays for answers; nil for those of the samples
	overRandom float64      // area over random of the scores
	slices     []sliceParts // one per element of Slices
}

// New measures the samples. doc holds the benchmark's names, its pair of models and the
// numbers of rows left out; points are the points of the curves to measure.
func New(doc results.Benchmark, s Samples, points eval.Points) (*Benchmark, error) {
	if err := s.Outcomes.Validate(); err != nil {
		return nil, err
	}
	gap, err := eval.NewGap(s.Outcomes, s.Clusters)
	if err != nil {
		return nil, err
	}
	clusterSD, err := eval.RandomClusterSD(s.Outcomes, s.Clusters)
	if err != nil {
		return nil, err
	}
	random := eval.NewRandom(s.Outcomes)
	doc.Samples, doc.Clusters = s.Outcomes.N(), 0
	for _, c := range s.Clusters {
		doc.Clusters = max(doc.Clusters, c+1)
	}
	doc.StrongQuality, doc.WeakQuality = results.Value(random.Strong), results.Value(random.Weak)
	doc.Gap, doc.Weights = results.NewGap(gap), weightsOf(s)
	doc.Random = results.Random{APGRSD: results.Missing, APGRClusterSD: results.Missing}
	if gap.Measurable() { // otherwise APGR does not exist, and neither does its spread
		doc.Random = results.Random{APGRSD: results.Value(random.APGRSD), APGRClusterSD: results.Value(clusterSD)}
	}
	doc.Warnings = append(append([]string{}, doc.Warnings...), sampleWarnings(s, gap)...)
	support := eval.NewSupport(s.Outcomes, s.Clusters)
	return &Benchmark{doc: doc, samples: s, points: points, gap: gap, support: support, costs: s.Costs}, nil
}

// weightsOf describes the weights of the samples; nil if there are none.
func weightsOf(s Samples) *results.Weights {
	if s.Outcomes.Weight == nil {
		return nil
	}
	sum := 0.0
	for _, w := range s.Outcomes.Weight {
		sum += w
	}
	return &results.Weights{Sum: results.Value(sum), Effective: results.Value(s.Outcomes.EffectiveClusters(s.Clusters))}
}

// Gap returns the quality gap between the models.
func (b *Benchmark) Gap() eval.Gap { return b.gap }

// Warn adds a warning about the benchmark.
func (b *Benchmark) Warn(text string) { b.doc.Warnings = append(b.doc.Warnings, text) }

// Result returns the benchmark with everything measured so far.
func (b *Benchmark) Result() results.Benchmark {
	doc := b.doc
	doc.Warnings = slices.Clone(doc.Warnings)
	for _, r := range b.routers {
		doc.Routers = append(doc.Routers, r.Router)
	}
	return doc
}

// corrected reports whether the outcomes are pseudo-outcomes: right on average, and not sample by
// sample. What chooses by them, such as the oracle, has then no meaning.
func (s Samples) corrected() bool { return s.Outcomes.Observed != nil }

// oracleAPGR returns the largest APGR attainable on the samples, NaN if that is not known.
func (b *Benchmark) oracleAPGR() (float64, error) {
	if b.samples.corrected() || b.summed {
		return math.NaN(), nil
	}
	if b.asked {
		return b.oracle, nil
	}
	c, err := eval.NewCurve(b.samples.Outcomes, eval.OracleScores(b.samples.Outcomes))
	if err != nil {
		return 0, err
	}
	b.oracle, b.asked = c.APGR(), true
	return b.oracle, nil
}
