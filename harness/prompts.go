package harness

import (
	"context"
	"fmt"
	"math"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// selection returns what has to be read of a file so that promptsOf can meet the needs.
// Text stands in for features and vectors that a file lacks.
func selection(f *datasets.File, n routers.Needs) datasets.Select {
	noFeatures := n.Features && !f.HasColumn("feature:chars")
	return datasets.Select{
		Digests:   n.SHA256 || n.Text,
		Features:  n.Features,
		Embedding: n.Vector,
		Prompts:   n.Text || noFeatures || n.Vector,
	}
}

// promptsOf returns what routers may see of a table's rows, without the vectors, which
// depend on the router: see [Encoders.vectorsOf].
func promptsOf(t *datasets.Table, n routers.Needs) []routers.Prompt {
	out := make([]routers.Prompt, t.Rows())
	for i := range out {
		out[i].ID, out[i].Task = t.SampleID[i], t.Task[i]
		if t.PromptSHA256 != nil {
			out[i].SHA256 = t.PromptSHA256[i]
		}
		if t.HasPrompt {
			out[i].Text, out[i].HasText = t.Prompt[i], true
		}
	}
	if n.Features {
		addFeatures(out, t)
	}
	return out
}

// addFeatures attaches the counts: those of the text, or else those of the columns.
func addFeatures(prompts []routers.Prompt, t *datasets.Table) {
	features := make([]routers.Features, len(prompts))
	chars, words, lines, numbers := featureOrNaN(t, "chars"), featureOrNaN(t, "words"), featureOrNaN(t, "lines"), featureOrNaN(t, "numbers")
	for i := range prompts {
		if t.HasPrompt {
			features[i] = featuresOf(t.Prompt[i])
		} else {
			features[i] = routers.Features{Chars: chars(i), Words: words(i), Lines: lines(i), Numbers: numbers(i)}
		}
		prompts[i].Features = &features[i]
	}
}

// featureOrNaN returns a column's values, NaN where there is no such column.
func featureOrNaN(t *datasets.Table, name string) func(int) float64 {
	values, ok := t.FeatureOf(name)
	if !ok {
		return func(int) float64 { return math.NaN() }
	}
	return func(i int) float64 { return values[i] }
}

// featuresOf counts a text.
func featuresOf(text string) routers.Features {
	chars, words, lines, numbers := datasets.TextFeatures(text)
	return routers.Features{Chars: float64(chars), Words: float64(words), Lines: float64(lines), Numbers: float64(numbers)}
}

// promptsFor returns all that one router may see of a data set's rows.
func (e *Encoders) promptsFor(ctx context.Context, name string, t *datasets.Table, r routers.Router) ([]routers.Prompt, error) {
	needs := r.Needs()
	if needs.Text && !t.HasPrompt {
		if err := AttachText(name, t); err != nil {
			return nil, err
		}
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
