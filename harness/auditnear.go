package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/cosine"
)

// alike says for each row whether its prompt has a near-duplicate. What is not known is nil.
type alike struct {
	within   []bool            // whether another row has one
	training map[string][]bool // whether a training set has one, by its name
}

// alike looks for near-duplicates within a data set and in the training sets. t is the table if
// it is in memory, and else empty.
func (a *auditor) alike(ctx context.Context, name string, f *datasets.File, t *datasets.Table, out *results.AuditedFile) (alike, error) {
	found := alike{training: map[string][]bool{}}
	vectors, err := a.vectors(ctx, name, f, t, out)
	if err != nil || vectors == nil {
		return found, err
	}
	if n := vectorCount(vectors); n > manyRows {
		out.NotChecked = append(out.NotChecked, fmt.Sprintf("some near-duplicate prompts: of %s not every pair was compared (a pair with a cosine of %v is found with a probability of %.3g %%)",
			text.Plural(n, "prompt"), a.options.Cosine, 100*cosine.Recall(a.options.Cosine)))
	}
	for _, set := range a.training {
		if set.Name == out.Input.Builtin || set.vectors == nil {
			continue
		}
		if found.training[set.Name], err = a.compare(ctx, vectors, set.vectors); err != nil {
			return found, err
		}
	}
	found.within, err = a.compare(ctx, vectors, nil)
	return found, err
}

// vectors returns a table with the built-in encoder's vector of every row; nil if
// near-duplicates are not asked for or cannot be found.
func (a *auditor) vectors(ctx context.Context, name string, f *datasets.File, t *datasets.Table, out *results.AuditedFile) (*datasets.Table, error) {
	if a.options.Cosine == 0 {
		return nil, nil
	}
	stored := f.HasColumn("embedding") && staticVectors.fits(f.Meta().Encoder, f.Meta().EncoderSHA256)
	if !stored && !t.HasPrompt && !f.HasColumn("prompt") {
		out.NotChecked = append(out.NotChecked, "near-duplicate prompts: the file has neither prompts nor their vectors")
		return nil, nil
	}
	return NewEncoders(Encoder{}, a.options.Feedback).tableOf(ctx, name, f, t, staticVectors)
}

// compare reports for each row of a table whether a vector of another set, or another row if
// there is none, is near.
func (a *auditor) compare(ctx context.Context, t *datasets.Table, others [][]float32) ([]bool, error) {
	options := cosine.Options{Least: a.options.Cosine, Progress: a.options.progress("comparing")}
	switch many := vectorCount(t) > manyRows; {
	case many && others == nil:
		return cosine.Likely(ctx, sourceOf(t), nil, options.Least, options.Progress)
	case many:
		other := sourceOf(&datasets.Table{Vectors: others})
		return cosine.Likely(ctx, sourceOf(t), &other, options.Least, options.Progress)
	case others == nil:
		found, err := cosine.Within(ctx, storedVectors(t), options)
		return found.Near, err
	}
	found, err := cosine.Between(ctx, storedVectors(t), others, options)
	return found.Near, err
}
