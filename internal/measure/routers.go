package measure

import (
	"math"
	"slices"
	"strconv"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// AddScores measures a router with one score per sample.
func (b *Benchmark) AddScores(name string, source results.Source, scores []float64) error {
	c, err := eval.NewCurve(b.samples.Outcomes, scores)
	if err != nil {
		return err
	}
	oracle, err := b.oracleAPGR()
	if err != nil {
		return err
	}
	r := newRouter(name, source)
	r.Metrics, r.Curve = metricsOf(c, b.gap, oracle, b.points), pointsOf(c.Thin(results.MaxVertices))
	if b.samples.corrected() {
		withoutHulls(r.Metrics)
	}
	r.percents, r.scores, r.overRandom = eachPercent(c), scores, c.AreaOverRandom()
	r.Warnings = append(r.Warnings, tieWarnings(c)...)
	if r.Slices, r.slices, err = slicesOf(b.samples, scores); err != nil {
		return err
	}
	b.routers = append(b.routers, r)
	return nil
}

// AddOracle measures the oracle, whose scores are made from the outcomes. It is not ranked
// among the routers. Its ties cause no warning, since gains of 0/1 quality always tie.
func (b *Benchmark) AddOracle(name string, source results.Source, scores []float64) error {
	if err := b.AddScores(name, source, scores); err != nil {
		return err
	}
	r := b.last()
	r.isOracle, r.Warnings = true, []string{}
	return nil
}

// AddRandom measures the random router in closed form: a tie of all samples gives the
// expectation over every order.
func (b *Benchmark) AddRandom(name string) error {
	if err := b.AddScores(name, results.ClosedForm, make([]float64, b.samples.Outcomes.N())); err != nil {
		return err
	}
	r := b.last()
	r.Warnings = []string{}
	if b.costs == nil { // else the scores are needed again
		r.scores = nil
	}
	return nil
}

// AddDecisions measures a router with one decision per sample, true for the strong
// model: a single operating point. threshold is the one that decides, if there is one.
func (b *Benchmark) AddDecisions(name string, source results.Source, threshold results.Threshold, strong []bool) error {
	calls, quality, n, scores := 0.0, 0.0, 0.0, make([]float64, len(strong))
	for i, w := range b.samples.Outcomes.Weights() {
		n += w
		if strong[i] {
			scores[i] = 1
			calls += w
			quality += float64(w * b.samples.Outcomes.Strong[i])
		} else {
			quality += float64(w * b.samples.Outcomes.Weak[i])
		}
	}
	r := newRouter(name, source)
	r.Point = &results.Point{
		Threshold: threshold, StrongFraction: results.Value(calls / n), Quality: results.Value(quality / n),
	}
	r.decisions = strong
	b.routers = append(b.routers, r)
	if source == results.NoScores {
		return nil
	}
	c, err := eval.NewCurve(b.samples.Outcomes, scores)
	if err != nil {
		return err
	}
	r.scores, r.overRandom = scores, c.AreaOverRandom()
	return nil
}

// AddConstants adds the routers that always and never call the strong model, by their names.
func (b *Benchmark) AddConstants(strong, weak string) error {
	n := b.samples.Outcomes.N()
	if err := b.AddDecisions(strong, results.NoScores, results.ThresholdAt(math.Inf(-1)), slices.Repeat([]bool{true}, n)); err != nil {
		return err
	}
	return b.AddDecisions(weak, results.NoScores, results.ThresholdAt(math.Inf(1)), make([]bool, n))
}

// AddCompat adds a router measured under the reference implementation's conventions.
func (b *Benchmark) AddCompat(name string, source results.Source, c *eval.Compat) {
	r := newRouter(name, source)
	r.Curve = pointsOf(c.Points)
	r.Metrics.APGR, r.Metrics.AUC = results.NewMetric(c.APGR()), results.NewMetric(c.AUC())
	for _, x := range b.points.CPT {
		r.Metrics.CPT[key(x)] = cptOf(eval.CPT{Value: c.CPT(x), Hull: math.NaN()}, x, true)
	}
	b.routers = append(b.routers, r)
}

// SetModel sets the digest of the weights of the last router added.
func (b *Benchmark) SetModel(sha256 string) { b.last().ModelSHA256 = &sha256 }

// SetCosts sets what the last router added pays for answers, in place of what they cost: a cascade
// pays the weak model's for every sample. nil leaves it as it is.
func (b *Benchmark) SetCosts(c *Costs) { b.last().costs = c }

// SetUnlike sets the number of prompts that are unlike those that the last router added was trained
// on; nil if it is not known.
func (b *Benchmark) SetUnlike(prompts *int) { b.last().Unlike = prompts }

// WarnRouter adds a warning about the last router added.
func (b *Benchmark) WarnRouter(text string) { b.last().Warnings = append(b.last().Warnings, text) }

// last returns the last router added.
func (b *Benchmark) last() *router { return b.routers[len(b.routers)-1] }

// newRouter returns a router with nothing measured.
func newRouter(name string, source results.Source) *router {
	return &router{Router: results.Router{
		Name: name, Scores: source, Metrics: noMetrics(), Curve: []results.Point{}, Band: []results.Bounds{}, Standing: results.NotCompared,
		Slices: []results.Slice{}, Warnings: []string{},
	}}
}

// pointsOf converts the vertices of a curve.
func pointsOf(v []eval.Vertex) []results.Point {
	out := make([]results.Point, len(v))
	for i, x := range v {
		out[i] = results.Point{
			Threshold: results.ThresholdAt(x.Threshold), StrongFraction: results.Value(x.StrongFraction), Quality: results.Value(x.Quality),
		}
	}
	return out
}

// key returns the key of a point in a map of metrics.
func key(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
