package harness

import (
	"context"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/logged"
	"github.com/routellm/routellm/results"
)

// sampled is an estimator with its resamples at some thresholds.
type sampled struct {
	*logged.Estimator
	resamples  *logged.Resamples // nil without intervals
	confidence float64
}

// sample draws resamples for some thresholds, none without intervals or with too few clusters.
func (l *loggedRun) sample(ctx context.Context, e *logged.Estimator, cuts []float64) (*sampled, error) {
	s := &sampled{Estimator: e, confidence: l.options.Intervals.Confidence}
	if !l.options.Intervals.bootstraps() || e.Clusters() < eval.MinIntervalClusters {
		return s, ctx.Err()
	}
	var err error
	s.resamples, err = e.Resample(l.options.Intervals.bootstrap(ctx, l.options.Feedback), cuts)
	return s, err
}

// metric returns an estimate with its interval from one value per resample; missing is the
// variance that they lack.
func (s *sampled) metric(estimate, missing float64, values func(*logged.Resamples, int) float64) results.Metric {
	m := results.NewMetric(estimate)
	if s.resamples == nil || math.IsNaN(estimate) {
		return m
	}
	all := make([]float64, len(s.resamples.Mean))
	for b := range all {
		all[b] = values(s.resamples, b)
	}
	i := logged.Widen(eval.Percentile(all, s.confidence), estimate, missing, s.confidence)
	m.Lo, m.Hi = results.Value(i.Lo), results.Value(i.Hi)
	return m
}

// missing returns what the resamples lack at a threshold.
func (s *sampled) missing(t float64, m logged.Method) logged.Missing {
	if s.resamples == nil {
		return logged.Missing{}
	}
	return s.Missing(t, m)
}

// value returns a method's estimate of the value v of threshold j.
func (s *sampled) value(j int, v logged.Value, m logged.Method) results.Metric {
	return s.metric(v.Estimates[m], s.missing(v.Threshold, m).Value,
		func(r *logged.Resamples, b int) float64 { return r.Values[j][m][b] })
}

// differences returns a method's estimates of how the value v of threshold j differs from what was
// logged, and from a random choice with the same strong fraction.
func (s *sampled) differences(j int, v logged.Value, m logged.Method) (fromLogged, fromRandom results.Metric) {
	missing := s.missing(v.Threshold, m)
	fromLogged = s.metric(v.Estimates[m]-s.Mean(), missing.Logged,
		func(r *logged.Resamples, b int) float64 { return r.Values[j][m][b] - r.Mean[b] })
	fromRandom = s.metric(v.Estimates[m]-s.Random(v.StrongFraction)[m], missing.Random,
		func(r *logged.Resamples, b int) float64 { return r.Values[j][m][b] - r.Random[j][m][b] })
	return fromLogged, fromRandom
}

// mean returns the mean of what was logged.
func (s *sampled) mean() results.Metric {
	return s.metric(s.Mean(), 0, func(r *logged.Resamples, b int) float64 { return r.Mean[b] })
}

// intervals fills the estimates of the document.
func (l *loggedRun) intervals(ctx context.Context) error {
	quality, err := l.sample(ctx, l.quality, l.cuts)
	if err != nil {
		return err
	}
	l.doc.Logged.Quality, l.doc.Logged.Cost = quality.mean(), results.NewMetric(math.NaN())
	var cost *sampled
	if l.cost != nil {
		if cost, err = l.sample(ctx, l.cost, l.cuts); err != nil {
			return err
		}
		l.doc.Logged.Cost = cost.mean()
	}
	for j, cut := range l.cuts {
		l.fill(&l.doc.Thresholds[j], quality, cost, j)
		l.doc.Thresholds[j].StrongFraction = results.Value(l.rate.At(cut).StrongFraction)
	}
	return l.rateGap(ctx)
}

// fill fills the estimates of threshold j.
func (l *loggedRun) fill(t *results.LoggedThreshold, quality, cost *sampled, j int) {
	m, v := l.options.Method, l.quality.At(l.cuts[j])
	t.Effective, t.Matched, t.AgainstScore, t.MaxWeight = results.Value(v.Effective), results.Value(v.Matched), v.Against, results.Value(v.MaxWeight)
	var by [logged.Methods]results.Metric
	for k := range logged.Methods {
		by[k] = quality.value(j, v, k)
	}
	t.IPS, t.SNIPS, t.DR, t.SNDR = by[logged.IPS], by[logged.SNIPS], by[logged.DR], by[logged.SNDR]
	t.Quality, t.Cost = by[m], results.NewMetric(math.NaN())
	t.AgainstLogged, t.OverRandom = quality.differences(j, v, m)
	if cost != nil {
		t.Cost = cost.value(j, l.cost.At(l.cuts[j]), m)
	}
	if v.Matched == 0 {
		t.Missing = "no rated decision went where this threshold would send it"
	}
}

// rateGap fills the difference that the sides make to the rate of feedback.
func (l *loggedRun) rateGap(ctx context.Context) error {
	ends := []float64{math.Inf(-1), math.Inf(1)}
	s, err := l.sample(ctx, l.rate, ends)
	if err != nil {
		return err
	}
	const m = logged.SNDR
	missing := s.missing(ends[0], m).Value + s.missing(ends[1], m).Value
	l.doc.Decisions.RateGap = s.metric(s.At(ends[0]).Estimates[m]-s.At(ends[1]).Estimates[m], missing,
		func(r *logged.Resamples, b int) float64 { return r.Values[0][m][b] - r.Values[1][m][b] })
	return nil
}
