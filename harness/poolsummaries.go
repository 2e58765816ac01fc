package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/eval/pool/moved"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// PoolSummaries holds the summaries of routers among several models, on the same prompts.
type PoolSummaries struct {
	Models  []string
	Routers []MovedRouter
	Inputs  []results.Input // the files that were read
}

// MovedRouter is a router of which the moves along its path are summed up.
type MovedRouter struct {
	Name    string
	Summary *moved.Summary
}

// ArePoolSummaries reports whether a summary, [LABEL=]PATH, is about a router among several models.
// Standard input, which cannot be read twice, counts as none.
func ArePoolSummaries(ctx context.Context, summary string, o rows.Options) (bool, error) {
	_, path := labelOf(summary)
	if path == "-" {
		return false, nil
	}
	return summaries.AreMoves(ctx, path, o)
}

// OpenPoolSummaries reads summaries, each [LABEL=]PATH as in [SummaryFiles]. It returns an error unless
// all are of the same prompts and models, as far as their sums tell.
func OpenPoolSummaries(ctx context.Context, paths []string, o rows.Options) (*PoolSummaries, error) {
	out := &PoolSummaries{}
	for _, g := range groupSummaries(paths) {
		m, err := summaries.ReadMoves(ctx, g.paths, o)
		if err != nil {
			return nil, err
		}
		for _, x := range m.Files {
			out.Inputs = append(out.Inputs, results.Input{Path: x.Path, SHA256: x.SHA256, Format: x.Format, Parts: x.Parts})
		}
		if err := out.add(MovedRouter{g.name("", 1), m.Summary}, m.Models); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// add adds a router.
func (s *PoolSummaries) add(r MovedRouter, models []string) error {
	if s.Models == nil {
		s.Models = models
	}
	if !slices.Equal(s.Models, models) {
		return hint.With(fmt.Errorf("router %q chooses among the models %s and %q among %s: expected the same ones in the same order", s.Routers[0].Name, text.Quoted(s.Models, 10), r.Name, text.Quoted(models, 10)),
			"make both summaries with the same --models")
	}
	for _, o := range s.Routers {
		if o.Name == r.Name {
			return hint.With(fmt.Errorf("two routers are called %q", r.Name), "give the summaries labels: --summary LABEL=FILE")
		}
		if err := moved.CheckSame(o.Summary, r.Summary); err != nil {
			return fmt.Errorf("%q and %q: %w", o.Name, r.Name, err)
		}
	}
	s.Routers = append(s.Routers, r)
	return nil
}

// PoolSummaryOptions says what is measured of summaries of routers among several models.
type PoolSummaryOptions struct {
	Feedback
	// Shares are the shares of the best model's quality whose costs are measured.
	Shares []float64
	// Range is the range of budgets; see [PoolOptions].
	Range pool.Range
	// Intervals says how intervals are made; without buckets there are none.
	Intervals Intervals
}

// EvaluatePoolSummaries measures the routers of summaries, the models and the static mix, as [RunPools]
// does. The oracle is none of them: sums do not tell which model is the best for a prompt.
func EvaluatePoolSummaries(ctx context.Context, s *PoolSummaries, o PoolSummaryOptions) (*results.Document, error) {
	if err := o.Intervals.Check(); err != nil {
		return nil, err
	}
	if o.Intervals.Method == Influence {
		return nil, errInfluenceOfSummary()
	}
	first := s.Routers[0].Summary
	if !first.Bucketed {
		o.Intervals = Intervals{}
	}
	doc := results.Pool{Name: summaryName, Title: "a summary of " + text.Plural(int(first.Rows()), "row"), Axis: results.CostAxis}
	m, err := measure.NewPoolSummary(doc, s.Models, first, o.Range, o.Shares)
	if err != nil {
		return nil, err
	}
	for _, r := range s.Routers {
		if err := m.AddSummary(r.Name, r.Summary); err != nil {
			return nil, fmt.Errorf("router %q: %w", r.Name, err)
		}
	}
	boot := eval.Bootstrap{}
	if o.Intervals.bootstraps() {
		boot = o.Intervals.bootstrap(ctx, o.Feedback)
	}
	if err := m.Evaluate(boot); err != nil {
		return nil, err
	}
	out := RunOptions{Intervals: o.Intervals}.document()
	out.Benchmarks, out.Inputs, out.Pools = []results.Benchmark{}, s.Inputs, []results.Pool{m.Result()}
	return out, nil
}

// errInfluenceOfSummary returns the error about a method that needs single samples.
func errInfluenceOfSummary() error {
	return hint.With(errors.New("--interval influence does not go with summaries: their samples are not known one by one"), "the bootstrap over buckets needs no flag")
}
