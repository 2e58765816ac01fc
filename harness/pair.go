package harness

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
)

// choosePair returns the given pair or, if it is empty, the file's own, and checks that the
// file has both models. A file of exactly two models needs no pair: see [opener.betterOf].
func (o *opener) choosePair(f *datasets.File, pair results.Pair) (results.Pair, error) {
	meta, models := f.Meta(), f.Models()
	if pair == (results.Pair{}) {
		pair = results.Pair{Strong: meta.Strong, Weak: meta.Weak}
	}
	switch {
	case pair.Strong != "" && pair.Weak != "":
		return pair, checkModels(f.Name(), models, pair)
	case len(models) == 2:
		return o.betterOf(f, models[0], models[1])
	}
	err := fmt.Errorf("%s names no default pair of models", f.Name())
	if voted := votedModels(f); voted != nil {
		return pair, hint.With(err, append([]string{"name the models to train for: --pair STRONG,WEAK"}, modelsHint(voted)...)...)
	}
	if len(models) == 0 && slices.ContainsFunc(f.Columns(), func(c string) bool { return strings.HasPrefix(c, "answer:") }) {
		return pair, hint.With(fmt.Errorf("%s has answers without qualities", f.Name()), "routellm grade and routellm judge give answers their qualities: columns quality:MODEL")
	}
	if len(models) < 2 {
		return pair, hint.With(err, append([]string{"an evaluation needs the outcomes of two models: name their columns with --model"}, modelsHint(models)...)...)
	}
	return pair, hint.With(err, append([]string{"name one: --pair STRONG,WEAK; eval, compare, calibrate and train take several models: --models all"}, modelsHint(models)...)...)
}

// listedModels is the number of models of a file of battles that a hint lists.
const listedModels = 12

// votedModels lists the models of a file of battles, those with most battles first; nil for
// another file.
func votedModels(f *datasets.File) []string {
	if !f.HasColumn("winner") {
		return nil
	}
	t, err := f.Read(datasets.Select{Battles: true})
	if err != nil {
		return nil // reading the file reports the error
	}
	battles := map[string]int{}
	for i := range t.ModelA {
		battles[t.ModelA[i]]++
		battles[t.ModelB[i]]++
	}
	names := slices.SortedFunc(maps.Keys(battles), func(a, b string) int {
		return cmp.Or(cmp.Compare(battles[b], battles[a]), cmp.Compare(a, b))
	})
	return names[:min(listedModels, len(names))]
}

// betterOf returns the pair of a file's only two models, the strong one being that with the
// significantly higher mean quality. If neither has it, the error says how to choose. The rows
// only decide which model is called strong; nothing else is chosen on them.
func (o *opener) betterOf(f *datasets.File, a, b string) (results.Pair, error) {
	if pair, known := o.chosen[f.Name()]; known {
		return pair, nil
	}
	gap, err := gapOf(f, a, b)
	if err != nil {
		return results.Pair{}, err
	}
	pair := results.Pair{Strong: a, Weak: b}
	switch {
	case gap.State == eval.GapReversed:
		pair = results.Pair{Strong: b, Weak: a}
	case gap.State == eval.GapNotEstablished:
		return results.Pair{}, hint.With(fmt.Errorf("%s names no default pair of models, and neither of its two is significantly better", f.Name()),
			fmt.Sprintf("if %s is the stronger and more expensive one: --pair %s,%s", a, a, b), fmt.Sprintf("else: --pair %s,%s", b, a))
	}
	o.chosen[f.Name()] = pair
	o.feedback.note("%s: strong = %s, weak = %s, because its mean quality is higher by %.3g (--pair STRONG,WEAK sets the pair)",
		f.Name(), pair.Strong, pair.Weak, math.Abs(gap.Value))
	return pair, nil
}

// gapOf returns the gap between two models on the samples on which both are measured.
func gapOf(f *datasets.File, a, b string) (eval.Gap, error) {
	t, err := f.Read(datasets.Select{Models: []string{a, b}, Weights: true})
	if err != nil {
		return eval.Gap{}, err
	}
	var used []int
	for i, q := range t.Quality[0].Values {
		if !math.IsNaN(q) && !math.IsNaN(t.Quality[1].Values[i]) && !t.Contaminated[i] {
			used = append(used, i)
		}
	}
	if used == nil {
		return eval.Gap{}, hint.With(fmt.Errorf("%s: no sample has both %q and %q measured", f.Name(), a, b), modelsHint(f.Models())...)
	}
	both := eval.Outcomes{Strong: t.Quality[0].Values, Weak: t.Quality[1].Values, Weight: t.Weight}
	return eval.NewGap(both.Select(used), eval.ClusterIDs(slicesx.Pick(t.Cluster, used)))
}

// checkModels returns an error if a data set that has the given models lacks one of the
// pair.
func checkModels(name string, models []string, pair results.Pair) error {
	for _, m := range []string{pair.Strong, pair.Weak} {
		if !slices.Contains(models, m) {
			return hint.DidYouMean(hint.With(fmt.Errorf("%s has no model %q", name, m), modelsHint(models)...), m, models)
		}
	}
	return nil
}

// modelsHint lists models as a hint; there is none for none.
func modelsHint(models []string) []string {
	if len(models) == 0 {
		return nil
	}
	return []string{"models: " + strings.Join(models, ", ")}
}
