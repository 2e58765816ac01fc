package harness

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// overlapSet holds the rows of a data set in the order of their ids, so that the result
// does not depend on the order of the file.
type overlapSet struct {
	results.OverlapSet
	ids, norms []string
	vectors    [][]float32
}

// readOverlapSet reads a data set with vectors of the built-in encoder.
func readOverlapSet(ctx context.Context, in *opener, name string) (*overlapSet, error) {
	f, input, err := in.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	needs := routers.Needs{Vector: true}
	sel := selection(f, needs)
	sel.Digests = true
	t, err := f.Read(sel)
	if err != nil {
		return nil, err
	}
	vectors, err := staticOnly().vectorsOf(ctx, name, t, staticVectors)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	norms, err := normsOf(f.Name(), t)
	if err != nil {
		return nil, err
	}
	order := make([]int, t.Rows())
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(t.SampleID[i], t.SampleID[j]) })
	set := &overlapSet{OverlapSet: results.OverlapSet{Name: ShortName(f), Input: input, Rows: t.Rows()},
		ids: slicesx.Pick(t.SampleID, order), norms: slicesx.Pick(norms, order)}
	set.vectors = slicesx.Pick(vectors, order)
	return set, nil
}

// normsOf returns one normalised digest per row: those of the file, or else those of its
// text.
func normsOf(name string, t *datasets.Table) ([]string, error) {
	if t.PromptNormSHA256 != nil {
		return t.PromptNormSHA256, nil
	}
	if !t.HasPrompt {
		return nil, hint.With(fmt.Errorf("%q: column %q: missing", name, "prompt_norm_sha256"), "routellm datasets import table makes it")
	}
	norms := make([]string, t.Rows())
	for i, prompt := range t.Prompt {
		norms[i] = datasets.NormSHA256Hex(prompt)
	}
	return norms, nil
}
