package mf

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"

	"gonum.org/v1/gonum/floats"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/internal/safetensors"
)

//go:embed arena_models.txt
var arenaModels string

// ArenaModels lists the 64 models of the published weights, in the order of the weights'
// rows.
func ArenaModels() []string { return strings.Fields(arenaModels) }

// Encoder and pair of the published weights.
const (
	publishedEncoder = "openai:text-embedding-3-small"
	publishedStrong  = "gpt-4-1106-preview"
	publishedWeak    = "mixtral-8x7b-instruct-v0.1"
)

// Tensors of the published weights.
const (
	modelRows = "P.weight"            // one row of dim weights per model
	classify  = "classifier.0.weight" // 1 x dim
	project   = "text_proj.0.weight"  // dim x components of a prompt's vector
)

// Published is a router with the weights that were published for the reference
// implementation. The logit of a model is classifier . (P[model] / |P[model]| *
// (text_proj q)); the win rate is the sigmoid of the strong model's logit minus the weak
// model's (arXiv 2406.18665). For one pair of models this reduces to one weight per
// component of the vector.
type Published struct {
	weights      []float64
	strong, weak string
	sha256       string
}

// published reduces the weights to one pair of models.
func published(f *safetensors.File, strong, weak, digest string) (*Published, error) {
	shape := f.Tensors[modelRows].Shape
	if len(shape) != 2 {
		return nil, fmt.Errorf("tensor %q has shape %v, expected one row per model", modelRows, shape)
	}
	models, dim := shape[0], shape[1]
	rows, err := f.Floats(modelRows, models, dim)
	if err != nil {
		return nil, err
	}
	classifier, err := f.Floats(classify, 1, dim)
	if err != nil {
		return nil, err
	}
	textShape := f.Tensors[project].Shape
	if len(textShape) != 2 {
		return nil, fmt.Errorf("tensor %q has shape %v, expected %d rows", project, textShape, dim)
	}
	projection, err := f.Floats(project, dim, textShape[1])
	if err != nil {
		return nil, err
	}
	if models != len(ArenaModels()) {
		return nil, fmt.Errorf("the weights are for %d models, expected the %d of Chatbot Arena", models, len(ArenaModels()))
	}
	s, w := slices.Index(ArenaModels(), strong), slices.Index(ArenaModels(), weak)
	if s < 0 || w < 0 {
		return nil, fmt.Errorf("%q and %q are not both among the models of the published weights", strong, weak)
	}
	return &Published{
		weights: collapse(unit(rows[s*dim:(s+1)*dim]), unit(rows[w*dim:(w+1)*dim]), classifier, projection),
		strong:  strong, weak: weak, sha256: digest,
	}, nil
}

// unit returns a model's weights, scaled to length 1.
func unit(row []float64) []float64 {
	out := slices.Clone(row)
	floats.Scale(1/max(floats.Norm(out, 2), 1e-12), out)
	return out
}

// collapse returns the weights a for which a . q is the strong model's logit minus the
// weak model's.
func collapse(strong, weak, classifier, projection []float64) []float64 {
	n := len(projection) / len(classifier)
	a := make([]float64, n)
	for d, c := range classifier {
		floats.AddScaled(a, c*(strong[d]-weak[d]), projection[d*n:(d+1)*n])
	}
	return a
}

// Needs returns the vector.
func (p *Published) Needs() routers.Needs { return routers.Needs{Vector: true} }

// VectorsFrom returns the name of the encoder that the weights were trained with.
func (p *Published) VectorsFrom() (name, sha256 string) { return publishedEncoder, "" }

// Pair returns the strong and the weak model.
func (p *Published) Pair() (strong, weak string) { return p.strong, p.weak }

// SHA256 returns the digest of the weights file.
func (p *Published) SHA256() string { return p.sha256 }

// Scores returns one win rate per prompt.
func (p *Published) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i, prompt := range prompts {
		if len(prompt.Vector) != len(p.weights) {
			return nil, hint.With(
				fmt.Errorf("sample %q: the vector has %s, expected %d", prompt.ID, text.Plural(len(prompt.Vector), "component"), len(p.weights)),
				"the weights need vectors of "+publishedEncoder)
		}
		if err := prompt.CheckVector(); err != nil {
			return nil, err
		}
		logit := 0.0
		for k, v := range prompt.Vector {
			logit += float64(p.weights[k] * float64(v))
		}
		out[i] = bradleyterry.Sigmoid(logit)
	}
	return out, nil
}
