package audit

import (
	"math"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/finalanswer"
)

// tolerance is the relative difference of two numbers that count as equal.
const tolerance = 1e-9

// Regrade grades each model's answers by the number that [finalanswer.ReadNumber] reads: 1 if it
// equals that of the reference answer to within 1e-9 (relative), 0 if it differs or there is none, and
// NaN if either answer is not stored or the reference has no number. It returns one column per model,
// or nil if there are no reference answers.
func Regrade(a datasets.Answers) []datasets.Column {
	var out []datasets.Column
	if a.Reference == nil {
		return nil
	}
	for _, m := range a.Models {
		values := make([]float64, len(m.Texts))
		for i, text := range m.Texts {
			values[i] = grade(text, a.Reference[i])
		}
		out = append(out, datasets.Column{Name: m.Model, Values: values})
	}
	return out
}

func grade(answer, reference *string) float64 {
	if answer == nil || reference == nil {
		return math.NaN()
	}
	want, err := finalanswer.ReadNumber(*reference)
	if err != nil {
		return math.NaN()
	}
	if got, err := finalanswer.ReadNumber(*answer); err == nil && got.Equal(want, tolerance) {
		return 1
	}
	return 0
}

// Regraded returns a table that holds only the sample ids of t and the qualities that [Regrade]
// derives from the answers.
func Regraded(t *datasets.Table, a datasets.Answers) *datasets.Table {
	meta := t.Meta
	meta.Name, meta.Title = meta.Name+"-regraded", meta.Title+", regraded"
	meta.Encoder, meta.EncoderSHA256, meta.EmbeddingScale = "", "", math.NaN()
	return &datasets.Table{Meta: meta, SampleID: t.SampleID, Quality: Regrade(a)}
}
