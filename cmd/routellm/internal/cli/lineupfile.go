package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
)

// readLineup reads a results file and the samples beside it: one router, or with "" all
// that have scores.
func readLineup(path, router string) (*lineup, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	d, err := result.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	if d.Conventions.Curve != "exact" || len(d.Benchmarks) == 0 || len(d.Inputs) < len(d.Benchmarks) {
		return nil, hint.With(fmt.Errorf("%q: no exact results", path), "write them with routellm eval -o DIR, without --compat")
	}
	samples, err := samplesOf(path, d)
	if err != nil {
		return nil, err
	}
	l := &lineup{name: path, doc: d, inputs: []result.Input{{Path: path, SHA256: datasets.DigestBytes(data)}}}
	if l.routers, err = routersOf(path, d, router); err != nil {
		return nil, err
	}
	return l, l.read(samples, d)
}

// samplesOf finds the samples that belong to a results file.
func samplesOf(path string, d *result.Document) (string, error) {
	if d.Samples == nil {
		return "", hint.With(fmt.Errorf("%q: names no file of samples", path), "write it with routellm eval -o DIR")
	}
	samples := filepath.Join(filepath.Dir(path), filepath.Base(d.Samples.Path))
	digest, err := datasets.Digest(samples)
	if err != nil {
		return "", err
	}
	if digest != d.Samples.SHA256 {
		return "", hint.With(fmt.Errorf("%q: is not the file that %q was written with", samples, path), "keep the files of one eval -o DIR together")
	}
	return samples, nil
}

// routersOf lists the routers with a score a sample, the random one only by name.
func routersOf(path string, d *result.Document, want string) ([]string, error) {
	var all []string
	for _, r := range d.Benchmarks[0].Routers {
		if r.Point == nil && r.Scores != closedForm {
			all = append(all, r.Name)
		}
	}
	known := func(r result.Router) bool { return r.Name == want && r.Point == nil }
	switch {
	case want == "" && len(all) == 0:
		return nil, fmt.Errorf("%q: no router with scores", path)
	case want == "":
		return all, nil
	case slices.ContainsFunc(d.Benchmarks[0].Routers, known):
		return []string{want}, nil
	}
	return nil, hint.With(fmt.Errorf("%q: no router %q with a curve", path, want), "routers: "+strings.Join(all, ", "))
}

// closedForm marks a router without scores of its own: the random one.
const closedForm = "closed form"

// read fills the benchmarks from the samples file.
func (l *lineup) read(path string, d *result.Document) error {
	numbers := []string{"quality_strong", "quality_weak"}
	column := make([]int, len(l.routers)) // of each router's scores; 0 for none
	for k, name := range l.routers {
		isRandom := func(r result.Router) bool { return r.Name == name && r.Scores == closedForm }
		if !slices.ContainsFunc(d.Benchmarks[0].Routers, isRandom) {
			column[k] = len(numbers)
			numbers = append(numbers, "score:"+name)
		}
	}
	texts, values, err := datasets.ReadColumns(path, []string{"benchmark", "sample_id", "task", "cluster"}, numbers)
	if err != nil {
		return err
	}
	for i, b := range d.Benchmarks {
		var rows []int
		for row, name := range texts[0] {
			if name == b.Name {
				rows = append(rows, row)
			}
		}
		if len(rows) != b.Samples {
			return fmt.Errorf("%q: %d samples of benchmark %q, expected %d", path, len(rows), b.Name, b.Samples)
		}
		s := &contest{
			name: b.Name, title: b.Title, unit: b.Unit, pair: b.Pair, input: d.Inputs[i],
			ids: slicesx.Pick(texts[1], rows), tasks: slicesx.Pick(texts[2], rows), clusters: slicesx.Pick(texts[3], rows),
			outcomes: eval.Outcomes{Strong: slicesx.Pick(values[0], rows), Weak: slicesx.Pick(values[1], rows)},
		}
		for k := range l.routers {
			scores := make([]float64, len(rows)) // all equal: random
			if column[k] > 0 {
				scores = slicesx.Pick(values[column[k]], rows)
			}
			s.scores = append(s.scores, scores)
		}
		l.benches = append(l.benches, s)
	}
	return nil
}
