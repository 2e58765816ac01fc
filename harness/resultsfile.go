package harness

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// ReadDocument reads a results file of two or more models, without the samples file beside it. path may
// be the folder that it is in, as for the other functions that read results: see [FindResults].
func ReadDocument(path string) (*results.Document, results.Input, error) {
	path, err := FindResults(path)
	if err != nil {
		return nil, results.Input{}, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, results.Input{}, hint.List(named(path, err), path, nil, "separate files by spaces, not commas")
	}
	d, err := results.Read(data)
	if err != nil {
		return nil, results.Input{}, HintResults(path, fmt.Errorf("%q: %w", path, err))
	}
	return d, results.Input{Path: path, SHA256: datasets.DigestBytes(data)}, nil
}

// ReadScoreSet reads a results file and the samples file beside it, with the scores of one
// router; "" stands for all routers that have scores.
func ReadScoreSet(path, router string) (*ScoreSet, error) {
	d, input, err := ReadDocument(path)
	if err != nil {
		return nil, err
	}
	path = input.Path
	if len(d.Benchmarks) == 0 && len(d.Pools) > 0 {
		return nil, hint.With(fmt.Errorf("%q: found results of routers among several models, expected those of two", path), "compare takes them with --models all")
	}
	if d.Conventions.Curve != results.ExactCurve || len(d.Benchmarks) == 0 || len(d.Inputs) < len(d.Benchmarks) {
		return nil, hint.With(fmt.Errorf("%q: expected exact results of at least one benchmark", path), "write them with routellm eval -o DIR, without --compat")
	}
	samples, err := samplesOf(path, d)
	if err != nil {
		return nil, err
	}
	s := &ScoreSet{Name: path, Document: d, Inputs: []results.Input{input}}
	if s.Routers, err = routersOf(path, d, router); err != nil {
		return nil, err
	}
	return s, s.read(samples)
}

// samplesOf returns the path of the samples file that belongs to a results file. A file
// with another digest is an error.
func samplesOf(path string, d *results.Document) (string, error) {
	if d.Summaries != nil {
		return "", hint.With(fmt.Errorf("%q: the results are of summaries, not of samples", path), "compare takes the summaries themselves: --summary FILE")
	}
	if d.Samples == nil {
		return "", hint.With(fmt.Errorf("%q: no file of samples is named", path), "write it with routellm eval -o DIR")
	}
	return besideOf(path, *d.Samples)
}

// routersOf lists the routers with one score per sample: the wanted one, or all for "". The
// random router is listed only if it is wanted by name.
func routersOf(path string, d *results.Document, want string) ([]string, error) {
	var all []string
	for _, r := range d.Benchmarks[0].Routers {
		if r.Point == nil && r.Scores != results.ClosedForm {
			all = append(all, r.Name)
		}
	}
	known := func(r results.Router) bool { return r.Name == want && r.Point == nil }
	switch {
	case want == "" && len(all) == 0:
		return nil, fmt.Errorf("%q: no router has scores", path)
	case want == "":
		return all, nil
	case slices.ContainsFunc(d.Benchmarks[0].Routers, known):
		return []string{want}, nil
	}
	err := hint.With(fmt.Errorf("%q: no router %q has a curve", path, want), "routers: "+strings.Join(all, ", "))
	return nil, hint.DidYouMean(err, want, all)
}

// read fills the benchmarks from the samples file.
func (s *ScoreSet) read(path string) error {
	numbers := []string{"quality_strong", "quality_weak"}
	column := make([]int, len(s.Routers)) // index of each router's scores; 0 for none
	for k, name := range s.Routers {
		isRandom := func(r results.Router) bool { return r.Name == name && r.Scores == results.ClosedForm }
		if !slices.ContainsFunc(s.Document.Benchmarks[0].Routers, isRandom) {
			column[k] = len(numbers)
			numbers = append(numbers, "score:"+name)
		}
	}
	costs := 0 // index of the costs; 0 for none
	if slices.ContainsFunc(s.Document.Benchmarks, func(b results.Benchmark) bool { return b.Costs != nil }) {
		costs = len(numbers)
		numbers = append(numbers, strongCost, weakCost)
	}
	gold := 0 // index of the gold labels; 0 for none
	if slices.ContainsFunc(s.Document.Benchmarks, func(b results.Benchmark) bool { return b.Correction != nil }) {
		gold = len(numbers)
		numbers = append(numbers, goldStrong, goldWeak)
	}
	weighted := slices.ContainsFunc(s.Document.Benchmarks, func(b results.Benchmark) bool { return b.Weights != nil })
	if weighted {
		numbers = append(numbers, "weight")
	}
	texts, values, err := datasets.ReadColumns(path, []string{"benchmark", "sample_id", "task", "cluster"}, numbers)
	if err != nil {
		return err
	}
	for i, b := range s.Document.Benchmarks {
		var rows []int
		for row, name := range texts[0] {
			if name == b.Name {
				rows = append(rows, row)
			}
		}
		if len(rows) != b.Samples {
			return fmt.Errorf("%q: %s of benchmark %q, expected %d", path, text.Plural(len(rows), "sample"), b.Name, b.Samples)
		}
		x := &ScoredBenchmark{
			Name: b.Name, Title: b.Title, Unit: b.Unit, Pair: b.Pair, Input: s.Document.Inputs[i], Unmeasured: b.Unmeasured,
			IDs: slicesx.Pick(texts[1], rows), Tasks: slicesx.Pick(texts[2], rows), Clusters: slicesx.Pick(texts[3], rows),
			Outcomes: eval.Outcomes{Strong: slicesx.Pick(values[0], rows), Weak: slicesx.Pick(values[1], rows)},
		}
		if b.Weights != nil {
			x.Outcomes.Weight = slicesx.Pick(values[len(values)-1], rows)
		}
		if b.Costs != nil {
			x.Costs = &eval.Outcomes{Strong: slicesx.Pick(values[costs], rows), Weak: slicesx.Pick(values[costs+1], rows), Weight: x.Outcomes.Weight}
		}
		if b.Correction != nil {
			x.Correction = b.Correction
			x.corrected(slicesx.Pick(values[gold], rows), slicesx.Pick(values[gold+1], rows))
		} else {
			x.Warnings = suspicionsOf(x.Outcomes, x.Pair, x.Tasks)
		}
		for k := range s.Routers {
			scores := make([]float64, len(rows)) // all equal: random
			if column[k] > 0 {
				scores = slicesx.Pick(values[column[k]], rows)
			}
			x.Scores = append(x.Scores, scores)
		}
		s.Benchmarks = append(s.Benchmarks, x)
	}
	return nil
}

// corrected notes that the outcomes are labels corrected by gold ones, NaN for a sample without.
func (s *ScoredBenchmark) corrected(strong, weak []float64) {
	s.Gold = &eval.Outcomes{Strong: strong, Weak: weak, Weight: s.Outcomes.Weight}
	s.Outcomes.Observed, s.Outcomes.ObservedStrong = s.Gold.Gains(), strong
}
