package datasets

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/text"
)

// noteNoPrompt notes that no column has a usual name of prompts, if there is text that may be
// prompts. Without a note, a set without text would be taken for all that the table holds.
func (r *resolver) noteNoPrompt() {
	var free []string
	for _, c := range r.unused() {
		if r.sample.hasText(c) && !r.sample.hasNumbers(c) {
			free = append(free, c)
		}
	}
	if r.prompt == "" && len(free) > 0 {
		r.guessed = true
		r.notes = append(r.notes, fmt.Sprintf("no prompts: --prompt takes them from %s", text.Quoted(free, 3)))
	}
}

// noteNoQuality notes that a table with other columns is read as prompts alone.
func (r *resolver) noteNoQuality() {
	if free := r.unused(); len(r.models) == 0 && r.nested == "" && len(r.notes) == 0 && len(free) > 0 {
		r.notes = append(r.notes, fmt.Sprintf("no qualities: --model takes them from %s", text.Quoted(free, 3)))
	}
}

// unused lists the columns with values and without a meaning, except for names that usually hold
// neither prompts nor qualities.
func (r *resolver) unused() []string {
	used := map[string]bool{r.id: true, r.model: true, r.failed: true}
	for _, c := range r.fields.columns {
		used[c] = true
	}
	return slices.DeleteFunc(slices.Clone(r.columns), func(c string) bool {
		return r.taken[c] || used[c] || !canBeScore(c) || slices.Contains(usualIDs, plainName(c)) || !r.sample.hasValues(c)
	})
}
