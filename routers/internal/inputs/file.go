package inputs

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/internal/safetensors"
)

// Keys of a model file's metadata.
const (
	cuesKey   = "cues"        // number of cues
	digestKey = "cues_sha256" // [features.SHA256] of the cues; absent without cues
)

// Store adds scalers of one shape to a model file: two rows each, means and scales. Scalers that
// an older version's file lacked stay absent.
func Store(f *safetensors.File, name string, all ...Scaler) {
	if all[0].plain {
		return
	}
	shape := all[0].Shape
	var values []float64
	for _, s := range all {
		values = append(append(values, s.Mean...), s.Scale...)
	}
	f.Tensors[name] = safetensors.NewFloats(values, 2*len(all), shape.Dim())
	f.Metadata[cuesKey] = strconv.Itoa(shape.Cues)
	if shape.Cues > 0 {
		f.Metadata[digestKey] = features.SHA256()
	}
}

// Read reads n scalers of dim inputs that Store stored. Files of older versions have none: their
// models read vectors and counts as they are. Cues of another definition than those of this program
// are an error.
func Read(f *safetensors.File, name string, n, dim int) ([]Scaler, error) {
	cues, ok := f.Metadata[cuesKey]
	if !ok && dim > Counts {
		return slices.Repeat([]Scaler{{Shape: Shape{Vector: dim - Counts}, plain: true}}, n), nil
	}
	shape, err := readShape(f, cues, dim)
	if err != nil {
		return nil, err
	}
	values, err := f.Floats(name, 2*n, dim)
	if err != nil {
		return nil, err
	}
	out := make([]Scaler, n)
	for k := range out {
		out[k] = Scaler{Shape: shape, Mean: values[2*k*dim : (2*k+1)*dim], Scale: values[(2*k+1)*dim : (2*k+2)*dim]}
	}
	return out, nil
}

// readShape returns the shape of dim inputs, of which some are cues of this program's definition.
func readShape(f *safetensors.File, cues string, dim int) (s Shape, err error) {
	if s.Cues, err = strconv.Atoi(cues); err != nil || s.Cues < 0 {
		return s, fmt.Errorf("%q cues, expected a number", cues)
	}
	if s.Cues > 0 && f.Metadata[digestKey] != features.SHA256() {
		return s, hint.With(fmt.Errorf("the model reads cues of digest %.12q, this version of routellm computes those of %.12q",
			f.Metadata[digestKey], features.SHA256()), "train it again: "+f.Metadata["recipe"])
	}
	if all := len(features.All()); s.Cues > 0 && s.Cues != all {
		return s, fmt.Errorf("the model reads %s, expected %d", text.Plural(s.Cues, "cue"), all)
	}
	if s.Vector = dim - Counts - s.Cues; s.Vector <= 0 {
		return s, fmt.Errorf("the model has %s, expected more than %d", text.Plural(dim, "input"), Counts+s.Cues)
	}
	return s, nil
}
