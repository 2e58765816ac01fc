package swranking

import (
	_ "embed"
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

//go:embed all.safetensors
var all []byte

// Variants returns the built-in models beside the default one, which has the battles
// of all sources: each has those of the source it is named after.
func Variants() []string {
	return []string{string(training.Arena), string(training.Judge), string(training.Gold)}
}

// Builtin returns a built-in model; variant "" is the default.
func Builtin(variant string) (*Model, error) {
	f, err := safetensors.Read(all)
	if err != nil {
		return nil, fmt.Errorf("built-in sw_ranking: %w", err)
	}
	m, err := read(f, datasets.DigestBytes(all))
	if err == nil && variant != "" {
		m, err = m.only(training.Kind(variant))
	}
	if err != nil {
		return nil, fmt.Errorf("built-in sw_ranking: %w", err)
	}
	return m, nil
}
