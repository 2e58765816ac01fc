package transfer

import (
	"context"
	"fmt"
	"strings"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/knn"
	"github.com/routellm/routellm/routers/mf"
	"github.com/routellm/routellm/routers/swranking"
	"github.com/routellm/routellm/routers/training"
)

// scored holds the scores that a source's prompts have from routers that were not trained on them.
type scored struct {
	*training.Source
	part                  []int // part of each prompt: scores of different parts are of different routers
	unlike                []bool
	own, constant, length []float64
}

func newScored(s *training.Source) *scored {
	n := len(s.Prompts)
	return &scored{s, partsOf(s), make([]bool, n), make([]float64, n), make([]float64, n), make([]float64, n)}
}

// add scores those prompts that are in.
func (s *scored) add(ctx context.Context, m routers.Router, in func(i int) bool) error {
	length, err := m.Scores(ctx, s.Prompts)
	if err != nil {
		return err
	}
	unlike := m.(routers.Familiar).Unlike(s.Prompts)
	abstains := abstainsOf(m)
	*abstains = false
	own, err := m.Scores(ctx, s.Prompts)
	*abstains = true
	if err != nil {
		return err
	}
	mean := training.Mean(own)
	for i := range own {
		if !in(i) {
			continue
		}
		s.unlike[i], s.own[i], s.constant[i], s.length[i] = unlike[i], own[i], own[i], length[i]
		if unlike[i] {
			s.constant[i] = mean
		}
	}
	return nil
}

func abstainsOf(m routers.Router) *bool {
	switch m := m.(type) {
	case *mf.Model:
		return &m.Abstains
	case *knn.Model:
		return &m.Abstains
	}
	return &m.(*swranking.Model).Abstains
}

// abstention measures the scores, inside the parts where these have different routers.
func (s *scored) abstention(router string, kin bool) Abstention {
	out := Abstention{Router: router, Source: s.Name, Kin: kin}
	part := s.part
	if !kin {
		part = make([]int, len(s.part))
	}
	area := func(scores []float64) Area {
		apgr, se := training.WithinFolds(s.Gain, s.Norm, []training.Folded{{Score: scores, Fold: part}})
		return Area{apgr, se}
	}
	out.Own, out.Constant, out.Length = area(s.own), area(s.constant), area(s.length)
	for _, is := range s.unlike {
		if is {
			out.Unlike += 1 / float64(len(s.unlike))
		}
	}
	return out
}

// AbstentionTable returns a Markdown table with one line per router and source.
func AbstentionTable(all []Abstention) string {
	var s strings.Builder
	s.WriteString("| router | prompts | unlike | own score | constant | by length |\n|" + strings.Repeat(" --- |", 6) + "\n")
	for _, a := range all {
		what := a.Source + ", left out"
		if a.Kin {
			what = a.Source + ", held out"
		}
		fmt.Fprintf(&s, "| %s | %s | %.0f %% | %s | %s | %s |\n", a.Router, what, 100*a.Unlike, a.Own, a.Constant, a.Length)
	}
	return s.String()
}

// String returns the area with the arm of its 95 % interval.
func (a Area) String() string { return fmt.Sprintf("%.3f ± %.3f", a.APGR, 1.96*a.SE) }
