package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
)

// SampleTexts holds the prompts of samples and what both models answered, with one entry per sample in
// each slice. A nil slice says that the data holds no such texts.
type SampleTexts struct {
	Prompts      []string
	Strong, Weak []string // the models' answers; "" where none is stored
}

// Pick returns the texts of the samples with the given indices. It returns nil for nil.
func (t *SampleTexts) Pick(index []int) *SampleTexts {
	if t == nil {
		return nil
	}
	pick := func(texts []string) []string {
		if texts == nil {
			return nil
		}
		return slicesx.Pick(texts, index)
	}
	return &SampleTexts{pick(t.Prompts), pick(t.Strong), pick(t.Weak)}
}

// ReadTexts reads the prompts and the stored answers of the samples of every benchmark, from the files
// that they were evaluated on: as r says or, if r is nil, as the results say that these were read. It
// leaves out built-in data, standard input, and benchmarks of more than most samples. notes say which
// files are gone or have changed since, so that there are no texts.
func (s *ScoreSet) ReadTexts(ctx context.Context, most int, r *Reading) (notes []string, err error) {
	for _, b := range s.Benchmarks {
		if b.Input.Path == "" || b.Input.Path == stdinName || len(b.IDs) > most {
			continue
		}
		b.Texts, err = b.readTexts(ctx, filepath.Dir(s.Name), r)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			notes = append(notes, fmt.Sprintf("%s: prompts are not shown: %v", b.Heading(), err))
		}
	}
	return notes, nil
}

// errChanged says that a data set is not what results were made from.
var errChanged = errors.New("the file is not the one that was evaluated")

// readTexts reads the texts of one benchmark. A file that is named relative to another folder than this
// process's is looked for in the folder of the results too.
func (s *ScoredBenchmark) readTexts(ctx context.Context, folder string, r *Reading) (*SampleTexts, error) {
	path, reading := s.Input.Path, readAs(s.Input)
	if r != nil {
		reading = *r
	} else if _, err := os.Stat(path); err != nil && !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	f, input, err := OpenData(ctx, path, reading, Feedback{})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if input.SHA256 != s.Input.SHA256 {
		return nil, fmt.Errorf("%q: %w", path, errChanged)
	}
	t, err := f.Read(datasets.Select{Prompts: true, Digests: true, Answers: []string{s.Pair.Strong, s.Pair.Weak}, Unchecked: true})
	if err != nil {
		return nil, err
	}
	rows, err := rowsOf(s.IDs, t.SampleID)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	return textsOf(t, s.Pair, storedAnswers(path, t)).Pick(rows), nil
}

// readAs returns the options with which a data set is read as it was before.
func readAs(in results.Input) Reading {
	m := datasets.Mapping{ID: in.Columns["id"], Prompt: in.Columns["prompt"], Task: in.Columns["task"], Cluster: in.Columns["cluster"], Weight: in.Columns["weight"]}
	if model := in.Columns["model"]; model != "" {
		m.Model, m.Quality = model, in.Columns["quality"]
	}
	for meaning, column := range in.Columns {
		if model, ok := strings.CutPrefix(meaning, "quality:"); ok && in.Labels == "" {
			m.Models = append(m.Models, datasets.ModelColumn{Model: model, Column: column})
		}
	}
	slices.SortFunc(m.Models, func(a, b datasets.ModelColumn) int { return strings.Compare(a.Model, b.Model) })
	return Reading{Columns: m, Labels: in.Labels}
}

// storedAnswers returns the answers in a table of another format than this program's own, which
// conversion leaves out. It returns none if they cannot be read.
func storedAnswers(path string, t *datasets.Table) datasets.Answers {
	a, err := datasets.ReadAnswers([]string{path}, t)
	if err != nil {
		return datasets.Answers{}
	}
	return a
}

// textsOf returns the texts of a table's rows, nil if it has none.
func textsOf(t *datasets.Table, pair results.Pair, stored datasets.Answers) *SampleTexts {
	out := &SampleTexts{}
	if t.HasPrompt {
		out.Prompts = t.Prompt
	}
	answers := func(model string) []string {
		column, ok := t.AnswerOf(answerColumn + model)
		for _, c := range stored.Models {
			if !ok && c.Model == model {
				column, ok = c.Texts, true
			}
		}
		if !ok {
			return nil
		}
		texts := make([]string, len(column))
		for i := range column {
			texts[i], _ = textAt(column, i)
		}
		return texts
	}
	out.Strong, out.Weak = answers(pair.Strong), answers(pair.Weak)
	if out.Prompts == nil && out.Strong == nil && out.Weak == nil {
		return nil
	}
	return out
}

// rowsOf returns the row of each id in a list of ids.
func rowsOf(ids, all []string) ([]int, error) {
	at := make(map[string]int, len(all))
	for i, id := range all {
		at[id] = i
	}
	rows := make([]int, len(ids))
	for k, id := range ids {
		i, ok := at[id]
		if !ok {
			return nil, fmt.Errorf("no sample %q", id)
		}
		rows[k] = i
	}
	return rows, nil
}
