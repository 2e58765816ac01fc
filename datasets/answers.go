package datasets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// Answers are what models answered to a table's prompts, an entry a row of the table. nil stands for an answer that is not stored.
type Answers struct {
	Reference []*string // the right answers
	Models    []AnswerColumn
}

// AnswerColumn is one model's answers.
type AnswerColumn struct {
	Model string
	Texts []*string
}

// Columns of a file of answers: keys in the order of preference, and what an answer's column begins or ends with.
var (
	answerKeys       = []string{colSampleID, colSHA256, colPrompt, "question"}
	referenceColumns = []string{"reference", "answer"}
)

const (
	prefixAnswer = "answer:"
	suffixAnswer = "_response"
)

// ReadAnswers reads answers to t's prompts from .csv, .jsonl (both also .gz) or .parquet. A row is found by sample_id,
// prompt_sha256, prompt or question, whichever comes first; answers are in the columns "answer:MODEL" or "MODEL_response", right
// ones in "reference" or "answer". Several files complete each other. Rows for no prompt of t are an error; t needs PromptSHA256
// unless all files have ids.
func ReadAnswers(paths []string, t *Table) (Answers, error) {
	var a Answers
	for _, path := range paths {
		if err := a.read(path, t); err != nil {
			return Answers{}, err
		}
	}
	return a, nil
}

func (a *Answers) read(path string, t *Table) error {
	head, err := readRecords(path, nil)
	if err != nil {
		return err
	}
	key := firstOf(answerKeys, head.columns)
	if key == "" {
		return head.require(answerKeys[0])
	}
	reference, models := firstOf(referenceColumns, head.columns), answerColumns(head.columns)
	if reference == "" && len(models) == 0 {
		return hint.With(fmt.Errorf("%q: found no column of answers", path),
			`answers are in columns "answer:MODEL", right ones in "reference"`, "columns in the file: "+listOf(head.columns, 20))
	}
	want := []string{key}
	if reference != "" {
		want = append(want, reference)
	}
	for _, m := range models {
		want = append(want, m.Column)
	}
	rec, err := readRecords(path, want)
	if err != nil {
		return err
	}
	rows, err := rec.rowsOf(key, t)
	if err != nil {
		return err
	}
	if reference != "" {
		if a.Reference == nil {
			a.Reference = make([]*string, t.Rows())
		}
		place(a.Reference, rec.cells[reference], rows)
	}
	for _, m := range models {
		place(a.of(m.Model, t.Rows()), rec.cells[m.Column], rows)
	}
	return nil
}

// of returns a model's answers, new ones where there are none yet.
func (a *Answers) of(model string, rows int) []*string {
	for _, c := range a.Models {
		if c.Model == model {
			return c.Texts
		}
	}
	a.Models = append(a.Models, AnswerColumn{Model: model, Texts: make([]*string, rows)})
	return a.Models[len(a.Models)-1].Texts
}

func firstOf(names, columns []string) string {
	for _, name := range names {
		if slices.Contains(columns, name) {
			return name
		}
	}
	return ""
}

func answerColumns(columns []string) []ModelColumn {
	var out []ModelColumn
	for _, c := range columns {
		model, ok := strings.CutPrefix(c, prefixAnswer)
		if !ok {
			model, ok = strings.CutSuffix(c, suffixAnswer)
		}
		if ok && model != "" {
			out = append(out, ModelColumn{Model: model, Column: c})
		}
	}
	return out
}

// rowsOf returns, for each record, the rows of t that its key names.
func (rec *records) rowsOf(key string, t *Table) ([][]int, error) {
	ids := t.SampleID
	if key != colSampleID {
		ids = t.PromptSHA256
	}
	if ids == nil {
		return nil, fmt.Errorf("%q: rows are found by %q, and the data set has no digests of its prompts", rec.path, key)
	}
	at := map[string][]int{}
	for i, id := range ids {
		at[id] = append(at[id], i)
	}
	out := make([][]int, rec.rows)
	for i, id := range rec.cells[key] {
		if key != colSampleID && key != colSHA256 {
			id = SHA256Hex(id)
		}
		if out[i] = at[id]; out[i] == nil {
			return nil, hint.With(cellError(rec.path, i+1, key, shown(rec.cells[key][i]), "a sample of the data set"), "are the answers to other prompts?")
		}
	}
	return out, nil
}

// place puts the cells that are not null where they belong.
func place(to []*string, cells []string, rows [][]int) {
	for i, text := range cells {
		if text == nullText {
			continue
		}
		for _, row := range rows[i] {
			to[row] = &cells[i]
		}
	}
}
