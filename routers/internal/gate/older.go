package gate

import (
	"slices"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/safetensors"
)

// counts scales counts for their products, which gates of older versions read beside the inputs.
type counts struct{ mean, scale []float64 }

// products is the number of products of two counts.
const products = inputs.Counts * (inputs.Counts + 1) / 2

// farthest limits scaled counts, in standard deviations, before they are multiplied.
const farthest = 3.0

// appendProducts appends the products of every two scaled counts, including squares.
func (c *counts) appendProducts(dst, x []float64) []float64 {
	var z [inputs.Counts]float64
	for k := range z {
		z[k] = max(-farthest, min(farthest, (x[k]-c.mean[k])*c.scale[k]))
	}
	for k, a := range z {
		for _, b := range z[k:] {
			dst = append(dst, a*b)
		}
	}
	return dst
}

func (c *counts) store(f *safetensors.File) {
	f.Tensors["gate_counts"] = safetensors.NewFloats(slices.Concat(c.mean, c.scale), 2, inputs.Counts)
}

// readCounts returns nil for a gate without products.
func readCounts(f *safetensors.File) (*counts, error) {
	if _, ok := f.Tensors["gate_counts"]; !ok {
		return nil, nil
	}
	v, err := f.Floats("gate_counts", 2, inputs.Counts)
	if err != nil {
		return nil, err
	}
	return &counts{v[:inputs.Counts], v[inputs.Counts:]}, nil
}
