package swranking

import (
	_ "embed"

	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/training"
)

//go:embed all.safetensors.zst
var all []byte

// Variants returns the names of the built-in models besides the default one. The default
// has the battles of all sources, each variant those of the source that it is named
// after.
func Variants() []string {
	return []string{string(training.Arena), string(training.Judge), string(training.Gold)}
}

// Builtin returns a built-in model; variant "" is the default.
func Builtin(variant string) (*Model, error) {
	c, err := modelfile.Embedded("sw_ranking", all, read)
	if err != nil {
		return nil, err
	}
	if variant != "" {
		c = c.only(training.Kind(variant))
	}
	return newModel(c, false)
}
