package datasets

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Select chooses the columns that [File.Read] and [File.Stream] decode besides sample_id, task,
// cluster and contaminated, which they always decode.
type Select struct {
	Models    []string // models whose qualities to read, in this order
	AllModels bool     // read every quality column in the file's order and ignore Models
	Digests   bool     // read prompt_sha256 and prompt_norm_sha256
	Norms     bool     // read prompt_norm_sha256, also without Digests
	Features  bool
	Prompts   bool
	Embedding bool     // read embeddings into Table.Embedding or Table.Vectors, depending on the column's type
	Cues      bool     // read cues, if they are those of this program: see [File.HasCues]
	Battles   bool     // read model_a, model_b, winner, share_a, weight and source
	Weights   bool     // read weight, also without Battles
	Extras    bool     // read other numeric columns named "<kind>:<name>", such as "cost_usd:gpt-4"
	ExtrasOf  []string // models whose columns of that kind to read, also without Extras
	Answers   []string // models whose columns answer, error and finish to read into Table.Answers
	Unchecked bool     // accept qualities out of bounds and repeated ids, which an audit reports

	// Progress, if non-nil, is called by Read after each column, with the number of columns that
	// are decoded and of all. Its error ends the reading.
	Progress func(done, total int) error
}

// Read decodes the selected columns of all rows and checks every value. Selected columns that
// the file lacks stay nil, but a missing model is an error. An error about a value names the
// file, row (from 1) and column, the value found and the value expected.
func (f *File) Read(sel Select) (*Table, error) {
	r, err := f.newReader(sel)
	if err != nil {
		return nil, err
	}
	r.progress = sel.Progress
	t, err := r.next(f.Rows())
	if err != nil || sel.Unchecked {
		return t, err
	}
	return t, unique(f.Name(), colSampleID, t.SampleID)
}

// reader decodes the selected columns in batches of rows.
type reader struct {
	file    *File
	bounds  Meta                                   // holds the bounds of qualities
	texts   map[string]*parquetfile.Cursor[string] // text columns and int8 embeddings, by column name
	vectors *parquetfile.Cursor[[]float32]         // float embeddings; nil if the file has none
	cues    *parquetfile.Cursor[[]float32]         // nil if the file has none, or others than this program's
	answers []*parquetfile.Cursor[string]          // answers of models, and what belongs to them
	flags   *parquetfile.Cursor[float64]           // the column contaminated; nil if the file has none
	groups  [5][]*parquetfile.Cursor[float64]      // features, qualities, extras, weight, share
	row     int                                    // number of rows read so far
	dim     int                                    // length of the first vector; 0 before it is read

	progress func(done, total int) error // nil for none
	done     int                         // number of decoded columns
}

func (f *File) newReader(sel Select) (*reader, error) {
	r := &reader{file: f, bounds: f.meta, texts: map[string]*parquetfile.Cursor[string]{}}
	if sel.Unchecked {
		r.bounds = NewMeta()
	}
	for _, name := range f.Columns() {
		switch role := f.roleOf(name); {
		case role == roleText && sel.wantsText(name):
			r.texts[name] = f.src.Texts(name)
		case role == roleVector && sel.Embedding && f.src.IsFixed(name):
			r.texts[name] = f.src.Fixed(name)
		case role == roleVector && sel.Embedding:
			var err error
			if r.vectors, err = f.src.Lists(name); err != nil {
				return nil, err
			}
		case role == roleCues && sel.Cues && f.HasCues():
			var err error
			if r.cues, err = f.src.Lists(name); err != nil {
				return nil, err
			}
		case role == roleFlag:
			r.flags = f.src.Floats(name)
		case role == roleFeature && sel.Features:
			r.groups[0] = append(r.groups[0], f.src.Floats(name))
		case role == roleExtra && sel.wantsAnswer(name) && f.src.IsText(name):
			r.answers = append(r.answers, f.src.Texts(name))
		case role == roleExtra && sel.wantsExtra(name) && f.src.IsNumber(name):
			r.groups[2] = append(r.groups[2], f.src.Floats(name))
		case role == roleWeight && (sel.Battles || sel.Weights):
			r.groups[3] = append(r.groups[3], f.src.Floats(name))
		case role == roleShare && sel.Battles:
			r.groups[4] = append(r.groups[4], f.src.Floats(name))
		}
	}
	models := sel.Models
	if sel.AllModels {
		models = f.Models()
	}
	for _, model := range models {
		if !f.HasColumn(f.prefix() + model) {
			return nil, hint.With(fmt.Errorf("%q: column %q: missing, expected the quality of model %q", f.Name(), f.prefix()+model, model),
				"models in the file: "+text.Quoted(f.Models(), 12))
		}
		r.groups[1] = append(r.groups[1], f.src.Floats(f.prefix()+model))
	}
	return r, nil
}

// wantsExtra reports whether to read a column named "<kind>:<model>".
func (s Select) wantsExtra(name string) bool {
	_, model, _ := strings.Cut(name, ":")
	return s.Extras || slices.Contains(s.ExtrasOf, model)
}

// wantsAnswer reports whether to read a column named "<kind>:<model>" as a part of an answer.
func (s Select) wantsAnswer(name string) bool {
	kind, model, _ := strings.Cut(name, ":")
	return slices.Contains(answerKinds, kind) && slices.Contains(s.Answers, model)
}

