package datasets

import (
	"math"
	"slices"
)

// Column is one numeric column: a value a row, NaN where it was not measured.
type Column struct {
	Name   string
	Values []float64
}

// Table is samples as columns of equal length, one entry a sample. A nil slice was not read or is not there.
type Table struct {
	Meta             Meta
	SampleID         []string // unique, not empty
	Task             []string // "" where the file has none
	Cluster          []string // the sample's id where the file has none
	Prompt           []string
	HasPrompt        bool // Prompt was read
	PromptSHA256     []string
	PromptNormSHA256 []string
	Contaminated     []bool
	Embedding        []string    // int8 components as bytes, of equal length; see Meta.EmbeddingScale
	Vectors          [][]float32 // of equal length, finite; instead of Embedding where the file has lists of floats
	ModelA, ModelB   []string    // of battles: who met on the prompt
	Winner           []string    // of battles: one of Winners
	Weight           []float64   // of battles: what each counts, above 0
	Source           []string    // of battles: where each comes from, "" where null
	Features         []Column    // named without "feature:"
	Quality          []Column    // named by model, without "quality:"
	Extras           []Column    // whole names, as in "cost_usd:gpt-4"
}

// Winners lists what a battle's winner may be. The last two say that a tie was not told apart from a loss of the other model.
func Winners() []string {
	return []string{"model_a", "model_b", "tie", "tie_or_model_a", "tie_or_model_b"}
}

// Vector writes row i's embedding, of whichever kind, to dst, which has Dim elements.
func (t *Table) Vector(dst []float32, i int) {
	if t.Vectors != nil {
		copy(dst, t.Vectors[i])
		return
	}
	scale := float32(t.Meta.EmbeddingScale)
	for k := range dst {
		dst[k] = scale * float32(int8(t.Embedding[i][k]))
	}
}

// Dim is the number of components of an embedding, 0 where there are none.
func (t *Table) Dim() int {
	switch {
	case len(t.Vectors) > 0:
		return len(t.Vectors[0])
	case len(t.Embedding) > 0:
		return len(t.Embedding[0])
	}
	return 0
}

// SetEmbeddings gives every row its vector, quantised with the encoder's scale.
func (t *Table) SetEmbeddings(encoder, digest string, scale float64, vectors [][]int8) {
	t.Meta.Encoder, t.Meta.EncoderSHA256, t.Meta.EmbeddingScale = encoder, digest, scale
	t.Embedding, t.Vectors = make([]string, len(vectors)), nil
	for i, v := range vectors {
		b := make([]byte, len(v))
		for k, x := range v {
			b[k] = byte(x)
		}
		t.Embedding[i] = string(b)
	}
}

// SetVectors gives every row its vector as it is, without a copy. Name the encoder, and its weights' digest if there is one:
// vectors of different encoders do not compare.
func (t *Table) SetVectors(encoder, digest string, vectors [][]float32) {
	t.Meta.Encoder, t.Meta.EncoderSHA256, t.Meta.EmbeddingScale = encoder, digest, math.NaN()
	t.Embedding, t.Vectors = nil, vectors
}

// Rows is the number of samples.
func (t *Table) Rows() int { return len(t.SampleID) }

// QualityOf returns the qualities of a model, NaN where not measured; false if the table has none.
func (t *Table) QualityOf(model string) ([]float64, bool) { return find(t.Quality, model) }

// FeatureOf returns a feature's values by its name without "feature:"; false if the table has none.
func (t *Table) FeatureOf(name string) ([]float64, bool) { return find(t.Features, name) }

// ExtraOf returns an extra column's values by its whole name; false if the table has none.
func (t *Table) ExtraOf(name string) ([]float64, bool) { return find(t.Extras, name) }

func find(columns []Column, name string) ([]float64, bool) {
	for _, c := range columns {
		if c.Name == name {
			return c.Values, true
		}
	}
	return nil, false
}

// fillGaps gives the columns every table has their defaults for absent or null values, for n rows.
func (t *Table) fillGaps(n int) {
	if t.Task == nil {
		t.Task = make([]string, n)
	}
	if t.Cluster == nil {
		t.Cluster = make([]string, n)
	}
	for i, cluster := range t.Cluster {
		if cluster == "" {
			t.Cluster[i] = t.SampleID[i]
		}
	}
	if t.Contaminated == nil {
		t.Contaminated = make([]bool, n)
	}
}

// shareClusters puts samples with the same prompt digest into the cluster of the first of them.
func (t *Table) shareClusters() {
	first := make(map[string]string, t.Rows())
	t.Cluster = slices.Clone(t.SampleID)
	for i, digest := range t.PromptSHA256 {
		if cluster, ok := first[digest]; ok {
			t.Cluster[i] = cluster
		} else {
			first[digest] = t.SampleID[i]
		}
	}
}

// nans returns n values that were not measured.
func nans(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}
