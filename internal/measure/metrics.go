package measure

import (
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// metricsOf computes a curve's metrics. Metrics that divide by the gap are NaN unless the
// gap is established. oracle is the oracle's APGR.
func metricsOf(c *eval.Curve, gap eval.Gap, oracle float64, p eval.Points) results.Metrics {
	m := noMetrics()
	m.AUC, m.AreaOverRandom = results.NewMetric(c.AUC()), results.NewMetric(c.AreaOverRandom())
	for _, f := range p.Fractions {
		m.QualityAt[key(f)] = results.NewMetric(c.QualityAt(f))
	}
	for _, q := range p.Qualities {
		m.FractionFor[key(q)] = results.NewMetric(c.FractionFor(q * c.Strong))
	}
	for _, x := range p.CPT {
		m.CPT[key(x)] = cptOf(c.CPT(x), x, gap.Measurable())
	}
	if gap.Measurable() {
		m.APGR = results.NewMetric(c.APGR())
		m.Headroom = results.NewMetric(eval.Headroom(c.APGR(), oracle))
	}
	return m
}

// noMetrics returns metrics that do not exist.
func noMetrics() results.Metrics {
	none := results.NewMetric(math.NaN())
	return results.Metrics{
		APGR: none, Headroom: none, AUC: none, AreaOverRandom: none,
		CPT: map[string]results.CPT{}, QualityAt: map[string]results.Metric{}, FractionFor: map[string]results.Metric{},
	}
}

// cptOf converts a CPT, which does not exist unless the gap is measurable.
func cptOf(c eval.CPT, percent float64, measurable bool) results.CPT {
	if !measurable {
		c = eval.CPT{Value: math.NaN(), Hull: math.NaN()}
	}
	out := results.CPT{Metric: results.NewMetric(c.Value), Hull: results.Value(c.Hull), Crossings: c.Crossings}
	save(&out, percent)
	return out
}

// withoutHulls removes the crossings of the hull, which is chosen sample by sample.
func withoutHulls(m results.Metrics) {
	for x, c := range m.CPT {
		c.Hull = results.Missing
		m.CPT[x] = c
	}
}

// save derives the savings from a CPT. More calls save less, so the lower end of the CPT's
// interval gives the upper end of the saving's, and the other way round.
func save(c *results.CPT, percent float64) {
	from := func(f func(cpt float64) float64) results.Metric {
		m := results.Metric{Value: results.Value(f(float64(c.Value))), Lo: results.Value(f(float64(c.Hi))), Hi: results.Value(f(float64(c.Lo)))}
		if w := c.Within; w != nil {
			m.Within = &results.Range{Lo: results.Value(f(float64(w.Hi))), Hi: results.Value(f(float64(w.Lo)))}
		}
		return m
	}
	c.SavingOverRandom = from(func(cpt float64) float64 { return eval.SavingOverRandom(cpt, percent) })
	c.CostRatio = from(func(cpt float64) float64 { return eval.CostRatio(cpt, percent) })
	c.SavingOverStrong = from(func(cpt float64) float64 { return 1 - cpt })
}
