package harness

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/results"
)

// Regraded is the word for corrected labels: the value of --labels, and the ending of a
// benchmark's name in the results.
const Regraded = "regraded"

// regradedOf returns a data set's corrected qualities, one value per row, and where they
// come from. It returns nil if there are none.
func regradedOf(input results.Input, t *datasets.Table) ([]datasets.Column, results.Input, error) {
	if input.Builtin == "" {
		return ownRegraded(t), input, nil
	}
	data, ok := benchmarks.Regraded(input.Builtin)
	if !ok {
		return nil, input, nil
	}
	name := input.Builtin + "-" + Regraded
	f, err := datasets.OpenBytes(name, data)
	if err != nil {
		return nil, input, fault.Wrap(err)
	}
	corrected, err := f.Read(datasets.Select{AllModels: true})
	if err != nil {
		return nil, input, fault.Wrap(err)
	}
	if !slices.Equal(corrected.SampleID, t.SampleID) {
		return nil, input, fault.Wrap(fmt.Errorf("%s: other samples than in %s", name, input.Builtin))
	}
	return corrected.Quality, results.Input{Builtin: name, SHA256: datasets.DigestBytes(data)}, nil
}

// ownRegraded returns the file's columns "regraded:MODEL".
func ownRegraded(t *datasets.Table) []datasets.Column {
	var out []datasets.Column
	for _, c := range t.Quality {
		if values, ok := t.ExtraOf(audit.RegradedColumn(c.Name)); ok {
			out = append(out, datasets.Column{Name: c.Name, Values: values})
		}
	}
	return out
}
