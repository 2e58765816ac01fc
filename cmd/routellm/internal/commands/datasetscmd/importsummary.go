package datasetscmd

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/text"
)

// summaryRows is the largest number of samples that a summary keeps.
const summaryRows = 1 << 15

// summary looks at the samples of an import as they come. It keeps the qualities of at most
// summaryRows of them, at equal distances.
type summary struct {
	mapping datasets.Mapping
	kept    datasets.Table
	step    int // every step-th sample is kept
	rows    int
	models  []string
	both    int     // number of samples on which both of two models are measured
	gain    float64 // summed gain of the first model over the second
}

// add looks at a batch. The first one shows whether the models of the default pair are there.
func (s *summary) add(t *datasets.Table) error {
	if s.step == 0 {
		if err := s.begin(t); err != nil {
			return err
		}
	}
	if len(t.Quality) == 2 {
		s.sum(t.Quality[0].Values, t.Quality[1].Values)
	}
	for i := range t.SampleID {
		if s.rows%s.step == 0 {
			s.keep(t, i)
		}
		s.rows++
	}
	return nil
}

// sum adds the qualities of two models on the samples where both are measured.
func (s *summary) sum(a, b []float64) {
	for i := range a {
		if gain := a[i] - b[i]; !math.IsNaN(gain) {
			s.both++
			s.gain += gain
		}
	}
}

func (s *summary) begin(t *datasets.Table) error {
	s.step, s.kept.Meta = 1, t.Meta
	for _, c := range t.Quality {
		s.models = append(s.models, c.Name)
		s.kept.Quality = append(s.kept.Quality, datasets.Column{Name: c.Name})
	}
	for _, name := range []string{s.mapping.Strong, s.mapping.Weak} {
		if name != "" && !slices.Contains(s.models, name) {
			return fmt.Errorf("--pair names the model %q, which the file does not have: expected two of %s", name, strings.Join(s.models, ", "))
		}
	}
	return nil
}

// keep keeps the qualities of a sample. If there are too many, it drops every other one.
func (s *summary) keep(t *datasets.Table, i int) {
	if len(s.kept.Task) == summaryRows {
		s.step *= 2
		s.kept.Task = everyOther(s.kept.Task)
		for k := range s.kept.Quality {
			s.kept.Quality[k].Values = everyOther(s.kept.Quality[k].Values)
		}
		if s.rows%s.step != 0 {
			return
		}
	}
	s.kept.Task = append(s.kept.Task, t.Task[i])
	for k, c := range t.Quality {
		s.kept.Quality[k].Values = append(s.kept.Quality[k].Values, c.Values[i])
	}
}

func everyOther[T any](values []T) []T {
	out := values[:0]
	for i := 0; i < len(values); i += 2 {
		out = append(out, values[i])
	}
	return out
}

// table returns the kept qualities.
func (s *summary) table() *datasets.Table { return &s.kept }

// proposePair proposes a default pair if there is none and only two models are there. Which one
// is strong is the user's to say.
func (s *summary) proposePair(streams cmdutil.Streams) {
	if s.mapping.Strong != "" || len(s.models) != 2 || s.both == 0 {
		return
	}
	pair := s.models[0] + "," + s.models[1]
	if s.gain < 0 {
		pair = s.models[1] + "," + s.models[0]
	}
	fmt.Fprintln(streams.Err, text.Wrap(fmt.Sprintf("hint: no default pair is stored; --pair %s would make the model with the better mean the strong one", quoteArg(pair))))
}

// quoteArg quotes an argument for a shell if it needs that.
func quoteArg(arg string) string {
	if strings.ContainsAny(arg, " '\"|*?$&;<>()[]{}\\") {
		return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
	}
	return arg
}