func (s Select) wantsText(name string) bool {
	switch name {
	case colPrompt:
		return s.Prompts
	case colSHA256:
		return s.Digests
	case colNormSHA256:
		return s.Digests || s.Norms
	case colModelA, colModelB, colWinner, colSource:
		return s.Battles
	}
	return true
}

// columns returns the number of selected columns that the file has.
func (r *reader) columns() int {
	n := len(r.texts) + len(r.answers)
	if r.vectors != nil {
		n++
	}
	if r.cues != nil {
		n++
	}
	if r.flags != nil {
		n++
	}
	for _, group := range r.groups {
		n += len(group)
	}
	return n
}

// take decodes the next n rows of a column.
func take[T any](r *reader, c *parquetfile.Cursor[T], n int) ([]T, error) {
	values, err := c.Take(n)
	if err != nil || r.progress == nil {
		return values, err
	}
	r.done++
	return values, r.progress(r.done, r.columns())
}

// next decodes the next n rows, where n is at most the number of rows left. It does not check
// that ids are unique.
func (r *reader) next(n int) (*Table, error) {
	t := &Table{Meta: r.file.meta}
	_, t.HasPrompt = r.texts[colPrompt]
	for _, to := range []struct {
		name string
		dst  *[]string
	}{
		{colSampleID, &t.SampleID}, {colTask, &t.Task}, {colCluster, &t.Cluster}, {colPrompt, &t.Prompt},
		{colSHA256, &t.PromptSHA256}, {colNormSHA256, &t.PromptNormSHA256}, {colEmbedding, &t.Embedding},
		{colModelA, &t.ModelA}, {colModelB, &t.ModelB}, {colWinner, &t.Winner}, {colSource, &t.Source},
	} {
		if err := r.text(to.name, n, to.dst); err != nil {
			return nil, err
		}
	}
	if err := r.vector(n, t); err != nil {
		return nil, err
	}
	if err := r.readCues(n, t); err != nil {
		return nil, err
	}
	if err := r.flag(n, t); err != nil {
		return nil, err
	}
	if err := r.answer(n, t); err != nil {
		return nil, err
	}
	var weight, share []Column
	for i, dst := range []*[]Column{&t.Features, &t.Quality, &t.Extras, &weight, &share} {
		if err := r.numbers(r.groups[i], n, dst); err != nil {
			return nil, err
		}
	}
	if len(weight) == 1 {
		t.Weight = weight[0].Values
	}
	if len(share) == 1 {
		t.Share = share[0].Values
	}
	r.row += n
	t.fillGaps(n)
	return t, nil
}

// text decodes and checks one text column, if it is selected.
func (r *reader) text(name string, n int, dst *[]string) error {
	c := r.texts[name]
	if c == nil {
		return nil
	}
	values, err := take(r, c, n)
	if err != nil {
		return err
	}
	for i, v := range values {
		if expected := expectedText(name, v); expected != "" {
			return r.file.cellError(r.row+i+1, name, quote(v), expected)
		}
		if v == parquetfile.NullText {
			values[i] = ""
		}
	}
	*dst = values
	return nil
}

func (r *reader) vector(n int, t *Table) error {
	if r.vectors == nil {
		return nil
	}
	values, err := take(r, r.vectors, n)
	if err != nil {
		return err
	}
	for i, v := range values {
		if found := invalidVector(v, r.dim); found != "" {
			return r.file.cellError(r.row+i+1, colEmbedding, found, expectedVector(r.dim))
		}
		r.dim = len(v)
	}
	t.Vectors, t.Meta.EmbeddingScale = values, math.NaN()
	return nil
}

func (r *reader) readCues(n int, t *Table) error {
	if r.cues == nil {
		return nil
	}
	values, err := take(r, r.cues, n)
	if err != nil {
		return err
	}
	for i, v := range values {
		if found := invalidVector(v, features.Count); found != "" {
			return r.file.cellError(r.row+i+1, colCues, found, fmt.Sprintf("a list of %d finite float32 numbers", features.Count))
		}
	}
	t.Cues = values
	return nil
}

func (r *reader) flag(n int, t *Table) error {
	if r.flags == nil {
		return nil
	}
	values, err := take(r, r.flags, n)
	if err != nil {
		return err
	}
	t.Contaminated = make([]bool, n)
	for i, v := range values {
		if v != 0 && v != 1 {
			return r.file.cellError(r.row+i+1, colContaminated, formatNumber(v), "true or false")
		}
		t.Contaminated[i] = v == 1
	}
	return nil
}

// answer decodes the columns of models' answers.
func (r *reader) answer(n int, t *Table) error {
	for _, c := range r.answers {
		values, err := take(r, c, n)
		if err != nil {
			return err
		}
		out := make([]*string, n)
		for i, v := range values {
			if v != parquetfile.NullText {
				out[i] = &v
			}
		}
		t.Answers = append(t.Answers, TextColumn{Name: c.Name(), Values: out})
	}
	return nil
}

func (r *reader) numbers(cursors []*parquetfile.Cursor[float64], n int, dst *[]Column) error {
	for _, c := range cursors {
		values, err := take(r, c, n)
		if err != nil {
			return err
		}
		role := r.file.roleOf(c.Name())
		for i, v := range values {
			if expected := expectedNumber(role, v, r.bounds); expected != "" {
				return r.file.cellError(r.row+i+1, c.Name(), formatNumber(v), expected)
			}
		}
		name := c.Name()
		if role != roleExtra {
			_, name, _ = strings.Cut(name, ":")
		}
		*dst = append(*dst, Column{Name: name, Values: values})
	}
	return nil
}
