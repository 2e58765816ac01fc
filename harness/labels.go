package harness

import (
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// withRegraded adds, after each benchmark that has corrected labels, the same benchmark with
// these labels. Built-in corrected labels are in a file of their own; those of a user's
// file are in its columns "regraded:MODEL". No benchmark with such labels is an error.
func withRegraded(benches []*Benchmark, d demand) ([]*Benchmark, error) {
	var out []*Benchmark
	for _, b := range benches {
		out = append(out, b)
		columns, input, err := regradedOf(b.input, b.table)
		if err != nil {
			return nil, err
		}
		if columns == nil {
			continue
		}
		corrected, err := relabelled(b, columns, input, d)
		if err != nil {
			return nil, err
		}
		out = append(out, corrected)
	}
	if len(out) == len(benches) {
		return nil, hint.With(errors.New("no benchmark has corrected labels"),
			"built-in: gsm8k; a file has them in columns \""+audit.RegradedColumn("MODEL")+"\"")
	}
	return out, nil
}

// relabelled returns the benchmark with corrected qualities.
func relabelled(b *Benchmark, columns []datasets.Column, input results.Input, d demand) (*Benchmark, error) {
	for _, model := range []string{b.pair.Strong, b.pair.Weak} {
		if !slices.ContainsFunc(columns, func(c datasets.Column) bool { return c.Name == model }) {
			return nil, fmt.Errorf("%s has no corrected labels of %q", b.name, model)
		}
	}
	out, table := *b, *b.table
	table.Quality = columns
	table.Meta.Title = b.Title() + ", " + Regraded
	out.name, out.input, out.table = b.name+"-"+Regraded, input, &table
	out.used, out.left, out.leaked = nil, results.Excluded{}, 0
	if err := out.choose(d); err != nil {
		return nil, fmt.Errorf("%s: %w", out.name, err)
	}
	return &out, out.addCosts(d.pricing)
}
