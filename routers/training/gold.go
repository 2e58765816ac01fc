package training

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
)

// DrawGold chooses n rows of a benchmark to train on, at random: those with the smallest
// digest of seed and prompt. The choice does not depend on the order of the rows.
// Contaminated rows and repeated prompts are never drawn. It is an error if fewer than n
// rows remain.
func DrawGold(t *datasets.Table, n int, seed uint64) ([]int, error) {
	type candidate struct {
		key string
		row int
	}
	var all []candidate
	seen := map[string]bool{}
	for i, norm := range t.PromptNormSHA256 {
		if t.Contaminated[i] || seen[norm] {
			continue
		}
		seen[norm] = true
		sum := sha256.Sum256(fmt.Appendf(nil, "gold/%d/%s", seed, norm))
		all = append(all, candidate{hex.EncodeToString(sum[:]), i})
	}
	if n > len(all) {
		return nil, fmt.Errorf("cannot draw %d gold samples: without contaminated and repeated prompts only %d are left", n, len(all))
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Compare(a.key, b.key) })
	rows := make([]int, n)
	for i := range rows {
		rows[i] = all[i].row
	}
	return rows, nil
}
