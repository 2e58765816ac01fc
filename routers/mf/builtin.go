package mf

import (
	"embed"
	"fmt"

	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/training"
)

//go:embed models/*.safetensors
var models embed.FS

// Variants returns the names of the built-in models besides the default one. The default
// is trained on all sources, each variant on the source that it is named after.
func Variants() []string {
	return []string{string(training.Arena), string(training.Judge), string(training.Gold)}
}

// Builtin returns a built-in model; variant "" is the default. Decoding takes a few
// milliseconds.
func Builtin(variant string) (*Model, error) {
	if variant == "" {
		variant = "all"
	}
	data, err := models.ReadFile("models/" + variant + ".safetensors")
	if err != nil {
		return nil, fmt.Errorf("no built-in model %q", variant)
	}
	return modelfile.Embedded("mf@"+variant, data, newModel)
}
