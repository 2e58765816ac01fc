package training

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
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

// Smallest returns the n prompts with the smallest digests, or all: a choice that
// depends on neither order nor a generator.
func Smallest(norm []string, n int) []int {
	rows := make([]int, len(norm))
	for i := range rows {
		rows[i] = i
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(norm[a], norm[b]) })
	return rows[:min(n, len(rows))]
}
