package datasets

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// ScorePrefix and CostPrefix begin the names of the columns that hold a router's predictions of one
// model's quality and cost.
const ScorePrefix, CostPrefix = "score:", "cost:"

// ModelScores holds one score per model and, optionally, one cost for each sample or prompt, as
// [ReadModelScores] reads them: a router's predictions, or what a scorer says of each model's
// answer.
type ModelScores struct {
	Keyed
	Models []string // models with scores, in the order of the columns

	scores, costs map[string]*numberColumn // column of each model
}

// numberColumn is a column of numbers and what is wrong with it.
type numberColumn struct {
	name   string
	values []float64 // one per row
	wrong  firstThree
}

// HasModelScores reports whether a table has scores per model, in columns score:MODEL, and no column
// score.
func HasModelScores(path string) (bool, error) {
	head, err := Header(path)
	return err == nil && !slices.Contains(head, colScore) && len(withPrefix(head, ScorePrefix)) > 0, err
}

// withPrefix returns what follows the prefix in the names that have it.
func withPrefix(names []string, prefix string) []string {
	var out []string
	for _, name := range names {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" {
			out = append(out, rest)
		}
	}
	return out
}

// ReadModelScores reads a table of scores per model in any format that [rows.Open] reads. It reads
// the columns sample_id (or prompt_sha256, if there is no sample_id), score:MODEL and cost:MODEL for
// each model, and training if there is one. Repeated ids are an error. Missing and non-finite scores
// are one only where they are asked for, by [ModelScores.ScoresOf].
func ReadModelScores(path string) (*ModelScores, error) {
	ctx := context.Background()
	t, err := rows.Open(ctx, path, rows.Options{})
	if err != nil {
		return nil, err
	}
	defer t.Close()
	s := &ModelScores{scores: map[string]*numberColumn{}, costs: map[string]*numberColumn{}}
	rec := &records{path: path, columns: t.Columns(), cells: map[string][]string{}}
	s.Keyed, s.Models = newKeyed(rec), withPrefix(rec.columns, ScorePrefix)
	if err := s.checkColumns(rec); err != nil {
		return nil, err
	}
	keys := present(keyedColumns(colScore)[:3], rec.columns)
	numbers := s.numberColumns(rec.columns)
	to := rec.takers(keys, func(_ *records, column string) func(string) {
		if column != s.Key {
			return nil
		}
		return func(cell string) { s.addID(cell) }
	})
	err = t.Scan(ctx, append(slices.Clone(keys), namesOf(numbers)...), func(r rows.Row) error {
		for i := range keys {
			to[i](textOf(r.Cells[i]))
		}
		for i, c := range numbers {
			c.add(&s.Keyed, textOf(r.Cells[len(keys)+i]))
		}
		return nil
	})
	if err == nil && t.About().Format == "Parquet" {
		s.Meta, err = ReadScoreMeta(t.About().Parts[0])
	}
	if err != nil {
		return nil, err
	}
	if err := s.checkIDs(); err != nil {
		return nil, err
	}
	return s, s.addExtras(rec)
}

// present returns the names that are among the columns.
func present(names, columns []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(columns, name) })
}

func (s *ModelScores) checkColumns(rec *records) error {
	if err := rec.require(s.Key); err != nil {
		return hint.With(err, fmt.Sprintf("expected a column %q or %q, and a column score:MODEL per model", colSampleID, colSHA256))
	}
	if len(s.Models) > 0 {
		return nil
	}
	return hint.With(fmt.Errorf("%q: no column score:MODEL: expected one per model", s.Path), "columns in the file: "+text.Quoted(rec.columns, 20))
}

// numberColumns makes the columns of scores and costs.
func (s *ModelScores) numberColumns(columns []string) []*numberColumn {
	var out []*numberColumn
	for _, kind := range []struct {
		prefix string
		to     map[string]*numberColumn
	}{{ScorePrefix, s.scores}, {CostPrefix, s.costs}} {
		for _, model := range withPrefix(columns, kind.prefix) {
			c := &numberColumn{name: kind.prefix + model}
			kind.to[model] = c
			out = append(out, c)
		}
	}
	return out
}

func namesOf(columns []*numberColumn) []string {
	var out []string
	for _, c := range columns {
		out = append(out, c.name)
	}
	return out
}

func (c *numberColumn) add(k *Keyed, cell string) {
	v, ok := parseScore(cell)
	if !ok || strings.HasPrefix(c.name, CostPrefix) && v < 0 {
		c.wrong.add(k.cell(len(c.values), cell))
	}
	c.values = append(c.values, v)
}

// check returns an error if a cell is no number that the column may hold.
func (c *numberColumn) check(k *Keyed) error {
	expected := "a finite number"
	if strings.HasPrefix(c.name, CostPrefix) {
		expected += " of 0 or more"
	}
	return k.wrongCells(c.name, expected, c.wrong)
}

// ScoresOf returns a model's scores, one per row. A model without a column is an error, and so are
// missing and non-finite scores.
func (s *ModelScores) ScoresOf(model string) ([]float64, error) {
	c, ok := s.scores[model]
	if !ok {
		err := hint.With(fmt.Errorf("%q: column %q: missing", s.Path, ScorePrefix+model), "models in the file: "+text.Quoted(s.Models, 20),
			"scores of a two-model router in one of the columns: --router scores:FILE#COLUMN")
		return nil, hint.DidYouMean(err, model, s.Models)
	}
	return c.values, c.check(&s.Keyed)
}

// CostsOf returns the predicted costs of the models, one slice per model and one cost per row; nil
// if the file has none of these models' costs. Costs of only some of them are an error, and so are
// costs that are missing, negative or not finite.
func (s *ModelScores) CostsOf(models []string) ([][]float64, error) {
	var out [][]float64
	var lacking string
	for _, m := range models {
		c, ok := s.costs[m]
		if !ok {
			lacking = m
			continue
		}
		if err := c.check(&s.Keyed); err != nil {
			return nil, err
		}
		out = append(out, c.values)
	}
	if len(out) > 0 && len(out) < len(models) {
		return nil, hint.With(fmt.Errorf("%q: column %q: missing, but other models have predicted costs", s.Path, CostPrefix+lacking),
			"predict the cost of every model, or of none")
	}
	return out, nil
}
