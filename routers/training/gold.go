package training

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// DrawGold chooses n rows of a benchmark to train on, at random: those with the smallest
// digest of seed and prompt. The choice does not depend on the order of the rows. It never
// draws contaminated rows, rows without the quality of one of the two models, and repeats
// of a prompt. It is an error if fewer than n rows remain, or if a model has no quality
// column.
func DrawGold(t *datasets.Table, strong, weak string, n int, seed uint64) ([]int, error) {
	measured, ok := measuredOn(t, strong, weak)
	if !ok {
		return nil, fmt.Errorf("expected outcomes of %q and %q", strong, weak)
	}
	type candidate struct {
		key string
		row int
	}
	var all []candidate
	seen, missing := map[string]bool{}, 0
	for i, norm := range t.PromptNormSHA256 {
		switch {
		case t.Contaminated[i] || seen[norm]:
			continue
		case !measured(i):
			missing++
			continue
		}
		seen[norm] = true
		sum := sha256.Sum256(fmt.Appendf(nil, "gold/%d/%s", seed, norm))
		all = append(all, candidate{hex.EncodeToString(sum[:]), i})
	}
	if n > len(all) {
		return nil, tooFewGold(n, len(all), missing)
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Compare(a.key, b.key) })
	rows := make([]int, n)
	for i := range rows {
		rows[i] = all[i].row
	}
	return rows, nil
}

// measuredOn returns a function that reports whether both models were measured on a row,
// and whether both have a quality column.
func measuredOn(t *datasets.Table, strong, weak string) (measured func(row int) bool, ok bool) {
	a, aOK := t.QualityOf(strong)
	b, bOK := t.QualityOf(weak)
	return func(i int) bool { return num.Finite(a[i]) && num.Finite(b[i]) }, aOK && bOK
}

// tooFewGold returns the error for a draw of n rows if only some can be drawn, and missing
// others were not measured on both models.
func tooFewGold(n, some, missing int) error {
	why := "without contaminated and repeated prompts"
	if missing > 0 {
		why = fmt.Sprintf("%s, and %s not measured on both models,", why, text.Plural(missing, "sample"))
	}
	return fmt.Errorf("cannot draw %s: %s only %s %s left", text.Plural(n, "gold sample"), why, text.Thousands(some), text.Agree(some, "is", "are"))
}
