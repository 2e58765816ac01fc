package training

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Folds is how many parts cross-validation divides prompts into.
const Folds = 10

// FoldsOf deals prompts to folds by their digests, so that equal prompts share one
// and neither order nor a generator matters. repeat tells divisions apart.
func FoldsOf(norm []string, repeat int) []int {
	out := make([]int, len(norm))
	for i, digest := range norm {
		sum := sha256.Sum256(fmt.Appendf(nil, "cv%d/%s", repeat, digest))
		out[i] = int(binary.BigEndian.Uint32(sum[:]) % Folds)
	}
	return out
}
