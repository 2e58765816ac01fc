package harness

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// joins reports whether a name stands for the files of Reading.Outcomes.
func (o *opener) joins(name string) bool {
	return name == JoinedOutcomes && len(o.reading.Outcomes) > 0
}

// join makes one data set of files with the outcomes of one model each. Samples belong together
// if they have the same id and task or, in files without ids, the same prompt.
func (o *opener) join(ctx context.Context, name string) (*made, error) {
	c := datasets.NewCollector(datasets.CollectOptions{
		KeepPrompt: true, Repeat: o.reading.Columns.Repeat, SkipBad: o.reading.Columns.SkipBad,
	})
	in, hash, meta := results.Input{Path: name, Columns: map[string]string{}}, sha256.New(), datasets.NewMeta()
	for _, file := range o.reading.Outcomes {
		part, bounds, err := o.addOutcomes(ctx, c, file)
		if err != nil {
			return nil, err
		}
		if math.IsNaN(meta.Min) {
			meta = bounds
		}
		in.Parts = append(in.Parts, file.Model+"="+file.Path)
		for meaning, column := range part.Columns {
			in.Columns[file.Model+": "+meaning] = column
		}
		io.WriteString(hash, part.SHA256+"\n") // a hash never fails
	}
	in.Labels = o.reading.labels()
	in.SHA256, in.Format = hex.EncodeToString(hash.Sum(nil)), "one file per model"
	table, coverage, err := c.Table()
	if err != nil {
		return nil, err
	}
	table.Meta = meta
	table.Meta.Name, table.Meta.Title, table.Meta.Strong, table.Meta.Weak = name, name, "", ""
	in.Coverage = coverageOf(coverage)
	o.feedback.note("joined %d files: %s", len(in.Parts), countsOf(coverage))
	return madeOf(table, in)
}

// madeOf writes a table as a file in the sample schema.
func madeOf(t *datasets.Table, in results.Input) (*made, error) {
	m := &made{input: in}
	w := datasets.NewWriter(&m.spool)
	err := w.Write(t)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, errors.Join(err, m.spool.Close())
	}
	return m, nil
}

// addOutcomes adds the answers of one model.
func (o *opener) addOutcomes(ctx context.Context, c *datasets.Collector, file ModelFile) (results.Input, datasets.Meta, error) {
	one := *o
	one.reading.Outcomes, one.reading.Files = nil, nil
	one.only = file.Model
	f, in, err := one.open(ctx, file.Path)
	if err != nil {
		return in, datasets.Meta{}, err
	}
	defer f.Close()
	model, err := modelIn(f, file)
	if err != nil {
		return in, f.Meta(), err
	}
	t, err := f.Read(datasets.Select{Models: []string{model}, Digests: true, Prompts: true, Extras: true})
	if err != nil {
		return in, f.Meta(), err
	}
	_, hasID := in.Columns["id"]
	answer := answersOf(t, model, file)
	for i := range t.Rows() {
		g := answer(i)
		if in.Columns != nil && !hasID {
			g.ID = "" // made from row numbers, which mean nothing in another file
		}
		if err := c.Add(g); err != nil {
			return in, f.Meta(), err
		}
	}
	return in, f.Meta(), nil
}

// modelIn returns the model of a file: the one of the wanted name, or else its only one.
func modelIn(f *datasets.File, file ModelFile) (string, error) {
	models := f.Models()
	switch {
	case slices.Contains(models, file.Model):
		return file.Model, nil
	case len(models) == 1:
		return models[0], nil
	case len(models) == 0:
		return "", hint.With(fmt.Errorf("%q: no column of qualities was found, expected those of %q", file.Path, file.Model), "name the column: --quality COLUMN")
	}
	return "", hint.With(fmt.Errorf("%q: has several models and none called %q", file.Path, file.Model),
		append(modelsHint(models), "name the file's column of qualities, or a model of the file: --outcomes MODEL="+file.Path)...)
}

// answersOf returns a function that returns the answer of a model in a row of its table.
func answersOf(t *datasets.Table, model string, file ModelFile) func(i int) datasets.Graded {
	quality, _ := t.QualityOf(model)
	extra := func(kind string) func(i int) float64 {
		values, ok := t.ExtraOf(kind + model)
		return func(i int) float64 {
			if !ok {
				return math.NaN()
			}
			return values[i]
		}
	}
	cost, in, out, latency, pass := extra("cost_usd:"), extra("input_tokens:"), extra("output_tokens:"), extra("latency_s:"), extra("pass:")
	return func(i int) datasets.Graded {
		g := datasets.NewGraded()
		g.File, g.Row, g.ID, g.Task, g.Model, g.Quality = file.Path, i+1, t.SampleID[i], t.Task[i], file.Model, quality[i]
		if t.Weight != nil {
			g.Weight = t.Weight[i]
		}
		g.CostUSD, g.InputTokens, g.OutputTokens, g.LatencyS, g.Pass = cost(i), in(i), out(i), latency(i), pass(i)
		if t.Cluster[i] != t.SampleID[i] {
			g.Cluster = t.Cluster[i]
		}
		if t.HasPrompt {
			g.Prompt = t.Prompt[i]
		} else if t.PromptSHA256 != nil {
			g.Check = t.PromptSHA256[i]
		}
		return g
	}
}
