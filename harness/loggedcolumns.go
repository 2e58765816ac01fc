package harness

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// logColumns lists what the columns of a log mean, under the names that routellm log gives them.
// The first needed ones must be there.
var logColumns = []string{
	"score", "decision", "propensity", "quality",
	"sample_id", "prompt_sha256", "conversation", "reason", "router", "threshold", "always", "time", "answered", "thumb", "cost_usd",
}

// neededLogColumns is the number of columns that every log has.
const neededLogColumns = 4

// LogColumns lists the names of the columns that [EvaluateLog] reads.
func LogColumns() []string { return slices.Clone(logColumns) }

// choose returns the columns to read.
func (r *logReader) choose(columns []string) (want []string, err error) {
	for i, meaning := range logColumns {
		name, named := r.o.Columns[meaning]
		if !named {
			name = meaning
		}
		there := named || slices.Contains(columns, name)
		if !there && i < neededLogColumns && !(meaning == "quality" && slices.Contains(columns, "thumb")) {
			return nil, r.lacks(meaning, columns)
		}
		if there {
			r.at[meaning] = len(want)
			want = append(want, name)
		}
	}
	return want, nil
}

// lacks returns the error about a needed column.
func (r *logReader) lacks(meaning string, columns []string) error {
	if slices.Contains(columns, "lambda") {
		return fmt.Errorf("%q: holds decisions among several models, and what another lambda would have done is not estimated: only thresholds between two models are", r.path)
	}
	if err := refuseLog(r.path); err != nil {
		return err
	}
	advice := []string{
		"columns in the file: " + text.Quoted(columns, 20),
		"--log-column " + meaning + "=COLUMN names it; routellm log makes a table with all columns from the logs of serve",
	}
	if meaning == "quality" {
		advice = append(advice, "what the answers are worth comes from people or a judge: POST /v1/feedback takes it, and routellm log adds it")
	}
	return hint.With(fmt.Errorf("%q: no column %q", r.path, meaning), advice...)
}
