package result

import (
	"math"
	"strconv"

	"github.com/routellm/routellm/eval"
)

// Points are the operating points that metrics are asked for.
type Points struct {
	CPT       []float64 // per cent of the gap
	Fractions []float64 // strong fractions to give the quality at
	Qualities []float64 // shares of the strong model's quality to reach
}

// Subject is the evaluated part of a benchmark: one entry a sample.
type Subject struct {
	Outcomes eval.Outcomes
	Clusters []int    // from [eval.ClusterIDs]
	Tasks    []string // task of each sample; nil for no slices
}

// gapStates are the words for [eval.GapState].
var gapStates = map[eval.GapState]string{
	eval.GapEstablished:    "established",
	eval.GapThin:           "thin",
	eval.GapNotEstablished: "not established",
	eval.GapReversed:       "reversed",
}

// Measure fills the benchmark's numbers that depend on no router and returns
// the gap.
func (b *Benchmark) Measure(s Subject) (eval.Gap, error) {
	if err := s.Outcomes.Validate(); err != nil {
		return eval.Gap{}, err
	}
	gap, err := eval.NewGap(s.Outcomes, s.Clusters)
	if err != nil {
		return gap, err
	}
	clusterSD, err := eval.RandomClusterSD(s.Outcomes, s.Clusters)
	if err != nil {
		return gap, err
	}
	random := eval.NewRandom(s.Outcomes)
	b.Samples = s.Outcomes.N()
	for _, c := range s.Clusters {
		b.Clusters = max(b.Clusters, c+1)
	}
	b.StrongQuality, b.WeakQuality = Value(random.Strong), Value(random.Weak)
	b.Gap = Gap{Value(gap.Value), Value(gap.SE), gapStates[gap.State]}
	b.Random = Random{Value(random.APGRSD), Value(clusterSD)}
	b.Warnings = append(b.Warnings, subjectWarnings(s, gap)...)
	return gap, nil
}

// NewMetrics computes a curve's metrics. Those of the gap are NaN unless it is
// established. oracle is the oracle's APGR.
func NewMetrics(c *eval.Curve, gap eval.Gap, oracle float64, p Points) Metrics {
	m := emptyMetrics()
	m.AUC, m.AreaOverRandom = NewMetric(c.AUC()), NewMetric(c.AreaOverRandom())
	for _, f := range p.Fractions {
		m.QualityAt[key(f)] = NewMetric(c.QualityAt(f))
	}
	for _, q := range p.Qualities {
		m.FractionFor[key(q)] = NewMetric(c.FractionFor(q * c.Strong))
	}
	measurable := hasGap(gap)
	for _, x := range p.CPT {
		m.CPT[key(x)] = newCPT(c.CPT(x), x, measurable)
	}
	if measurable {
		m.APGR = NewMetric(c.APGR())
		m.Headroom = NewMetric(eval.Headroom(c.APGR(), oracle))
	}
	return m
}

func hasGap(gap eval.Gap) bool { return gap.Measurable() }

func emptyMetrics() Metrics {
	none := NewMetric(math.NaN())
	return Metrics{
		APGR: none, Headroom: none, AUC: none, AreaOverRandom: none,
		CPT: map[string]CPT{}, QualityAt: map[string]Metric{}, FractionFor: map[string]Metric{},
	}
}

func newCPT(c eval.CPT, percent float64, measurable bool) CPT {
	if !measurable {
		c = eval.CPT{Value: math.NaN(), Hull: math.NaN()}
	}
	out := CPT{Metric: NewMetric(c.Value), Hull: Value(c.Hull), Crossings: c.Crossings}
	out.save(percent)
	return out
}

// save derives what the threshold saves, and its interval: less the more calls it takes.
func (c *CPT) save(percent float64) {
	from := func(f func(cpt float64) float64) Metric {
		return Metric{Value(f(float64(c.Value))), Value(f(float64(c.Hi))), Value(f(float64(c.Lo)))}
	}
	c.SavingOverRandom = from(func(cpt float64) float64 { return eval.SavingOverRandom(cpt, percent) })
	c.CostRatio = from(func(cpt float64) float64 { return eval.CostRatio(cpt, percent) })
	c.SavingOverStrong = from(func(cpt float64) float64 { return 1 - cpt })
}

func key(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// CurveRouter returns the result of a router with scores.
func CurveRouter(name, source string, s Subject, scores []float64, gap eval.Gap, oracle float64, p Points) (Router, error) {
	c, err := eval.NewCurve(s.Outcomes, scores)
	if err != nil {
		return Router{}, err
	}
	r := newRouter(name, source)
	r.Metrics, r.Curve = NewMetrics(c, gap, oracle, p), points(c.Thin(MaxVertices))
	r.exact, r.scores = c, scores
	r.Warnings = append(r.Warnings, tieWarnings(c)...)
	if r.Slices, err = slicesOf(s, scores); err != nil {
		return Router{}, err
	}
	return r, nil
}

// newRouter returns a router with nothing measured.
func newRouter(name, source string) Router {
	return Router{
		Name: name, Scores: source, Metrics: emptyMetrics(), Curve: []Point{}, Band: []Bounds{}, Standing: NotCompared,
		Slices: []Slice{}, Warnings: []string{},
	}
}

// RandomRouter returns the random router's expectation.
func RandomRouter(name string, s Subject, gap eval.Gap, oracle float64, p Points) (Router, error) {
	// One tie over all samples is the expectation over every order.
	r, err := CurveRouter(name, "closed form", s, make([]float64, s.Outcomes.N()), gap, oracle, p)
	r.Warnings = []string{}
	return r, err
}

// PointRouter returns the result of a router with one decision a sample.
func PointRouter(name, source string, s Subject, strong []bool) Router {
	calls, quality := 0, 0.0
	for i, is := range strong {
		if is {
			calls++
			quality += s.Outcomes.Strong[i]
		} else {
			quality += s.Outcomes.Weak[i]
		}
	}
	n := float64(len(strong))
	r := newRouter(name, source)
	r.Point = &Point{Value(math.NaN()), Value(float64(calls) / n), Value(quality / n)}
	return r
}

// CompatRouter returns the result under the reference's conventions.
func CompatRouter(name, source string, c *eval.Compat, p Points) Router {
	r := newRouter(name, source)
	r.Curve = points(c.Points)
	r.Metrics.APGR, r.Metrics.AUC = NewMetric(c.APGR()), NewMetric(c.AUC())
	for _, x := range p.CPT {
		v := c.CPT(x)
		r.Metrics.CPT[key(x)] = newCPT(eval.CPT{Value: v, Hull: math.NaN(), Crossings: 0}, x, true)
	}
	return r
}

func points(v []eval.Vertex) []Point {
	out := make([]Point, len(v))
	for i, x := range v {
		out[i] = Point{Value(x.Threshold), Value(x.StrongFraction), Value(x.Quality)}
	}
	return out
}
