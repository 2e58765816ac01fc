package training

import (
	"cmp"
	"crypto/sha256"
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
	rows, missing := drawable(t, measured, seed)
	if n > len(rows) {
		return nil, tooFewGold(n, len(rows), missing, "both models")
	}
	return rows[:n], nil
}

// DrawOutcomes chooses rows as DrawGold does, for any number of models: it draws rows on which at
// least one of them was measured.
func DrawOutcomes(t *datasets.Table, models []string, n int, seed uint64) ([]int, error) {
	var columns [][]float64
	for _, m := range models {
		if values, ok := t.QualityOf(m); ok {
			columns = append(columns, values)
		}
	}
	rows, missing := drawable(t, func(i int) bool {
		return slices.ContainsFunc(columns, func(values []float64) bool { return num.Finite(values[i]) })
	}, seed)
	if n > len(rows) {
		return nil, tooFewGold(n, len(rows), missing, "any model")
	}
	return rows[:n], nil
}

// drawable returns the rows that may be drawn, in random order, and the number of those that are
// not measured.
func drawable(t *datasets.Table, measured func(row int) bool, seed uint64) (rows []int, missing int) {
	key := map[int]string{}
	seen := map[string]bool{}
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
		key[i] = string(sum[:])
		rows = append(rows, i)
	}
	slices.SortFunc(rows, func(a, b int) int { return cmp.Compare(key[a], key[b]) })
	return rows, missing
}

// measuredOn returns a function that reports whether both models were measured on a row,
// and whether both have a quality column.
func measuredOn(t *datasets.Table, strong, weak string) (measured func(row int) bool, ok bool) {
	a, aOK := t.QualityOf(strong)
	b, bOK := t.QualityOf(weak)
	return func(i int) bool { return num.Finite(a[i]) && num.Finite(b[i]) }, aOK && bOK
}

// tooFewGold returns the error for a draw of n rows if only some can be drawn, and missing
// others were not measured on the models.
func tooFewGold(n, some, missing int, models string) error {
	why := "without contaminated and repeated prompts"
	if missing > 0 {
		why = fmt.Sprintf("%s, and %s not measured on %s,", why, text.Plural(missing, "sample"), models)
	}
	return fmt.Errorf("cannot draw %s: %s only %s %s left", text.Plural(n, "gold sample"), why, text.Thousands(some), text.Agree(some, "is", "are"))
}
