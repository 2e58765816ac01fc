package mf

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
)

// Kind is where labels come from.
type Kind string

// The kinds of sources.
const (
	Arena Kind = "arena" // human votes between two models
	Judge Kind = "judge" // an LLM judge's grades of several models
	Gold  Kind = "gold"  // benchmark correctness of the two models
)

// Source is labelled prompts of one kind.
type Source struct {
	Kind   Kind
	Name   string
	SHA256 string        // digest of the file
	Inputs [][]float64   // one row a prompt, see [Inputs]
	Norm   []string      // prompt_norm_sha256 of each prompt
	Label  []float64     // how much the strong model was needed, see the constructors
	Won    []float64     // 1 where the strong model did better, 0 where not, NaN unknown: the win rate's label
	Grades []ModelGrades // of a judge: each model's grades, NaN where it was not graded
}

// ModelGrades are one model's grades of each prompt.
type ModelGrades struct {
	Model  string
	Grades []float64
}

// Rows is what sources are made of: a table's rows with their inputs.
type Rows struct {
	Name, SHA256 string
	Table        *datasets.Table
	Inputs       [][]float64     // one a row of the table
	Exclude      map[string]bool // normalised digests of prompts to leave out
}

// keep lists the rows that are not excluded.
func (r Rows) keep() []int {
	var rows []int
	for i, norm := range r.Table.PromptNormSHA256 {
		if !r.Exclude[norm] {
			rows = append(rows, i)
		}
	}
	return rows
}

func (r Rows) source(kind Kind, rows []int) *Source {
	return &Source{
		Kind: kind, Name: r.Name, SHA256: r.SHA256,
		Inputs: eval.Pick(r.Inputs, rows), Norm: eval.Pick(r.Table.PromptNormSHA256, rows),
	}
}

// FromVotes reads battles. The label is the vote, 1 if the stronger model of the
// two won, minus its Bradley-Terry expectation from all votes: what is left is the
// prompt's share. A tie counts as not won, as in RouteLLM: the weaker model would
// have done.
func FromVotes(r Rows) (*Source, error) {
	if r.Table.Winner == nil || r.Table.ModelA == nil || r.Table.ModelB == nil {
		return nil, fmt.Errorf("%q: no battles: columns %q, %q and %q are missing", r.Name, "model_a", "model_b", "winner")
	}
	rows := r.keep()
	s := r.source(Arena, rows)
	s.Label, s.Won = voteLabels(eval.Pick(r.Table.ModelA, rows), eval.Pick(r.Table.ModelB, rows), eval.Pick(r.Table.Winner, rows))
	return s, nil
}

// FromGrades reads a judge's grades of several models. The label is how far below
// their own means the models' grades are: a prompt on which models in general do
// badly is one that needs the strong one. The difference of the pair's two grades
// alone is far noisier.
func FromGrades(r Rows, strong, weak string) (*Source, error) {
	rows := r.keep()
	s := r.source(Judge, rows)
	for _, c := range r.Table.Quality {
		s.Grades = append(s.Grades, ModelGrades{c.Name, eval.Pick(c.Values, rows)})
	}
	if len(s.Grades) < 2 {
		return nil, fmt.Errorf("%q: grades of %d models, want at least 2", r.Name, len(s.Grades))
	}
	s.Label = shortfall(s.Grades)
	a, aOK := gradesOf(s.Grades, strong)
	b, bOK := gradesOf(s.Grades, weak)
	if !aOK || !bOK {
		return nil, fmt.Errorf("%q: no grades of %q and %q", r.Name, strong, weak)
	}
	s.Won = make([]float64, len(a))
	for i := range a {
		s.Won[i] = better(a[i], b[i])
	}
	return s, nil
}

// FromGold reads the two models' correctness on the given rows of a benchmark. The
// label is the gain.
func FromGold(r Rows, rows []int, strong, weak string) (*Source, error) {
	a, aOK := r.Table.QualityOf(strong)
	b, bOK := r.Table.QualityOf(weak)
	if !aOK || !bOK {
		return nil, fmt.Errorf("%q: no outcomes of %q and %q", r.Name, strong, weak)
	}
	s := r.source(Gold, rows)
	for _, i := range rows {
		s.Label, s.Won = append(s.Label, a[i]-b[i]), append(s.Won, better(a[i], b[i]))
	}
	return s, nil
}

// better is 1 where a is above b, 0 where not, NaN where one is not known.
func better(a, b float64) float64 {
	switch {
	case math.IsNaN(a) || math.IsNaN(b):
		return math.NaN()
	case a > b:
		return 1
	}
	return 0
}

func gradesOf(all []ModelGrades, model string) ([]float64, bool) {
	for _, g := range all {
		if g.Model == model {
			return g.Grades, true
		}
	}
	return nil, false
}

// shortfall is minus the mean, over the models graded, of grade minus the model's
// own mean.
func shortfall(all []ModelGrades) []float64 {
	total, count := make([]float64, len(all[0].Grades)), make([]float64, len(all[0].Grades))
	for _, g := range all {
		mean := meanOf(g.Grades)
		for i, v := range g.Grades {
			if !math.IsNaN(v) {
				total[i] -= v - mean
				count[i]++
			}
		}
	}
	for i := range total {
		total[i] /= max(count[i], 1)
	}
	return total
}

// meanOf is the mean of the values that are known.
func meanOf(x []float64) float64 {
	sum, n := 0.0, 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}

// DrawGold chooses n rows of a benchmark to train on: those whose seeded digest
// is smallest, so that the choice depends on neither the order of the rows nor a
// generator. Contaminated rows and repeated prompts are not drawn.
func DrawGold(t *datasets.Table, n int, seed uint64) ([]int, error) {
	type candidate struct {
		key string
		row int
	}
	var all []candidate
	seen := map[string]bool{}
	for i, norm := range t.PromptNormSHA256 {
		if t.Contaminated[i] || seen[norm] {
			continue
		}
		seen[norm] = true
		sum := sha256.Sum256(fmt.Appendf(nil, "gold/%d/%s", seed, norm))
		all = append(all, candidate{hex.EncodeToString(sum[:]), i})
	}
	if n > len(all) {
		return nil, fmt.Errorf("%d gold samples wanted, %d are there", n, len(all))
	}
	slices.SortFunc(all, func(a, b candidate) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	rows := make([]int, n)
	for i := range rows {
		rows[i] = all[i].row
	}
	return rows, nil
}
