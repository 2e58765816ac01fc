package openai

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"

	"github.com/routellm/routellm/internal/modelserver"
)

// decode reads an answer into dst, which has one element per text of the request. A
// server may return the vectors in any order.
func decode(dst [][]float32, answer []byte, dimensions int) error {
	var parsed struct {
		Data []struct {
			Index     *int       `json:"index"`
			Embedding []*float32 `json:"embedding"`
		} `json:"data"`
	}
	if err := json.Unmarshal(answer, &parsed); err != nil {
		return hint.With(fmt.Errorf("not the expected JSON: %w: %q", err, modelserver.Excerpt(answer)), "check that the base URL is the API's")
	}
	for i, row := range parsed.Data {
		switch {
		case row.Index == nil:
			return fmt.Errorf("vector %d of the answer has no index", i+1)
		case *row.Index < 0 || *row.Index >= len(dst):
			return fmt.Errorf("a vector has index %d, expected 0 to %d", *row.Index, len(dst)-1)
		case dst[*row.Index] != nil:
			return fmt.Errorf("two vectors have index %d", *row.Index)
		}
		v, err := vector(row.Embedding, dimensions)
		if err != nil {
			return fmt.Errorf("index %d: %w", *row.Index, err)
		}
		dst[*row.Index] = v
	}
	for i, v := range dst {
		if v == nil {
			return fmt.Errorf("no vector has index %d, expected one for each of %s", i, text.Plural(len(dst), "text"))
		}
	}
	return nil
}

// vector checks and copies components. A null stands for NaN, which JSON lacks; the JSON
// decoder has already refused numbers that do not fit a float32.
func vector(components []*float32, dimensions int) ([]float32, error) {
	if len(components) == 0 {
		return nil, errors.New("the vector is empty")
	}
	if dimensions > 0 && len(components) != dimensions {
		return nil, hint.With(fmt.Errorf("the vector has %s, expected %d", text.Plural(len(components), "component"), dimensions),
			"the model may not be able to shorten its vectors: leave the number of dimensions unset")
	}
	v := make([]float32, len(components))
	for k, x := range components {
		if x == nil {
			return nil, fmt.Errorf("component %d is null, expected a number", k+1)
		}
		v[k] = *x
	}
	return v, nil
}

// checkLengths returns an error unless all vectors have the same number of components.
func checkLengths(vectors [][]float32) error {
	for i, v := range vectors {
		if len(v) != len(vectors[0]) {
			return fmt.Errorf("the vector of prompt %d has %s, that of prompt 1 has %d", i+1, text.Plural(len(v), "component"), len(vectors[0]))
		}
	}
	return nil
}
