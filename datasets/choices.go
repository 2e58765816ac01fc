package datasets

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
)

const colModel, colCostUSD, colLatency, colSetting = "model", "cost_usd", "latency_s", "setting"

// Choices holds a router's decisions among models per sample or prompt, at one or more settings, as
// read from a file by [ReadChoices].
type Choices struct {
	Keyed
	Models   []string  // models that are chosen somewhere, in order of appearance
	Settings []Setting // decisions at each setting, in order of appearance; at least one

	wrongAmounts error // what is wrong with costs or latencies
}

// Setting holds the decisions at one setting of a router, such as a threshold. Its slices have one
// value per id of the file.
type Setting struct {
	Name  string // "" if the file has no column setting
	Model []int  // index of the chosen model; -1 where the setting has no decision
	// Cost and Latency are what the prompt cost in US dollars, and took in seconds, with all that the
	// router called for it; nil if the file does not say.
	Cost, Latency []float64
}

// HasChoices reports whether a table has decisions as [ReadChoices] alone reads them: with a column
// model in place of decision, or with settings, costs or latencies.
func HasChoices(path string) (bool, error) {
	head, err := Header(path)
	if err != nil {
		return false, err
	}
	has := func(name string) bool { return slices.Contains(head, name) }
	return has(colModel) && !has(colDecision) || has(colSetting) || has(colCostUSD) || has(colLatency), nil
}

// ReadChoices reads a file of decisions in any format that [rows.Open] reads. It reads the columns
// sample_id (or prompt_sha256, if there is no sample_id) and model (or decision), and where they
// exist cost_usd, latency_s, setting and training. A decision may be "strong" or "weak" in place of a
// model's name. Each setting decides on a sample once. Costs and latencies are numbers of 0 or more
// in every row, or in none: see [Choices.CheckAmounts].
func ReadChoices(path string) (*Choices, error) {
	ctx := context.Background()
	t, err := rows.Open(ctx, path, rows.Options{})
	if err != nil {
		return nil, err
	}
	defer t.Close()
	r := newChoiceReader(path, t.Columns())
	if err := r.rec.require(r.out.Key, r.column); err != nil {
		return nil, hint.With(err, fmt.Sprintf("expected a column %q or %q, and a column %q with the name of a model", colSampleID, colSHA256, colModel))
	}
	want := present([]string{colSampleID, colSHA256, r.column, colSetting, colCostUSD, colLatency, colTraining}, r.rec.columns)
	err = t.Scan(ctx, want, func(row rows.Row) error {
		return r.add(func(column string) string { return textOf(row.Cells[slices.Index(want, column)]) })
	})
	if err == nil && t.About().Format == "Parquet" {
		r.out.Meta, err = ReadScoreMeta(t.About().Parts[0])
	}
	if err != nil {
		return nil, err
	}
	return r.finish()
}

// CheckAmounts returns an error if a cost or a latency is missing in some rows, negative or no finite
// number.
func (c *Choices) CheckAmounts() error { return c.wrongAmounts }

// Choices returns decisions of a file that names models, or strong and weak, as those of one setting.
func (s *Scores) Choices() *Choices {
	c := &Choices{Keyed: s.Keyed, Settings: []Setting{{}}}
	r := &choiceReader{out: c, models: map[string]int{}}
	for i, v := range s.Values {
		name := SideName(v)
		if s.Names != nil {
			name = s.Names[i]
		}
		c.Settings[0].Model = append(c.Settings[0].Model, r.modelOf(name))
	}
	return c
}

// SideName returns the name of a decision: "strong" for 1 and "weak" for 0.
func SideName(decision float64) string {
	if decision == 1 {
		return "strong"
	}
	return "weak"
}
