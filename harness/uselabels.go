package harness

import (
	"fmt"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// labels returns the name of the labels that are read as qualities; "" for the data's own.
func (r Reading) labels() string {
	if r.Labels == datasets.Quality {
		return ""
	}
	return r.Labels
}

// unlabelled returns an opener that leaves the data's own qualities, for data whose qualities are not
// read.
func (o *opener) unlabelled() *opener {
	out := *o
	out.reading.Labels = ""
	return &out
}

// relabel makes the wanted labels the qualities of an opened data set. Battles have none. It closes
// the file if it returns an error.
func (o *opener) relabel(f *datasets.File, in results.Input) (*datasets.File, results.Input, error) {
	labels := o.reading.labels()
	if labels == "" || in.Labels == labels || f.HasColumn("winner") {
		return f, in, nil
	}
	in.Labels = labels
	if _, ok := benchmarks.Regraded(in.Builtin); ok && labels == Regraded {
		defer f.Close()
		m, err := regradedFile(f, in)
		if err != nil {
			return nil, in, err
		}
		out, err := datasets.OpenReaderAt(f.Name(), m.spool.reader(), m.spool.size, &m.spool)
		return out, in, err
	}
	if err := f.UseLabels(labels); err != nil {
		_ = f.Close() // err is what matters
		if in.Builtin != "" && labels == Regraded {
			err = hint.With(fmt.Errorf("%s has no corrected labels", in.Builtin), "built-in: gsm8k")
		}
		return nil, in, err
	}
	return f, in, nil
}

// regradedFile makes a data set of a built-in one with the corrected labels as its qualities.
func regradedFile(f *datasets.File, in results.Input) (*made, error) {
	t, err := f.Read(datasets.Select{AllModels: true, Digests: true, Features: true, Cues: true, Prompts: true, Embedding: true, Weights: true, Extras: true})
	if err != nil {
		return nil, fault.Wrap(err)
	}
	if t.Quality, _, err = regradedOf(results.Input{Builtin: in.Builtin}, t); err != nil {
		return nil, err
	}
	return madeOf(t, in)
}
