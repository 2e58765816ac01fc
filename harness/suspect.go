package harness

import (
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// suspect collects the warnings about a benchmark's outcomes. If strict is set, it returns them as
// an error. f is the file that the benchmark was read from.
func (b *Benchmark) suspect(f *datasets.File, strict bool) error {
	b.warnings = append(b.warnings, audit.Suspicions(b.table, b.pair.Strong, b.pair.Weak)...)
	if len(b.missing) >= minLengths {
		chars, err := charsOf(f, b.table)
		if err != nil {
			return err
		}
		b.unmeasured.Length = lengthOf(chars, b.missing, b.used)
	}
	if strict {
		return refuse(f.Name(), slices.Concat(b.warnings, unmeasuredWarnings(b.unmeasured)))
	}
	return nil
}

// charsOf returns the length of every prompt in characters, or nil if it is unknown.
func charsOf(f *datasets.File, t *datasets.Table) ([]float64, error) {
	if chars, ok := t.FeatureOf("chars"); ok {
		return chars, nil
	}
	t, err := f.Read(datasets.Select{Features: true, Unchecked: true})
	if err != nil {
		return nil, err
	}
	chars, _ := t.FeatureOf("chars")
	return chars, nil
}

// refuse returns an error that lists the warnings about a file's outcomes, or nil if there are none.
func refuse(name string, warnings []string) error {
	if len(warnings) == 0 {
		return nil
	}
	err := errors.New(warnings[0])
	for _, w := range warnings[1:] {
		err = fmt.Errorf("%w\n  %s", err, w)
	}
	return hint.With(fmt.Errorf("%s: %w", name, err), "correct the data, or leave out --strict to go on with a warning")
}

// suspicionsOf returns the warnings about the outcomes of samples, of which only results are known.
func suspicionsOf(o eval.Outcomes, pair results.Pair, tasks []string) []string {
	t := &datasets.Table{Meta: datasets.NewMeta(), Task: tasks, SampleID: tasks, Quality: []datasets.Column{
		{Name: pair.Strong, Values: o.Strong}, {Name: pair.Weak, Values: o.Weak},
	}}
	return audit.Suspicions(t)
}
