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
	compare, err := a.comparer(ctx, vectors)
	if err != nil {
		return found, err
	}
	for _, set := range a.training {
		if set.Name == out.Input.Builtin || set.vectors == nil {
			continue
		}
		if found.training[set.Name], err = compare(set.vectors); err != nil {
			return found, err
		}
	}
	found.within, err = compare(nil)
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

// comparer returns a function that reports for each row of a table whether a vector of another
// set, or another row if there is none, is near.
func (a *auditor) comparer(ctx context.Context, t *datasets.Table) (func(others [][]float32) ([]bool, error), error) {
	o := cosine.Options{Least: a.options.Cosine, Progress: a.options.progress("comparing")}
	if vectorCount(t) > manyRows {
		return likelyComparer(ctx, t, o)
	}
	vectors := storedVectors(t)
	return func(others [][]float32) ([]bool, error) {
		if others == nil {
			found, err := cosine.Within(ctx, vectors, o)
			return found.Near, err
		}
		found, err := cosine.Between(ctx, vectors, others, o)
		return found.Near, err
	}, nil
}

// likelyComparer returns such a function for many rows.
func likelyComparer(ctx context.Context, t *datasets.Table, o cosine.Options) (func(others [][]float32) ([]bool, error), error) {
	mine, err := cosine.Sketch(ctx, sourceOf(t))
	if err != nil {
		return nil, err
	}
	return func(others [][]float32) ([]bool, error) {
		if others == nil {
			return mine.Near(ctx, nil, o.Least, o.Progress)
		}
		theirs, err := cosine.Sketch(ctx, sourceOf(&datasets.Table{Vectors: others}))
		if err != nil {
			return nil, err
		}
		return mine.Near(ctx, theirs, o.Least, o.Progress)
	}, nil
}
