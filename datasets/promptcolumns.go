package datasets

import (
	"context"
	"strings"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/values"
)

// PromptColumns names the columns of a table that say what its prompts are; "" for none.
type PromptColumns struct {
	ID, Prompt, Task, Cluster, Weight string

	Guessed bool     // whether any of them was found by its usual name
	Notes   []string // what else a column could have been taken for
}

// FindPrompts finds the columns of an open table that say what its prompts are: those that m names,
// and else those with usual names, as [Import] does. path names the table in errors.
func FindPrompts(ctx context.Context, path string, t *rows.Table, m Mapping) (PromptColumns, error) {
	s, err := takeSample(ctx, t, values.Parser{Null: m.Null, Decimal: t.About().Decimal})
	if err != nil {
		return PromptColumns{}, err
	}
	r := resolver{Mapping: m, path: path, columns: t.Columns(), sample: s, taken: map[string]bool{}, folders: t.About().Folders}
	if err := r.checkNamed(); err != nil {
		return PromptColumns{}, err
	}
	if err := r.shared(); err != nil {
		return PromptColumns{}, err
	}
	r.id = r.pickID()
	return PromptColumns{ID: r.id, Prompt: r.prompt, Task: r.task, Cluster: r.cluster, Weight: r.weight, Guessed: r.guessed, Notes: r.notes}, nil
}

// String returns the columns for the user, such as "id = uid, prompt = question".
func (c PromptColumns) String() string {
	var parts []string
	for _, x := range [][2]string{{"id", c.ID}, {"prompt", c.Prompt}, {"task", c.Task}, {"cluster", c.Cluster}, {"weight", c.Weight}} {
		if x[1] != "" {
			parts = append(parts, x[0]+" = "+x[1])
		}
	}
	return strings.Join(append([]string{strings.Join(parts, ", ")}, c.Notes...), "; ")
}

// PromptIn returns the prompt in a cell: the text that mode chooses of a conversation. row is
// counted from 1. An error names row and column.
func PromptIn(column string, row int, cell rows.Cell, mode prompttext.Mode) (string, error) {
	return (&importer{Mapping: Mapping{Text: mode}}).promptOf(column, row, cell)
}

// CheckUnique returns an error if an id occurs twice. It names both rows.
func CheckUnique(file, column string, ids []string) error {
	return unique(file, column, ids)
}
