package training

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// Folds is the number of parts into which cross-validation divides prompts.
const Folds = 10

// FoldsOf returns the fold of each prompt, from 0 to Folds-1. The fold depends only on
// the prompt's digest and on repeat, the number of the division, so equal prompts share a
// fold.
func FoldsOf(norm []string, repeat int) []int {
	out := make([]int, len(norm))
	for i, digest := range norm {
		sum := sha256.Sum256(fmt.Appendf(nil, "cv%d/%s", repeat, digest))
		out[i] = int(binary.BigEndian.Uint32(sum[:]) % Folds)
	}
	return out
}

// Smallest returns the rows of the n smallest digests, or all rows if there are fewer.
// The choice does not depend on the order of the rows or on a random generator.
func Smallest(norm []string, n int) []int {
	rows := make([]int, len(norm))
	for i := range rows {
		rows[i] = i
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(norm[a], norm[b]) })
	return rows[:min(n, len(rows))]
}
