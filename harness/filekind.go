package harness

import (
	"context"
	"errors"
	"os"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets/importers"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
)

// The kinds of files.
const (
	kindData      = "data"
	kindScores    = "scores"
	kindDecisions = "decisions"
)

// kindOf returns what a name stands for: a data set or, by its columns, a file of scores or
// decisions.
func (o *opener) kindOf(ctx context.Context, name string) (string, error) {
	if _, builtin := benchmarks.Data(name); builtin || o.joins(name) || name == stdinName || isPipe(name) {
		return kindData, nil
	}
	if _, err := headOf(name); errors.Is(err, os.ErrNotExist) && !isPattern(name) {
		return "", o.hintNames(name, hint.List(err, name, benchmarks.EvalNames(), "separate files by spaces, not commas"))
	}
	if _, found := importers.Detect(name); found {
		return kindData, nil
	}
	table, err := rows.Open(ctx, name, o.reading.Columns.Rows)
	if err != nil {
		return "", err
	}
	defer table.Close()
	return kindByColumns(table.Columns()), nil
}

// kindByColumns returns the kind of a file with the given columns. Scores and decisions have the
// sample or the prompt that they are of, and no text.
func kindByColumns(columns []string) string {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(columns, name) })
	}
	switch {
	case !has("sample_id", "prompt_sha256") && len(columns) > 2 || has("prompt", "question"), has("model") && !has("prompt_sha256"):
		return kindData
	case has("score"):
		return kindScores
	case has("decision"):
		return kindDecisions
	}
	return kindData
}
