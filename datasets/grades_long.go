package datasets

import (
	"fmt"
	"math"
)

// longGrade holds one row of a long table.
type longGrade struct {
	id, prompt, model string // id is "" if the table has no ids
	value             float64
	row               int // counted from 0
}

// longGrades reads a table with one row per grade.
func (t *Table) longGrades(rec *records, o GradeOptions) (skipped Skipped) {
	g := longTable{index: map[string]int{}}
	for i := range rec.rows {
		row, err := o.longRow(rec, i)
		if err == nil {
			err = g.add(row, o)
		}
		if err != nil {
			skipped.add(err)
		}
	}
	columns := map[string][]float64{}
	for i, grades := range g.grades {
		t.SampleID, t.Prompt = append(t.SampleID, g.first[i].id), append(t.Prompt, g.first[i].prompt)
		if o.ID == "" {
			t.SampleID[i] = rowID(g.first[i].row)
		}
		values := map[string]float64{}
		for model, grade := range grades {
			values[model] = grade.value
		}
		scatter(columns, values, i, len(g.grades), "")
	}
	t.Quality = sortedByName(columns)
	return skipped
}

// longRow reads row i. If the row is bad, the error is a badCell.
func (o GradeOptions) longRow(rec *records, i int) (row longGrade, err error) {
	row.row = i
	if o.ID != "" {
		row.id = rec.cells[o.ID][i]
		if expected := expectedText(colSampleID, row.id); expected != "" {
			return row, badCell{i + 1, o.ID, quote(row.id), "the id of the prompt"}
		}
	}
	if row.prompt, err = rec.promptAt(o.Prompt, i); err != nil {
		return row, err
	}
	if row.model, err = rec.nameAt(o.Model, i); err != nil {
		return row, err
	}
	row.value, err = o.gradeAt(rec, o.Grade, i)
	return row, err
}

// longTable collects the rows of each prompt.
type longTable struct {
	index  map[string]int         // index of a prompt by its id, or by its text if there are no ids
	first  []longGrade            // first row of each prompt
	grades []map[string]longGrade // grades of each prompt by model
}

// add adds a row. If the row contradicts an earlier one, the error is a badCell.
func (g *longTable) add(row longGrade, o GradeOptions) error {
	key := row.prompt
	if o.ID != "" {
		key = row.id
	}
	k, known := g.index[key]
	if !known {
		k = len(g.first)
		g.index[key], g.first, g.grades = k, append(g.first, row), append(g.grades, map[string]longGrade{})
	}
	if first := g.first[k]; first.prompt != row.prompt {
		return badCell{row.row + 1, o.Prompt, quote(row.prompt), fmt.Sprintf("the same prompt as for %s in row %d", quote(row.id), first.row+1)}
	}
	if before, again := g.grades[k][row.model]; again && !math.IsNaN(row.value) {
		return badCell{row.row + 1, o.Model, fmt.Sprintf("%s, already in row %d", quote(row.model), before.row+1), "one grade per prompt and model"}
	}
	if !math.IsNaN(row.value) {
		g.grades[k][row.model] = row
	}
	return nil
}
