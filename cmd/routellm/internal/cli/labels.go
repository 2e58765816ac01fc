package cli

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
)

// regradedLabels is the value of --labels, and what follows a benchmark's name in the
// results.
const regradedLabels = "regraded"

// withRegraded follows each benchmark that has corrected labels by itself with these.
func withRegraded(benches []*bench, d demand) ([]*bench, error) {
	var out []*bench
	for _, b := range benches {
		out = append(out, b)
		columns, input, err := regradedOf(b.input, b.table)
		if err != nil {
			return nil, err
		}
		if columns == nil {
			continue
		}
		corrected, err := b.relabelled(columns, input, d)
		if err != nil {
			return nil, err
		}
		out = append(out, corrected)
	}
	if len(out) == len(benches) {
		return nil, hint.With(fmt.Errorf("--labels %s: no benchmark has such labels", regradedLabels),
			"built-in: gsm8k; a file has them in columns \""+audit.RegradedColumn("MODEL")+"\"")
	}
	return out, nil
}

// relabelled is the benchmark with other qualities.
func (b *bench) relabelled(columns []datasets.Column, input result.Input, d demand) (*bench, error) {
	for _, model := range []string{b.pair.Strong, b.pair.Weak} {
		if !slices.ContainsFunc(columns, func(c datasets.Column) bool { return c.Name == model }) {
			return nil, fmt.Errorf("--labels %s: %s has no such labels of %q", regradedLabels, b.name, model)
		}
	}
	out, table := *b, *b.table
	table.Quality = columns
	table.Meta.Title = titleOf(result.Benchmark{Name: b.name, Title: table.Meta.Title}) + ", " + regradedLabels
	out.name, out.input, out.table = b.name+"-"+regradedLabels, input, &table
	out.used, out.left, out.leaked = nil, result.Excluded{}, 0
	if err := out.choose(d); err != nil {
		return nil, fmt.Errorf("%s: %w", out.name, err)
	}
	return &out, nil
}

// regradedOf returns a data set's corrected qualities, a value a row: built-in ones, or
// those of columns in the file. nil if there are none.
func regradedOf(input result.Input, t *datasets.Table) ([]datasets.Column, result.Input, error) {
	if input.Builtin == "" {
		return ownRegraded(t), input, nil
	}
	data, ok := benchmarks.Regraded(input.Builtin)
	if !ok {
		return nil, input, nil
	}
	name := input.Builtin + "-" + regradedLabels
	f, err := datasets.OpenBytes(name, data)
	if err != nil {
		return nil, input, failure{err}
	}
	corrected, err := f.Read(datasets.Select{AllModels: true})
	if err != nil {
		return nil, input, failure{err}
	}
	if !slices.Equal(corrected.SampleID, t.SampleID) {
		return nil, input, failure{fmt.Errorf("%s: other samples than in %s", name, input.Builtin)}
	}
	return corrected.Quality, result.Input{Builtin: name, SHA256: datasets.DigestBytes(data)}, nil
}

// ownRegraded are the file's columns "regraded:MODEL".
func ownRegraded(t *datasets.Table) []datasets.Column {
	var out []datasets.Column
	for _, c := range t.Quality {
		if values, ok := t.ExtraOf(audit.RegradedColumn(c.Name)); ok {
			out = append(out, datasets.Column{Name: c.Name, Values: values})
		}
	}
	return out
}
