package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/figures"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
)

// figuresData evaluates what the figures show, and reads what they need beside.
func figuresData(ctx context.Context, s streams) (*figures.Data, error) {
	entrants, err := figureEntrants(s)
	if err != nil {
		return nil, err
	}
	benches, err := loadBenches(ctx, s, evalOptions{Benches: benchmarks.Names()}, entrants)
	if err != nil {
		return nil, err
	}
	run := &evaluation{scores: map[string]map[string][]float64{}}
	data, progress := &figures.Data{}, newProgress(s.err, "scoring")
	for i, b := range benches {
		run.entrants = named(entrants, figures.Routers(b.name))
		setting, err := run.setting(ctx, b)
		if err != nil {
			return nil, err
		}
		data.Benchmarks = append(data.Benchmarks, setting)
		progress(i+1, len(benches))
	}
	for _, p := range figures.Pairs() {
		i := slices.IndexFunc(benches, func(b *bench) bool { return b.name == p.Benchmark })
		setting, err := otherPair(ctx, s, p, entrants, benches[i], run.scores[p.Benchmark])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Title, err)
		}
		data.Pairs = append(data.Pairs, setting)
	}
	return data, addTraining(ctx, data)
}

// figureEntrants opens every router that is shown anywhere.
func figureEntrants(s streams) ([]entrant, error) {
	options, err := llmOptions{}.routers(s, true)
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
	return openEntrants(names, options)
}

func named(entrants []entrant, names []string) []entrant {
	var out []entrant
	for _, n := range entrants {
		if slices.Contains(names, n.spec.Label) {
			out = append(out, n)
		}
	}
	return out
}

// setting evaluates a benchmark for the figures.
func (e *evaluation) setting(ctx context.Context, b *bench) (figures.EvaluatedBenchmark, error) {
	res, err := e.bench(ctx, b)
	if err != nil {
		return figures.EvaluatedBenchmark{}, err
	}
	out := figures.EvaluatedBenchmark{
		Benchmark: res, Subject: b.subject, N: thousands(res.Samples), Curves: curvesFigure(res, b.subject.Outcomes, e.options.conventions()),
		Samples: slicesx.Pick(b.table.SampleID, b.used), Vectors: slicesx.Pick(storedVectors(b.table), b.used),
	}
	for _, n := range e.entrants {
		out.Routers = append(out.Routers, n.spec.Label)
		out.Scores = append(out.Scores, e.scores[b.name][n.spec.Label])
	}
	return out, nil
}

// otherPair evaluates the scores that routers gave on a benchmark, which do not depend
// on the models, with the outcomes of two others.
func otherPair(ctx context.Context, s streams, p figures.Pair, entrants []entrant, scored *bench, scores map[string][]float64) (figures.EvaluatedBenchmark, error) {
	o := evalOptions{Benches: []string{p.Benchmark}, Pair: p.Strong + "," + p.Weak}
	loaded, err := loadBenches(ctx, s, o, entrants)
	if err != nil {
		return figures.EvaluatedBenchmark{}, err
	}
	b, place := loaded[0], map[int]int{}
	for k, row := range scored.used {
		place[row] = k
	}
	index := make([]int, len(b.used))
	for i, row := range b.used {
		k, ok := place[row]
		if !ok {
			return figures.EvaluatedBenchmark{}, fmt.Errorf("%q was not scored", b.table.SampleID[row])
		}
		index[i] = k
	}
	run := &evaluation{options: o, entrants: named(entrants, figures.PairRouters()), scores: map[string]map[string][]float64{}}
	for i, n := range run.entrants {
		run.entrants[i].router = given(slicesx.Pick(scores[n.spec.Label], index))
	}
	return run.setting(ctx, b)
}

// given are scores that are known, one a prompt.
type given []float64

// Needs nothing.
func (given) Needs() routers.Needs { return routers.Needs{} }

// Scores returns them.
func (g given) Scores(context.Context, []routers.Prompt) ([]float64, error) { return g, nil }

// addTraining reads the votes and what the built-in routers were trained on.
func addTraining(ctx context.Context, data *figures.Data) error {
	t := trainer{
		encoders: staticOnly(),
		options:  trainOptions{Data: benchmarks.TrainingNames(), Gold: []string{"mmlu:1500", "gsm8k:300"}, Seed: 1},
	}
	if err := t.load(ctx, streams{io.Discard, io.Discard}); err != nil {
		return err
	}
	votes, err := t.rows(ctx, benchmarks.Arena, staticVectors)
	data.Trained, data.Votes = t.sources, votes.Table
	return err
}
