package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// selection returns which columns of a file to read so that promptsOf can meet the needs.
// If the file lacks features, vectors or cues, they are computed from the text.
func selection(f *datasets.File, n routers.Needs) datasets.Select {
	noFeatures, noCues := n.Features && !f.HasColumn("feature:chars"), n.Cues && !f.HasCues()
	return datasets.Select{
		Digests:   n.SHA256 || n.Text,
		Features:  n.Features,
		Embedding: n.Vector,
		Cues:      n.Cues,
		Prompts:   n.Text || noFeatures || n.Vector || noCues,
	}
}

// promptsOf returns one prompt per row of the table, without the vectors, which depend on
// the router: see [Encoders.vectorsOf].
func promptsOf(t *datasets.Table, n routers.Needs) []routers.Prompt {
	return promptsAt(t, n, everyRow(t))
}

// everyRow returns the index of every row.
func everyRow(t *datasets.Table) []int { return upTo(t.Rows()) }

// upTo returns 0, 1, ..., n-1.
func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// promptsAt returns the prompts of some rows, as promptsOf does.
func promptsAt(t *datasets.Table, n routers.Needs, rows []int) []routers.Prompt {
	out := make([]routers.Prompt, len(rows))
	for k, i := range rows {
		out[k] = promptAt(t, i)
	}
	if n.Features {
		addFeatures(out, t, rows)
	}
	if n.Cues {
		addCues(out, t, rows)
	}
	return out
}

// promptAt returns the prompt of row i without features.
func promptAt(t *datasets.Table, i int) routers.Prompt {
	p := routers.Prompt{ID: t.SampleID[i], Task: t.Task[i]}
	if t.PromptSHA256 != nil {
		p.SHA256 = t.PromptSHA256[i]
	}
	if t.HasPrompt {
		p.Text, p.HasText = t.Prompt[i], true
	}
	return p
}

// addFeatures sets the features of the prompts, which are those of the given rows: those of the
// text, or else those of the columns.
func addFeatures(prompts []routers.Prompt, t *datasets.Table, rows []int) {
	if t.HasPrompt {
		for k := range prompts {
			prompts[k].Features = routers.FeaturesOf(prompts[k].Text)
		}
		return
	}
	for _, f := range routers.Counts() {
		values, ok := t.FeatureOf(f.String())
		for k, i := range rows {
			if ok {
				prompts[k].Features = prompts[k].Features.With(f, values[i])
			}
		}
	}
}

// promptsFor returns one prompt per row of a data set, with everything that one router
// needs.
func (e *Encoders) promptsFor(ctx context.Context, name string, t *datasets.Table, r routers.Router) ([]routers.Prompt, error) {
	needs := r.Needs()
	if err := attach(name, t, needs); err != nil {
		return nil, err
	}
	prompts := promptsOf(t, needs)
	kind, ok := kindOf(r)
	if !ok {
		return prompts, nil
	}
	vectors, err := e.vectorsOf(ctx, name, t, kind)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return withVectors(prompts, vectors), nil
}

// withVectors returns the prompts with the given vectors.
func withVectors(prompts []routers.Prompt, vectors [][]float32) []routers.Prompt {
	out := make([]routers.Prompt, len(prompts))
	for i, p := range prompts {
		p.Vector = vectors[i]
		out[i] = p
	}
	return out
}
