// Package training turns data sets into training data for routers and describes trained
// models. [FromVotes], [FromGrades] and [FromGold] turn [Rows] into a [Source] of
// labelled prompts, which the Train functions of packages mf, knn, swranking and subject
// take. A trained model embeds a [Card]; a [Report] says how well it predicts out of
// sample.
package training

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
)

// Kind is the kind of a source's labels.
type Kind string

// Kinds of sources.
const (
	Arena Kind = "arena" // Arena stands for human votes between two models
	Judge Kind = "judge" // Judge stands for an LLM judge's grades of several models
	Gold  Kind = "gold"  // Gold stands for the two models' correctness on a benchmark
)

// Source holds labelled prompts of one kind. Its slices have one element per prompt,
// except Battles.
type Source struct {
	Kind    Kind             // Kind is the kind of the labels
	Name    string           // Name identifies the source in messages and files
	SHA256  string           // SHA256 is the digest of the data file
	Prompts []routers.Prompt // Prompts have a vector and features
	Norm    []string         // Norm holds the prompts' prompt_norm_sha256
	Label   []float64        // Label says how much the strong model was needed; its unit depends on the kind
	Won     []float64        // Won is 1 if the strong model did better, 0 if not, NaN if unknown
	Gain    []float64        // Gain is how much better the strong model did, NaN if unknown
	Battles []Battle         // Battles holds the same comparisons as battles between models
}

// leastPrompts is the smallest number of labelled prompts to train on: two per fold.
const leastPrompts = 2 * Folds

// Check returns an error if there are no sources, if a source has too few prompts or no
// known outcome, or if a prompt has a label that is not finite, lacks a count, or has a
// vector that is not finite or differs in length from the first prompt's.
func Check(sources []*Source) error {
	if len(sources) == 0 {
		return errors.New("no sources to train on")
	}
	for _, s := range sources {
		if len(s.Prompts) < leastPrompts {
			return fmt.Errorf("%q has %s, expected at least %d", s.Name, text.Plural(len(s.Prompts), "labelled prompt"), leastPrompts)
		}
		if err := s.checkLabels(); err != nil {
			return fmt.Errorf("%q: %w", s.Name, err)
		}
		for i := range s.Prompts {
			if err := checkPrompt(&s.Prompts[i], len(sources[0].Prompts[0].Vector)); err != nil {
				return fmt.Errorf("%q: %w", s.Name, err)
			}
		}
	}
	return nil
}

// checkLabels returns an error unless every prompt has a finite label and at least one has
// a known outcome, without which no win rate can be fitted.
func (s *Source) checkLabels() error {
	if n := len(s.Prompts); len(s.Label) != n || len(s.Won) != n {
		return fmt.Errorf("%s and %s of %s, expected one of each per prompt", text.Plural(len(s.Label), "label"), text.Plural(len(s.Won), "outcome"), text.Plural(n, "prompt"))
	}
	for i, v := range s.Label {
		if !num.Finite(v) {
			return fmt.Errorf("sample %q: the label is %v, expected a finite number", s.Prompts[i].ID, v)
		}
	}
	if !slices.ContainsFunc(s.Won, num.Finite) {
		return errors.New("no prompt has a known outcome of both models, expected at least one")
	}
	return nil
}

// checkPrompt returns an error if a prompt lacks what the trained routers read: a finite
// vector of dim components, and all counts.
func checkPrompt(p *routers.Prompt, dim int) error {
	if len(p.Vector) != dim {
		return fmt.Errorf("sample %q: the vector has %s, the first prompt's has %d", p.ID, text.Plural(len(p.Vector), "component"), dim)
	}
	if err := p.CheckVector(); err != nil {
		return err
	}
	for _, name := range routers.Counts() {
		if _, err := p.Count(name); err != nil {
			return err
		}
	}
	return nil
}

// Chat returns the source of chat labels: grades if there are any, else votes, else nil.
// A judge's grades of many models say far more about the pair than a vote.
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

// Labelled returns the sources whose labels of quality routers learn: the chat labels, and all gold
// sources.
func Labelled(sources []*Source) []*Source {
	chat := Chat(sources)
	var out []*Source
	for _, s := range sources {
		if s == chat || s.Kind == Gold {
			out = append(out, s)
		}
	}
	return out
}

// Battle is a comparison of two models' answers to a prompt.
type Battle struct {
	Prompt int     // Prompt is an index into the source's prompts
	A, B   string  // A and B are the names of the models
	Won    float64 // Won is the share of the battle that A won: 1 if its answer was better, 0 if B's was, 0.5 for a tie, and between them where it is known by how much: see [datasets.WonShare]
	Weight float64 // Weight is the battle's weight, above 0
}

// Rows holds the rows of a table and their prompts, from which sources are made.
type Rows struct {
	Name, SHA256 string           // Name and SHA256 identify the data file
	Table        *datasets.Table  // Table has the labels and the digests of the prompts
	Prompts      []routers.Prompt // Prompts has one prompt per row of the table
	Exclude      map[string]bool  // Exclude holds the normalised digests of prompts to leave out
	NoBattles    bool             // NoBattles makes sources of grades without battles, of which ten models give 45 per prompt
}

// keep returns the rows that are not excluded.
func (r Rows) keep() []int {
	var rows []int
	for i, norm := range r.Table.PromptNormSHA256 {
		if !r.Exclude[norm] {
			rows = append(rows, i)
		}
	}
	return rows
}

// ungraded reports whether row i has no grade of any model.
func (r Rows) ungraded(i int) bool {
	return !slices.ContainsFunc(r.Table.Quality, func(c datasets.Column) bool { return num.Finite(c.Values[i]) })
}

