// Package training is what routers learn from, labelled prompts of three kinds, and
// what a trained router remembers of it.
package training

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
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
	Kind    Kind
	Name    string
	SHA256  string           // digest of the file
	Prompts []routers.Prompt // with vector and features
	Norm    []string         // prompt_norm_sha256 of each prompt
	Label   []float64        // how much the strong model was needed, see the constructors
	Won     []float64        // 1 where the strong model did better, 0 where not, NaN unknown: the win rate's label
	Gain    []float64        // how much better the strong model did, NaN unknown
	Battles []Battle         // the same as battles between models
}

// leastPrompts is how many labelled prompts a training needs: two a fold.
const leastPrompts = 2 * Folds

// Check returns an error for no sources, for a source with too few prompts, and for a
// prompt whose vector is non-finite or differs in length from the first prompt's, or
// which lacks a count.
func Check(sources []*Source) error {
	if len(sources) == 0 {
		return errors.New("nothing to train on")
	}
	for _, s := range sources {
		if len(s.Prompts) < leastPrompts {
			return fmt.Errorf("%q: %d labelled prompts, want at least %d", s.Name, len(s.Prompts), leastPrompts)
		}
		for i := range s.Prompts {
			if err := checkPrompt(&s.Prompts[i], len(sources[0].Prompts[0].Vector)); err != nil {
				return fmt.Errorf("%q: %w", s.Name, err)
			}
		}
	}
	return nil
}

// checkPrompt returns an error if a prompt lacks what the trained routers read: a
// finite vector of dim components, and all counts.
func checkPrompt(p *routers.Prompt, dim int) error {
	if len(p.Vector) != dim {
		return fmt.Errorf("sample %q: the vector has %d components, the first prompt's has %d", p.ID, len(p.Vector), dim)
	}
	for k, v := range p.Vector {
		if !num.Finite(float64(v)) {
			return fmt.Errorf("sample %q: component %d of the vector is %v, expected a finite number", p.ID, k+1, v)
		}
	}
	for _, name := range []routers.Feature{routers.Chars, routers.Words, routers.Lines, routers.Numbers} {
		if _, err := p.Count(name); err != nil {
			return err
		}
	}
	return nil
}

// Chat is the source that chat's labels are taken from, grades before votes: a judge's
// grades of many models say far more about the pair than a vote. nil where there is
// neither.
func Chat(sources []*Source) *Source {
	for _, kind := range []Kind{Judge, Arena} {
		for _, s := range sources {
			if s.Kind == kind {
				return s
			}
		}
	}
	return nil
}

// Battle is two models' answers to a prompt, compared.
type Battle struct {
	Prompt int // index in the source
	A, B   string
	Won    float64 // 1 if A's answer was better, 0 if B's, 0.5 for a tie
	Weight float64 // what it counts, above 0
}

// Rows is what sources are made of: a table's rows as prompts.
type Rows struct {
	Name, SHA256 string
	Table        *datasets.Table
	Prompts      []routers.Prompt // one a row of the table
	Exclude      map[string]bool  // normalised digests of prompts to leave out
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

// weight is what row i's battle counts.
func (r Rows) weight(i int) float64 {
	if r.Table.Weight == nil {
		return 1
	}
	return r.Table.Weight[i]
}

func (r Rows) source(kind Kind, rows []int) *Source {
	return &Source{
		Kind: kind, Name: r.Name, SHA256: r.SHA256,
		Prompts: slicesx.Pick(r.Prompts, rows), Norm: slicesx.Pick(r.Table.PromptNormSHA256, rows),
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
	winner := slicesx.Pick(r.Table.Winner, rows)
	for k, i := range rows {
		s.Battles = append(s.Battles, Battle{k, r.Table.ModelA[i], r.Table.ModelB[i], halfWins[winner[k]], r.weight(i)})
	}
	var err error
	if s.Label, s.Won, err = voteLabels(s.Battles, winner); err != nil {
		return nil, err
	}
	for k, w := range winner { // a tie is no gain, a loss is one below it
		s.Gain = append(s.Gain, s.Won[k])
		if s.Won[k] == 0 && (w == "model_a" || w == "model_b") {
			s.Gain[k] = -1
		}
	}
	return s, nil
}

// FromGrades reads a judge's grades of several models. The label is how far below
// their own means the models' grades are: a prompt on which models in general do
// badly is one that needs the strong one. The difference of the pair's two grades
// alone is far noisier. Battles are all pairs of models on a prompt; the higher
// grade wins.
func FromGrades(r Rows, strong, weak string) (*Source, error) {
	rows := r.keep()
	s := r.source(Judge, rows)
	grades := make([][]float64, len(r.Table.Quality))
	names := make([]string, len(grades))
	for m, c := range r.Table.Quality {
		names[m], grades[m] = c.Name, slicesx.Pick(c.Values, rows)
	}
	if len(grades) < 2 {
		return nil, fmt.Errorf("%q: grades of %d models, want at least 2", r.Name, len(grades))
	}
	a, b := slices.Index(names, strong), slices.Index(names, weak)
	if a < 0 || b < 0 {
		return nil, fmt.Errorf("%q: no grades of %q and %q", r.Name, strong, weak)
	}
	s.Label, s.Won = shortfall(grades), make([]float64, len(rows))
	for i := range rows {
		s.Won[i] = better(grades[a][i], grades[b][i])
		s.Gain = append(s.Gain, grades[a][i]-grades[b][i])
		s.addPairs(i, names, grades)
	}
	return s, nil
}

// addPairs adds the battles of every pair of models that were graded on prompt i.
func (s *Source) addPairs(i int, names []string, grades [][]float64) {
	for a := range names {
		for b := a + 1; b < len(names); b++ {
			if x, y := grades[a][i], grades[b][i]; !math.IsNaN(x) && !math.IsNaN(y) {
				s.Battles = append(s.Battles, Battle{i, names[a], names[b], outcome(x, y), 1})
			}
		}
	}
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
	for k, i := range rows {
		s.Label, s.Won, s.Gain = append(s.Label, a[i]-b[i]), append(s.Won, better(a[i], b[i])), append(s.Gain, a[i]-b[i])
		s.Battles = append(s.Battles, Battle{k, strong, weak, outcome(a[i], b[i]), 1})
	}
	return s, nil
}

// outcome is what a quality of x against y is worth to the first.
func outcome(x, y float64) float64 {
	switch {
	case x > y:
		return 1
	case x < y:
		return 0
	}
	return 0.5
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

// shortfall is minus the mean, over the models graded, of grade minus the model's
// own mean.
func shortfall(grades [][]float64) []float64 {
	total, count := make([]float64, len(grades[0])), make([]float64, len(grades[0]))
	for _, g := range grades {
		mean := Mean(g)
		for i, v := range g {
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

// Mean is the mean of the values that are not NaN.
func Mean(x []float64) float64 {
	sum, n := 0.0, 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}
