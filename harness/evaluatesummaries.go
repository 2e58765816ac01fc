package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// summaryName is the name of the benchmark that summaries are.
const summaryName = "summary"

// SummaryOptions says what is measured of summaries.
type SummaryOptions struct {
	Feedback
	// Pair names the models; the zero value calls them "strong" and "weak".
	Pair results.Pair
	// ByTask also measures each task by itself.
	ByTask bool
	// Points are the points of the curves to measure.
	Points eval.Points
	// Intervals says how intervals are made; without buckets there are none.
	Intervals Intervals
}

// EvaluateSummaries measures the routers of summaries, and the baselines, as [Run] does. The oracle is
// none of them: the sums of a router's bins do not tell which samples gain.
func EvaluateSummaries(ctx context.Context, s *Summaries, o SummaryOptions) (*Evaluation, error) {
	if err := o.check(s); err != nil {
		return nil, err
	}
	first := s.Routers[0].Summary
	if !first.Bucketed {
		o.Intervals = Intervals{}
	}
	m, err := measure.NewSummary(s.document(o.Pair), first, o.Points)
	if err != nil {
		return nil, err
	}
	if m.Gap().State == eval.GapReversed {
		return nil, s.reversed(m.Gap())
	}
	for _, r := range s.Routers {
		if err := m.AddSummary(r.Name, r.Summary, o.ByTask); err != nil {
			return nil, fmt.Errorf("router %q: %w", r.Name, err)
		}
	}
	if err := addSummaryBaselines(m); err != nil {
		return nil, err
	}
	if o.Intervals.bootstraps() {
		if err := m.Bootstrap(o.Intervals.bootstrap(ctx, o.Feedback)); err != nil {
			return nil, fmt.Errorf("intervals: %w", err)
		}
	}
	doc := RunOptions{Intervals: o.Intervals}.document()
	doc.Inputs, doc.Benchmarks = s.Inputs, []results.Benchmark{m.Result()}
	return &Evaluation{Document: doc, summaries: s}, nil
}

// document returns what is known of the benchmark before any router is measured.
func (s *Summaries) document(pair results.Pair) results.Benchmark {
	title := "a summary of " + text.Plural(int(s.Routers[0].Summary.Rows()), "row")
	return results.Benchmark{Name: cmp.Or(s.Name, summaryName), Title: title, Excluded: s.Excluded,
		Pair: results.Pair{Strong: cmp.Or(pair.Strong, s.Pair.Strong, "strong"), Weak: cmp.Or(pair.Weak, s.Pair.Weak, "weak")}}
}

// check refuses options that no summary can follow.
func (o SummaryOptions) check(s *Summaries) error {
	if err := o.Intervals.Check(); err != nil {
		return err
	}
	if o.Intervals.Method == Influence {
		return errInfluenceOfSummary()
	}
	if o.ByTask && slices.ContainsFunc(s.Routers, func(r SummarizedRouter) bool { return r.Summary.Tasks == nil }) {
		return hint.With(errors.New("--by task: the summary has no column task"), "routellm sql summary --task COLUMN adds it")
	}
	if first := s.Routers[0].Summary; first.Weighted() && !first.Bucketed {
		return hint.With(errors.New("the summary has weights and no buckets: its sums do not tell whether the strong model is better by more than noise"),
			"routellm sql summary --buckets 200 adds buckets")
	}
	if slices.ContainsFunc(s.Routers, func(r SummarizedRouter) bool { return (r.Summary.Tasks == nil) != (s.Routers[0].Summary.Tasks == nil) }) {
		return errors.New("some summaries have a column task and others have none: expected it in all or in none")
	}
	return nil
}

// addSummaryBaselines adds the random router and both constant ones.
func addSummaryBaselines(m *measure.Benchmark) error {
	if err := m.AddRandom(randomLabel); err != nil {
		return err
	}
	return m.AddConstants(alwaysStrongLabel, alwaysWeakLabel)
}

// reversed returns the error about summaries whose weak model is the better one.
func (s *Summaries) reversed(gap eval.Gap) error {
	advice := "swap them in the query: --strong and --weak of routellm sql summary name the columns of their qualities"
	if s.Pair.Weak != "" {
		advice = "swap them: --pair " + s.Pair.Weak + "," + s.Pair.Strong
	}
	return hint.With(fmt.Errorf("the weak model is better than the strong one by %.4g, %.1f standard errors", -gap.Value, math.Abs(gap.Value/gap.SE)), advice)
}
