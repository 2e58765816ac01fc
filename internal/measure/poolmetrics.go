package measure

import (
	"math"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// MetricOf converts an estimate.
func MetricOf(x pool.Estimate) results.Metric {
	return results.Metric{Value: results.Value(x.Value), Lo: results.Value(x.Lo), Hi: results.Value(x.Hi)}
}

// metricsOf converts the estimates of a router.
func (p *Pool) metricsOf(m pool.MetricEstimates) results.PoolMetrics {
	out := results.PoolMetrics{
		Area: MetricOf(m.Area), LogArea: MetricOf(m.LogArea), Lift: MetricOf(m.Lift), LogLift: MetricOf(m.LogLift),
		Share: MetricOf(m.Share), CostFor: map[string]results.CostFor{},
	}
	for k, share := range p.shares {
		x := m.CostFor[k]
		out.CostFor[key(share)] = results.CostFor{Metric: MetricOf(x), Never: results.Value(x.Missing)}
	}
	return out
}

// plainMetrics converts metrics without intervals.
func (p *Pool) plainMetrics(m pool.Metrics) results.PoolMetrics {
	out := results.PoolMetrics{
		Area: results.NewMetric(m.Area), LogArea: results.NewMetric(m.LogArea), Lift: results.NewMetric(m.Lift), LogLift: results.NewMetric(m.LogLift),
		Share: results.NewMetric(m.Share), CostFor: map[string]results.CostFor{},
	}
	for k, share := range p.shares {
		out.CostFor[key(share)] = results.CostFor{Metric: results.NewMetric(m.CostFor[k]), Never: results.Missing}
	}
	return out
}

// noPath returns the metrics of a path that does not exist.
func noPath(shares int) pool.Metrics {
	x := math.NaN()
	return pool.Metrics{Area: x, LogArea: x, Lift: x, LogLift: x, Share: x, CostFor: num.NaNs(shares)}
}

// optimisticOf converts optimistic figures.
func optimisticOf(o pool.Optimistic) results.PoolOptimistic {
	return results.PoolOptimistic{
		AIQ: results.Value(o.AIQ), QNC: results.Value(o.QNC), QNCHull: results.Value(o.HullQNC), PeakQuality: results.Value(o.Peak.Quality),
	}
}
