package datasets

import (
	"math"
	"slices"

	"github.com/routellm/routellm/features"
)

// Column holds one numeric column of a [Table].
type Column struct {
	Name   string
	Values []float64 // one value per row; NaN if not measured
}

// TextColumn holds one column of text of a [Table].
type TextColumn struct {
	Name   string
	Values []*string // one value per row; nil for null
}

// Table holds samples as columns of equal length, with one entry per sample. A slice is nil if
// its column was not read or does not exist. Make a table with [File.Read], with one of the
// Import functions, or as a literal whose Meta comes from [NewMeta].
type Table struct {
	Meta             Meta
	SampleID         []string     // unique, non-empty ids
	Task             []string     // subject or category; "" if unknown
	Cluster          []string     // samples that are not independent share one; defaults to the sample id, and may then be the same slice
	Prompt           []string     // text of the prompts
	HasPrompt        bool         // whether Prompt was read
	PromptSHA256     []string     // [SHA256Hex] of the prompt
	PromptNormSHA256 []string     // [NormSHA256Hex] of the prompt
	Contaminated     []bool       // whether the sample is marked as contaminated; evaluation excludes it
	Embedding        []string     // int8 components as bytes, equally many per row; see Meta.EmbeddingScale
	Vectors          [][]float32  // finite components, equally many per row; used instead of Embedding for lists of floats
	Cues             [][]float32  // cues of the prompts, in the order of [features.All] if Meta.CuesSHA256 is [features.SHA256]
	ModelA, ModelB   []string     // battles only: the two models
	Winner           []string     // battles only: one of [Winners]
	Share            []float64    // battles only: the share of the battle that model a won, in [0,1]; nil where only the winner is known
	Weight           []float64    // weight of the sample in evaluation, or of the battle in training, above 0
	Source           []string     // battles only: origin of the battle; "" if unknown
	Features         []Column     // text features, named without "feature:"
	Quality          []Column     // qualities, named by model without "quality:"
	Answers          []TextColumn // answers of models and what belongs to them, with their full names, such as "answer:gpt-4"
	Extras           []Column     // other numbers, with their full names, such as "cost_usd:gpt-4"
}

// Winners lists the possible winners of a battle. The last two mean that the source does not
// distinguish a tie from a win of the named model.
func Winners() []string {
	return []string{"model_a", "model_b", "tie", "tie_or_model_a", "tie_or_model_b"}
}

// Vector writes the embedding of row i to dst, which must have [Table.Dim] elements. It converts
// int8 components to floats.
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

// Dim returns the number of components of an embedding, or 0 if there are no embeddings.
func (t *Table) Dim() int {
	switch {
	case len(t.Vectors) > 0:
		return len(t.Vectors[0])
	case len(t.Embedding) > 0:
		return len(t.Embedding[0])
	}
	return 0
}

// SetEmbeddings stores quantised embeddings, one per row, and the metadata of the encoder that
// made them: its name, the hex digest of its weights, and the factor from an int8 component to
// its value. It replaces earlier embeddings of either kind.
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

// SetVectors stores embeddings as floats, one per row, without copying them. encoder names the
// encoder and digest is the hex digest of its weights, or "": vectors of different encoders must
// not be compared. SetVectors replaces earlier embeddings of either kind.
func (t *Table) SetVectors(encoder, digest string, vectors [][]float32) {
	t.Meta.Encoder, t.Meta.EncoderSHA256, t.Meta.EmbeddingScale = encoder, digest, math.NaN()
	t.Embedding, t.Vectors = nil, vectors
}

// SetCues computes the cues of the prompts, on all cores.
func (t *Table) SetCues() {
	t.Meta.CuesSHA256, t.Cues = features.SHA256(), features.OfAll(t.Prompt)
}

// HasCues reports whether the table has cues that package features of this program defines.
func (t *Table) HasCues() bool { return t.Cues != nil && t.Meta.CuesSHA256 == features.SHA256() }

// Rows returns the number of samples.
func (t *Table) Rows() int { return len(t.SampleID) }

// QualityOf returns the qualities of a model, NaN where not measured, or false if the table has
// none.
func (t *Table) QualityOf(model string) ([]float64, bool) { return find(t.Quality, model) }

// FeatureOf returns the values of a feature by its name without "feature:", or false if the
// table has none.
func (t *Table) FeatureOf(name string) ([]float64, bool) { return find(t.Features, name) }

// ExtraOf returns the values of an extra column by its full name, or false if the table has
// none.
func (t *Table) ExtraOf(name string) ([]float64, bool) { return find(t.Extras, name) }

// AnswerOf returns the values of a column of models' answers by its full name, such as
// "finish:gpt-4", or false if it was not read.
func (t *Table) AnswerOf(name string) ([]*string, bool) {
	for _, c := range t.Answers {
		if c.Name == name {
			return c.Values, true
		}
	}
	return nil, false
}

func find(columns []Column, name string) ([]float64, bool) {
	for _, c := range columns {
		if c.Name == name {
			return c.Values, true
		}
	}
	return nil, false
}

// DropOutside marks qualities outside the bounds of t.Meta as not measured. It returns the first
// one's sample and model, and the number of them.
func (t *Table) DropOutside() (id, model string, n int) {
	for _, c := range t.Quality {
		for i, v := range c.Values {
			if t.Meta.Within(v) {
				continue
			}
			if n++; n == 1 {
				id, model = t.SampleID[i], c.Name
			}
			c.Values[i] = math.NaN()
		}
	}
	return id, model, n
}

// fillGaps replaces absent and null values by their defaults in the columns that every table of
// n rows has: Task, Cluster and Contaminated.
func (t *Table) fillGaps(n int) {
	if t.Task == nil {
		t.Task = make([]string, n)
	}
	if t.Cluster == nil {
		t.SampleID = slices.Clip(t.SampleID) // appending to one must not change the other
		t.Cluster = t.SampleID
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

// shareClusters puts samples with the same prompt digest into one cluster, named by the id of
// the first of them.
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
