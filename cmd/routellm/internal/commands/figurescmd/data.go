package figurescmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/figures"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// figuresData evaluates the routers that the figures show and reads the other data that the
// figures need.
func figuresData(ctx context.Context, s cmdutil.Streams) (*figures.Data, error) {
	feedback := s.Feedback()
	all, err := figureRouters(s)
	if err != nil {
		return nil, err
	}
	benches, err := harness.Load(ctx, benchmarks.Names(), all, harness.LoadOptions{Feedback: feedback})
	if err != nil {
		return nil, err
	}
	data, scores := &figures.Data{}, map[string]*harness.Evaluation{}
	for i, b := range benches {
		routers := named(all, figures.Routers(b.Name()))
		evaluated, e, err := evaluateFor(ctx, b, routers)
		if err != nil {
			return nil, err
		}
		data.Benchmarks, scores[b.Name()] = append(data.Benchmarks, evaluated), e
		feedback.Progress("scoring", i+1, len(benches))
	}
	for _, p := range figures.Pairs() {
		evaluated, err := otherPair(ctx, p, named(all, figures.PairRouters()), all, scores[p.Benchmark])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Title, err)
		}
		data.Pairs = append(data.Pairs, evaluated)
	}
	return data, addTraining(ctx, data)
}

// figureRouters opens every router that is in some figure, each once.
func figureRouters(s cmdutil.Streams) ([]harness.Router, error) {
	options, err := cmdutil.LLMFlags{}.Registry(s, true)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, bench := range benchmarks.Names() {
		for _, name := range figures.Routers(bench) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return harness.Open(names, options)
}

// named returns the routers whose labels are in names.
func named(all []harness.Router, names []string) []harness.Router {
	var out []harness.Router
	for _, r := range all {
		if slices.Contains(names, r.Spec.Label) {
			out = append(out, r)
		}
	}
	return out
}

// evaluateFor evaluates the routers on a benchmark. It returns the results in the form that
// the figures need, and the evaluation they are from.
func evaluateFor(ctx context.Context, b *harness.Benchmark, rs []harness.Router) (figures.EvaluatedBenchmark, *harness.Evaluation, error) {
	e, err := harness.Run(ctx, rs, []*harness.Benchmark{b}, harness.RunOptions{})
	if err != nil {
		return figures.EvaluatedBenchmark{}, nil, err
	}
	res := e.Document.Benchmarks[0]
	out := figures.EvaluatedBenchmark{
		Benchmark: res, Outcomes: b.Outcomes(), Clusters: b.Clusters(), N: text.Thousands(res.Samples),
		Curves: render.Curves(res, eval.NewRandom(b.Outcomes()), e.Document.Conventions.Intervals), Samples: b.SampleIDs(), Vectors: b.Vectors(),
	}
	for _, r := range rs {
		out.Routers = append(out.Routers, r.Spec.Label)
		out.Scores = append(out.Scores, e.Scores(b.Name(), r.Spec.Label))
	}
	return out, e, nil
}

// otherPair evaluates the routers' scores, from scored, with the outcomes of another pair of
// models: scores do not depend on the models. The benchmark is loaded for all routers, so
// that it leaves out the training prompts of each.
func otherPair(ctx context.Context, p figures.Pair, shown, all []harness.Router, scored *harness.Evaluation) (figures.EvaluatedBenchmark, error) {
	loaded, err := harness.Load(ctx, []string{p.Benchmark}, all, harness.LoadOptions{Pair: results.Pair{Strong: p.Strong, Weak: p.Weak}})
	if err != nil {
		return figures.EvaluatedBenchmark{}, err
	}
	b, place := loaded[0], map[string]int{}
	for k, id := range scored.Benchmarks()[0].SampleIDs() {
		place[id] = k
	}
	index := make([]int, b.Outcomes().N())
	for i, id := range b.SampleIDs() {
		k, ok := place[id]
		if !ok {
			return figures.EvaluatedBenchmark{}, fmt.Errorf("%q was not scored", id)
		}
		index[i] = k
	}
	given := make([]harness.Router, len(shown))
	for i, r := range shown {
		given[i] = harness.Own(r.Spec.Label, fixedScores(slicesx.Pick(scored.Scores(p.Benchmark, r.Spec.Label), index)))
	}
	evaluated, _, err := evaluateFor(ctx, b, given)
	return evaluated, err
}

// fixedScores is a router with known scores: one per prompt, in the order of the benchmark.
type fixedScores []float64

// Needs reports that the router needs nothing of the prompts.
func (fixedScores) Needs() routers.Needs { return routers.Needs{} }

// Scores returns the scores.
func (f fixedScores) Scores(context.Context, []routers.Prompt) ([]float64, error) { return f, nil }

// addTraining adds the votes and the built-in routers' training data.
func addTraining(ctx context.Context, data *figures.Data) error {
	var err error
	if data.Trained, err = harness.TrainingSources(ctx, harness.TrainOptions{
		Data: benchmarks.TrainingNames(), Gold: []string{"mmlu:1500", "gsm8k:300"}, Seed: 1,
	}); err != nil {
		return err
	}
	data.Votes, err = harness.Votes()
	return err
}
