//go:build !cgo || !onnx

package bert

import (
	"errors"

	"github.com/routellm/routellm/internal/hint"
)

// openNetwork fails: this build has no ONNX Runtime.
func openNetwork(string, string, int) (network, error) {
	return nil, hint.With(errors.New("this build of routellm cannot run a BERT classifier"),
		"build one that can, from source: make build-onnx",
		"or evaluate scores made elsewhere: --router scores:FILE")
}
