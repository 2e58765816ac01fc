package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/results"
)

// CompareSummaries compares every pair of summaries, at least two, by the buckets that they share, as
// [Compare] does by clusters. At, Common and Flips of the options have no meaning: they are about
// single samples.
func CompareSummaries(ctx context.Context, s *Summaries, pair results.Pair, o CompareOptions) (*results.Comparison, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if len(s.Routers) < 2 {
		return nil, hint.With(fmt.Errorf("%q is the only router: expected at least two to compare", s.Routers[0].Name), "--summary A=FILE --summary B=FILE")
	}
	if slices.ContainsFunc(s.Routers, func(r SummarizedRouter) bool { return !r.Summary.Bucketed }) {
		return nil, hint.With(errors.New("a summary has no buckets: differences between routers are paired by bucket"), "routellm sql summary --buckets 200 adds them")
	}
	doc := &results.Comparison{
		SchemaVersion: results.SchemaVersion, Tool: tool(), Inputs: s.Inputs,
		Seed: o.Seed, Resamples: o.Resamples, Permutations: o.Permutations,
		Confidence: results.Value(o.Confidence), Margin: results.Value(o.Margin), At: results.Missing,
	}
	b, err := o.summaries(ctx, s, s.document(pair))
	doc.Benchmarks = []results.ComparedBenchmark{b}
	return doc, err
}

// summaries compares summaries.
func (o CompareOptions) summaries(ctx context.Context, s *Summaries, doc results.Benchmark) (b results.ComparedBenchmark, err error) {
	m, err := measure.NewSummary(doc, s.Routers[0].Summary, eval.Points{})
	if err != nil {
		return b, err
	}
	if m.Gap().State == eval.GapReversed {
		return b, s.reversed(m.Gap())
	}
	for _, r := range s.Routers {
		if err := m.AddSummary(r.Name, r.Summary, false); err != nil {
			return b, fmt.Errorf("router %q: %w", r.Name, err)
		}
	}
	m.WarnOfPairs(eval.Bootstrap{Confidence: o.Confidence, Resamples: o.Resamples})
	b = results.ComparedBenchmark{Name: doc.Name, Title: doc.Title, Pair: doc.Pair}
	b.Take(m.Result())
	c, err := o.comparer(ctx).CompareScored(m.Scored())
	if err != nil {
		return b, err
	}
	o.judge(&b, c, s.names(), func(k int) bool { return len(s.Routers[k].Summary.Bins) > 1 })
	s.sharpen(&b, c.Area)
	return b, nil
}

// sharpen sets the values of the routers and their differences to those of all bins, with the ranges
// that the exact ones lie in. Intervals are from fewer bins.
func (s *Summaries) sharpen(b *results.ComparedBenchmark, area bool) {
	values := make([]binned.Value, len(s.Routers))
	for k, r := range s.Routers {
		values[k] = r.Summary.APGR()
		if area {
			values[k] = r.Summary.AreaOverRandom()
		}
		b.Routers[k].Value = results.Value(values[k].Value)
	}
	for h, p := range eval.AllPairs(len(values)) {
		x, y, d := values[p.A], values[p.B], &b.Pairs[h].Difference
		d.Value = results.Value(x.Value - y.Value)
		if !x.Exact() || !y.Exact() {
			d.Within = &results.Range{Lo: results.Value(x.Lo - y.Hi), Hi: results.Value(x.Hi - y.Lo)}
		}
	}
}
