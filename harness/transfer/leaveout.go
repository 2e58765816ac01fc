package transfer

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/knn"
	"github.com/routellm/routellm/routers/length"
	"github.com/routellm/routellm/routers/mf"
	"github.com/routellm/routellm/routers/training"
)

// Left says what a router does on a source of labels that it was not trained on, with its own pair
// of models, in three forms: Plain without abstaining, and with unlike prompts in the middle, in
// random order (Random) or by their length (Length).
type Left struct {
	Router, Source        string
	Unlike                float64 // Unlike is the share of prompts that are unlike those trained on
	Plain, Random, Length Result
}

// abstainers lists the routers that know what prompts are unlike.
var abstainers = []string{"mf", "knn"}

// LeaveOut trains each router that may abstain without each source that has labels of quality, and
// measures it there.
func LeaveOut(ctx context.Context) ([]Left, error) {
	all, err := Sources(ctx)
	if err != nil {
		return nil, err
	}
	var out []Left
	for _, name := range abstainers {
		for _, s := range training.Labelled(all) {
			r := Recipe{name, Builtin()[0].Sources}
			left, err := leave(ctx, r, s)
			if err != nil {
				return nil, fmt.Errorf("%s without %s: %w", name, s.Name, err)
			}
			out = append(out, left)
		}
	}
	return out, nil
}

func leave(ctx context.Context, r Recipe, s *training.Source) (Left, error) {
	m, err := train(ctx, r.Name, r.Without(s.Name))
	if err != nil {
		return Left{}, err
	}
	unlike := m.(routers.Familiar).Unlike(s.Prompts)
	plain, err := plainScores(ctx, m, s.Prompts)
	if err != nil {
		return Left{}, err
	}
	long, err := length.Router{}.Scores(ctx, s.Prompts)
	if err != nil {
		return Left{}, err
	}
	middle, n := training.Mean(plain), 0
	random, byLength := slices.Clone(plain), slices.Clone(plain)
	for i, is := range unlike {
		if is {
			n++
			random[i], byLength[i] = middle, middle+float64(1e-12*long[i])
		}
	}
	out := Left{Router: r.Name, Source: s.Name, Unlike: float64(n) / float64(len(plain))}
	for _, form := range []struct {
		to     *Result
		scores []float64
	}{{&out.Plain, plain}, {&out.Random, random}, {&out.Length, byLength}} {
		if *form.to, err = onGains(s, form.scores); err != nil {
			return out, err
		}
	}
	return out, nil
}

// plainScores returns the scores of a router that was just trained, without abstaining.
func plainScores(ctx context.Context, r routers.Router, prompts []routers.Prompt) ([]float64, error) {
	switch m := r.(type) {
	case *mf.Model:
		m.Abstains = false
	case *knn.Model:
		m.Abstains = false
	}
	return r.Scores(ctx, prompts)
}

// LeftTable returns a Markdown table with one line per router and source.
func LeftTable(all []Left) string {
	var s strings.Builder
	s.WriteString("| router | without | unlike | plain | random | by length |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, l := range all {
		fmt.Fprintf(&s, "| %s | %s | %.0f %% | %s | %s | %s |\n", l.Router, l.Source, 100*l.Unlike, cell(l.Plain, 0), cell(l.Random, 0), cell(l.Length, 0))
	}
	return s.String()
}

// onGains returns the result of scores on the known gains of a source.
func onGains(s *training.Source, scores []float64) (Result, error) {
	var rows []int
	for i, g := range s.Gain {
		if !math.IsNaN(g) {
			rows = append(rows, i)
		}
	}
	o := eval.Outcomes{Strong: slicesx.Pick(s.Gain, rows), Weak: make([]float64, len(rows))}
	picked, cluster := slicesx.Pick(scores, rows), eval.ClusterIDs(slicesx.Pick(s.Norm, rows))
	curve, err := eval.NewCurve(o, picked)
	if err != nil {
		return missing(0), err
	}
	pull, err := eval.Influence(o, picked)
	if err != nil {
		return missing(0), err
	}
	return resultOf(1, curve.APGR(), eval.ClusterSE(pull, cluster), clusters(cluster)), nil
}