// weight returns the weight of row i's battle.
func (r Rows) weight(i int) float64 {
	if r.Table.Weight == nil {
		return 1
	}
	return r.Table.Weight[i]
}

// won returns the share of row i's battle that model a won.
func (r Rows) won(i int) float64 {
	if r.Table.Share == nil {
		return halfWins[r.Table.Winner[i]]
	}
	return r.Table.Share[i]
}

func (r Rows) source(kind Kind, rows []int) *Source {
	return &Source{
		Kind: kind, Name: r.Name, SHA256: r.SHA256,
		Prompts: slicesx.Pick(r.Prompts, rows), Norm: slicesx.Pick(r.Table.PromptNormSHA256, rows),
	}
}

// FromVotes makes a source of battles with human votes. A prompt's label is the vote, 1
// if the stronger of the two models won, minus the Bradley-Terry expectation from all
// votes; the rest is due to the prompt. A tie counts as not won, as in RouteLLM: the
// weaker model would have sufficed.
func FromVotes(r Rows) (*Source, error) {
	if r.Table.Winner == nil || r.Table.ModelA == nil || r.Table.ModelB == nil {
		return nil, fmt.Errorf("%q has no battles: expected the columns %q, %q and %q", r.Name, "model_a", "model_b", "winner")
	}
	rows := r.keep()
	s := r.source(Arena, rows)
	winner := slicesx.Pick(r.Table.Winner, rows)
	for k, i := range rows {
		s.Battles = append(s.Battles, Battle{k, r.Table.ModelA[i], r.Table.ModelB[i], r.won(i), r.weight(i)})
	}
	var err error
	if s.Label, s.Won, err = voteLabels(s.Battles, winner); err != nil {
		return nil, err
	}
	for k, w := range winner { // a win is a gain of 1, a tie of 0, a loss of -1; of a share, in proportion
		s.Gain = append(s.Gain, s.Won[k])
		if s.Won[k] == 0 && (w == "model_a" || w == "model_b") {
			s.Gain[k] = -1
		}
		if r.Table.Share != nil {
			s.Gain[k] *= math.Abs(2*s.Battles[k].Won - 1)
		}
	}
	return s, nil
}

// FromGrades makes a source of a judge's grades of several models. A prompt's label is
// how far the grades are below the models' own means, on average over the models: a
// prompt on which models in general do badly needs the strong model. The difference of
// the pair's two grades is far noisier. Every two models graded on a prompt form a
// battle, of which each wins a share: see [datasets.WonShare]. A prompt without any grade is left out.
func FromGrades(r Rows, strong, weak string) (*Source, error) {
	rows := slices.DeleteFunc(r.keep(), r.ungraded)
	s := r.source(Judge, rows)
	grades := make([][]float64, len(r.Table.Quality))
	names := make([]string, len(grades))
	for m, c := range r.Table.Quality {
		names[m], grades[m] = c.Name, slicesx.Pick(c.Values, rows)
	}
	if len(grades) < 2 {
		return nil, fmt.Errorf("%q has grades of %s, expected at least 2", r.Name, text.Plural(len(grades), "model"))
	}
	a, b := slices.Index(names, strong), slices.Index(names, weak)
	if a < 0 || b < 0 {
		return nil, fmt.Errorf("%q has grades of %q, expected %q and %q among them", r.Name, names, strong, weak)
	}
	s.Label, s.Won = shortfall(grades), make([]float64, len(rows))
	length := r.Table.QualityRange()
	for i := range rows {
		s.Won[i] = better(grades[a][i], grades[b][i])
		s.Gain = append(s.Gain, grades[a][i]-grades[b][i])
		if !r.NoBattles {
			s.addPairs(i, names, grades, length)
		}
	}
	return s, nil
}

// addPairs adds the battles of every two models that were graded on prompt i.
func (s *Source) addPairs(i int, names []string, grades [][]float64, length float64) {
	for a := range names {
		for b := a + 1; b < len(names); b++ {
			if x, y := grades[a][i], grades[b][i]; !math.IsNaN(x) && !math.IsNaN(y) {
				s.Battles = append(s.Battles, Battle{i, names[a], names[b], datasets.WonShare(x, y, length), 1})
			}
		}
	}
}

// FromGold makes a source of the two models' correctness on the given rows of a
// benchmark. A prompt's label is the gain. It is an error if one of the models was not
// measured on one of the rows.
func FromGold(r Rows, rows []int, strong, weak string) (*Source, error) {
	measured, ok := measuredOn(r.Table, strong, weak)
	if !ok {
		return nil, fmt.Errorf("%q: expected outcomes of %q and %q", r.Name, strong, weak)
	}
	a, _ := r.Table.QualityOf(strong)
	b, _ := r.Table.QualityOf(weak)
	s, length := r.source(Gold, rows), r.Table.QualityRange()
	for k, i := range rows {
		if !measured(i) {
			return nil, fmt.Errorf("%q: row %d has no quality of %q or of %q", r.Name, i+1, strong, weak)
		}
		s.Label, s.Won, s.Gain = append(s.Label, a[i]-b[i]), append(s.Won, better(a[i], b[i])), append(s.Gain, a[i]-b[i])
		s.Battles = append(s.Battles, Battle{k, strong, weak, datasets.WonShare(a[i], b[i], length), 1})
	}
	return s, nil
}

// better returns 1 if a is above b and 0 otherwise; NaN if either is unknown.
func better(a, b float64) float64 {
	switch {
	case math.IsNaN(a) || math.IsNaN(b):
		return math.NaN()
	case a > b:
		return 1
	}
	return 0
}

// shortfall returns, for each prompt, minus the mean over the graded models of grade
// minus the model's own mean.
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

// Mean returns the mean of the values that are not NaN.
func Mean(x []float64) float64 {
	sum, n := 0.0, 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}
