package datasets

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/num"
)

// mtQuestion holds one line of question.jsonl.
type mtQuestion struct {
	ID       int      `json:"question_id"`
	Category string   `json:"category"`
	Turns    []string `json:"turns"`
}

// mtGrade holds one line of judgements.jsonl.
type mtGrade struct {
	ID    int     `json:"question_id"`
	Model string  `json:"model"`
	Score float64 `json:"score"`
	Turn  int     `json:"turn"`
}

// mtbench reads one sample per question. Its prompt is the first turn; its quality is the mean of
// the grades of both turns.
func (in *routellmFolder) mtbench() (*Table, error) {
	t := &Table{Meta: routellmMeta("mt-bench", "MT Bench", "GPT-4 grade 1-10", 1, 10, routellmSource)}
	path := in.path("routellm", "mt-bench", "question.jsonl")
	err := eachJSONLine(path, func(row int, line []byte) error {
		var q mtQuestion
		if err := json.Unmarshal(line, &q); err != nil || len(q.Turns) == 0 {
			return fmt.Errorf("%q: row %d: expected a question with turns", path, row)
		}
		t.SampleID = append(t.SampleID, fmt.Sprintf("mt-bench/%d", q.ID))
		t.Task = append(t.Task, q.Category)
		t.Prompt = append(t.Prompt, q.Turns[0])
		return nil
	})
	if err != nil {
		return nil, err
	}
	in.fileDone()
	if err := in.complete(t, "mt-bench"); err != nil {
		return nil, err
	}
	return t, in.grades(t)
}

// grades fills the columns of both models. A question without both grades is an error.
func (in *routellmFolder) grades(t *Table) error {
	rows := map[string]int{}
	for i, id := range t.SampleID {
		rows[id] = i
	}
	turns := map[string][]float64{}
	for _, model := range []string{strongModel, weakModel} {
		for turn := range 2 {
			turns[turnColumn(turn+1, model)] = num.NaNs(t.Rows())
		}
	}
	path := in.path("routellm", "mt-bench", "judgements.jsonl")
	err := eachJSONLine(path, func(row int, line []byte) error {
		var g mtGrade
		if err := json.Unmarshal(line, &g); err != nil {
			return fmt.Errorf("%q: row %d: %w", path, row, err)
		}
		column, i := turns[turnColumn(g.Turn, g.Model)], rows[fmt.Sprintf("mt-bench/%d", g.ID)]
		if column == nil || t.SampleID[i] != fmt.Sprintf("mt-bench/%d", g.ID) || !math.IsNaN(column[i]) {
			return fmt.Errorf("%q: row %d: found turn %d of question %d by %q, expected turns 1 and 2 of both models, once each",
				path, row, g.Turn, g.ID, g.Model)
		}
		column[i] = g.Score
		return nil
	})
	if err != nil {
		return err
	}
	in.fileDone()
	return t.addTurns(path, turns)
}

func turnColumn(turn int, model string) string { return fmt.Sprintf("quality_turn%d:%s", turn, model) }

func (t *Table) addTurns(path string, turns map[string][]float64) error {
	for _, model := range []string{strongModel, weakModel} {
		first, second := turns[turnColumn(1, model)], turns[turnColumn(2, model)]
		mean := make([]float64, t.Rows())
		for i := range mean {
			mean[i] = (first[i] + second[i]) / 2
			if math.IsNaN(mean[i]) {
				return fmt.Errorf("%q: sample %q: a grade of model %q is missing, expected one per turn", path, t.SampleID[i], model)
			}
		}
		t.Quality = append(t.Quality, Column{Name: model, Values: mean})
		t.Extras = append(t.Extras, Column{turnColumn(1, model), first}, Column{turnColumn(2, model), second})
	}
	return nil
}
