package datasets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Answers holds the stored answers to the prompts of a [Table], one entry per row of the
// table. A nil entry is an answer that is not stored.
type Answers struct {
	Reference []*string // correct answers; nil if no file has any
	Models    []AnswerColumn
}

// AnswerColumn holds the answers of one model.
type AnswerColumn struct {
	Model string
	Texts []*string // one entry per row of the table
}

// Columns of a file of answers, the preferred names first.
var (
	answerKeys       = []string{colSampleID, colSHA256, colPrompt, "question"}
	referenceColumns = []string{"reference", "answer"}
)

// A model's answers are in a column "answer:MODEL" or "MODEL_response".
const (
	prefixAnswer = "answer:"
	suffixAnswer = "_response"
)

// ReadAnswers reads answers to the prompts of t from .csv, .jsonl (both also .gz) or
// .parquet files, which complete each other. Rows are matched by the first of these columns
// that the file has: sample_id, prompt_sha256, prompt, question. A model's answers are in the
// column "answer:MODEL" or "MODEL_response", the correct ones in "reference" or "answer".
//
// A row that matches no sample of t is an error. Unless every file has sample_id, t needs
// PromptSHA256.
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
		return hint.List(err, path, nil, "name one file per --answers")
	}
	key := firstOf(answerKeys, head.columns)
	if key == "" {
		return head.require(answerKeys[0])
	}
	reference, models := firstOf(referenceColumns, head.columns), answerColumns(head.columns)
	if reference == "" && len(models) == 0 {
		return hint.With(fmt.Errorf(`%q: no answers, expected a column "answer:MODEL" or "reference"`, path),
			"columns in the file: "+text.Quoted(head.columns, 20))
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
		storeCells(a.Reference, rec.cells[reference], rows)
	}
	for _, m := range models {
		storeCells(a.textsOf(m.Model, t.Rows()), rec.cells[m.Column], rows)
	}
	return nil
}

// textsOf returns a model's answers. It adds an empty column if the model has none yet.
func (a *Answers) textsOf(model string, rows int) []*string {
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

// rowsOf returns, for each record, the rows of t with the same key.
func (rec *records) rowsOf(key string, t *Table) ([][]int, error) {
	ids := t.SampleID
	if key != colSampleID {
		ids = t.PromptSHA256
	}
	if ids == nil {
		return nil, hint.With(fmt.Errorf("%q: the answers are matched by %q, but the data set has no prompt digests", rec.path, key),
			fmt.Sprintf("add a column %q to the file", colSampleID))
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
			return nil, hint.With(cellError(rec.path, i+1, key, quote(rec.cells[key][i]), "a sample of the data set"),
				"check that the answers belong to this data set")
		}
	}
	return out, nil
}

// storeCells stores each non-null cell in the rows that it belongs to.
func storeCells(to []*string, cells []string, rows [][]int) {
	for i, text := range cells {
		if text == parquetfile.NullText {
			continue
		}
		for _, row := range rows[i] {
			to[row] = &cells[i]
		}
	}
}
