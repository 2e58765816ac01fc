package result

import (
	"fmt"
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
	b.Warnings = append(b.Warnings, gapWarnings(gap)...)
	return gap, nil
}

func gapWarnings(gap eval.Gap) []string {
	switch gap.State {
	case eval.GapThin:
		return []string{fmt.Sprintf("the gap between the models is only %.1f standard errors: APGR and CPT are unstable", gap.Value/gap.SE)}
	case eval.GapNotEstablished:
		return []string{"no gap between the models is established: APGR and CPT are not computed, the area over random is"}
	}
	return nil
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

func hasGap(gap eval.Gap) bool {
	return gap.State == eval.GapEstablished || gap.State == eval.GapThin
}

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
	return CPT{
		Metric: NewMetric(c.Value), Hull: Value(c.Hull), Crossings: c.Crossings,
		SavingOverRandom: Value(eval.SavingOverRandom(c.Value, percent)),
		CostRatio:        Value(eval.CostRatio(c.Value, percent)),
		SavingOverStrong: Value(1 - c.Value),
	}
}

func key(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// maxTie is the largest share of samples with one score that passes without a
// warning.
const maxTie = 0.2

// CurveRouter returns the result of a router with scores.
func CurveRouter(name, source string, s Subject, scores []float64, gap eval.Gap, oracle float64, p Points) (Router, error) {
	c, err := eval.NewCurve(s.Outcomes, scores)
	if err != nil {
		return Router{}, err
	}
	r := Router{Name: name, Scores: source, Metrics: NewMetrics(c, gap, oracle, p), Curve: points(c.Thin(MaxVertices)), Warnings: []string{}}
	if c.LargestTie > maxTie {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%.0f %% of the samples have one and the same score: order among them is taken as random", 100*c.LargestTie))
	}
	if r.Slices, err = slicesOf(s, scores); err != nil {
		return Router{}, err
	}
	return r, nil
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
	return Router{
		Name: name, Scores: source, Metrics: emptyMetrics(), Curve: []Point{}, Slices: []Slice{}, Warnings: []string{},
		Point: &Point{Value(math.NaN()), Value(float64(calls) / n), Value(quality / n)},
	}
}

// CompatRouter returns the result under the reference's conventions.
func CompatRouter(name, source string, c *eval.Compat, p Points) Router {
	m := emptyMetrics()
	m.APGR, m.AUC = NewMetric(c.APGR()), NewMetric(c.AUC())
	for _, x := range p.CPT {
		v := c.CPT(x)
		m.CPT[key(x)] = newCPT(eval.CPT{Value: v, Hull: math.NaN(), Crossings: 0}, x, true)
	}
	return Router{Name: name, Scores: source, Metrics: m, Curve: points(c.Points), Slices: []Slice{}, Warnings: []string{}}
}

func points(v []eval.Vertex) []Point {
	out := make([]Point, len(v))
	for i, x := range v {
		out[i] = Point{Value(x.Threshold), Value(x.StrongFraction), Value(x.Quality)}
	}
	return out
}

// slicesOf evaluates each task by itself, in order of appearance.
func slicesOf(s Subject, scores []float64) ([]Slice, error) {
	if s.Tasks == nil {
		return []Slice{}, nil
	}
	ids := eval.ClusterIDs(s.Tasks)
	var rows [][]int
	for i, id := range ids {
		if id == len(rows) {
			rows = append(rows, nil)
		}
		rows[id] = append(rows[id], i)
	}
	out := make([]Slice, len(rows))
	for t, index := range rows {
		slice, err := newSlice(s, scores, index)
		if err != nil {
			return nil, err
		}
		out[t] = slice
	}
	return out, nil
}

func newSlice(s Subject, scores []float64, index []int) (Slice, error) {
	o := s.Outcomes.Select(index)
	c, err := eval.NewCurve(o, eval.Pick(scores, index))
	if err != nil {
		return Slice{}, err
	}
	gap, err := eval.NewGap(o, eval.ClusterIDs(eval.Pick(s.Clusters, index)))
	if err != nil {
		return Slice{}, err
	}
	slice := Slice{
		Task: s.Tasks[index[0]], Samples: len(index),
		StrongQuality: Value(c.Strong), WeakQuality: Value(c.Weak), GapState: gapStates[gap.State],
		APGR: NewMetric(math.NaN()), AreaOverRandom: NewMetric(c.AreaOverRandom()),
	}
	if hasGap(gap) {
		slice.APGR = NewMetric(c.APGR())
	}
	return slice, nil
}
