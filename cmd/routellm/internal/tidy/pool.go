package tidy

import "github.com/routellm/routellm/results"

// unitOf returns the unit of costs on an axis.
func unitOf(a results.Axis) string {
	switch a {
	case results.CostAxis:
		return usd
	case results.LatencyAxis:
		return seconds
	}
	return string(a) // characters or calls per prompt
}

// addPool adds the models, controls and routers of a pool.
func (r rows) addPool(p results.Pool) {
	unit := unitOf(p.Axis)
	r.count("samples", p.Samples)
	r.count("clusters", p.Clusters)
	for _, m := range p.Models {
		r.of(m.Name).metric("cost", m.Cost, unit)
		r.of(m.Name).metric("quality", m.Quality, quality)
	}
	controls := p.Controls
	for _, c := range []struct {
		name  string
		point *results.PoolPoint
	}{{"a random model", &controls.Uniform}, {"the task's best model", controls.PerTask}} {
		if c.point != nil {
			r.of(c.name).number("cost", c.point.Cost, unit)
			r.of(c.name).number("quality", c.point.Quality, quality)
		}
	}
	static := r.of("static mix")
	static.addPath(controls.StaticMetrics, controls.Static)
	if p.Summary == nil {
		r.of("oracle").addPath(controls.OracleMetrics, controls.Oracle)
	}
	for _, x := range p.Routers {
		router := r.of(x.Name)
		router.addPath(x.Metrics, x.Curve)
		router.word("standing", string(x.Standing))
		router.test("static mix", x.AgainstStatic)
		for _, point := range x.Points {
			router.addPoint(point, unit)
		}
	}
}

// addPath adds the metrics of a path, and its vertices.
func (r rows) addPath(m results.PoolMetrics, path []results.PoolPoint) {
	r.metric("lift", m.Lift, quality)
	r.metric("log_lift", m.LogLift, quality)
	r.metric("area", m.Area, quality)
	r.metric("log_area", m.LogArea, quality)
	r.metric("share", m.Share, share)
	keyed(m.CostFor, 1, func(at results.Value, _ string, c results.CostFor) { r.add("cost_for", at, c.Metric, index, "") })
	for _, p := range path {
		r.at("curve", p.Cost, p.Quality, quality)
	}
}

// addPoint adds an operating point, at its lambda. Its label is the name of its setting, if it has one.
func (r rows) addPoint(p results.PoolOperatingPoint, unit string) {
	for _, x := range []struct {
		name string
		m    results.Metric
		unit string
	}{
		{"point_cost", p.Cost, unit}, {"point_quality", p.Quality, quality}, {"point_over_static", p.OverStatic, quality},
		{"point_static", results.NewMetric(float64(p.StaticAt)), quality}, {"point_dealt", results.NewMetric(float64(p.Dealt.Quality)), quality},
		{"point_latency_p50", results.NewMetric(float64(p.LatencyP50)), seconds}, {"point_latency_p95", results.NewMetric(float64(p.LatencyP95)), seconds},
	} {
		r.add(x.name, p.Lambda, x.m, x.unit, p.Setting)
	}
}
