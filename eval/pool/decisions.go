package pool

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// Decisions holds what one operating point of a router gives and costs, one value per prompt. If
// the choice among several models is random, both are expected values.
type Decisions struct {
	Cost    []float64 // cost of what was called, the router's own included
	Quality []float64 // quality of the answer that is used
}

// check returns an error unless both have n finite values and no cost is below 0.
func (d Decisions) check(n int) error {
	if len(d.Cost) != n || len(d.Quality) != n {
		return fmt.Errorf("%s and %s: want %d each", text.Plural(len(d.Cost), "cost"), text.Plural(len(d.Quality), "quality"), n)
	}
	for i := range d.Cost {
		if !num.Finite(d.Cost[i]) || !num.Finite(d.Quality[i]) || d.Cost[i] < 0 {
			return fmt.Errorf("prompt %d: quality %v, cost %v: want finite numbers and a cost of 0 or more", i, d.Quality[i], d.Cost[i])
		}
	}
	return nil
}

// mean returns the mean cost and quality over drawn clusters.
func (d Decisions) mean(o Outcomes, draws []int32) (cost, quality float64) {
	total := 0.0
	for i := range d.Cost {
		w := weightOf(i, o.Weight, o.Cluster, draws)
		total += w
		cost += float64(w * d.Cost[i])
		quality += float64(w * d.Quality[i])
	}
	return cost / total, quality / total
}

// Settings is a router that offers a few settings and has no path between them, such as a cascade
// or decisions in a file. Between two settings, it randomises.
type Settings struct {
	outcomes Outcomes
	settings []setting
}

// NewSettings returns the router with the given settings, of which there must be at least one. It
// orders them by mean cost. It returns an error if the lengths differ or a value is not finite.
func NewSettings(o Outcomes, settings []Decisions) (*Settings, error) {
	if len(settings) == 0 {
		return nil, errors.New("no settings: want at least one")
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	ordered := make([]setting, len(settings))
	for k, d := range settings {
		if err := d.check(o.N()); err != nil {
			return nil, fmt.Errorf("setting %d: %w", k, err)
		}
		cost, quality := d.mean(o, nil)
		ordered[k] = setting{d, cost, quality}
	}
	slices.SortStableFunc(ordered, func(a, b setting) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.quality, b.quality))
	})
	return &Settings{o, ordered}, nil
}

// setting is a setting with its means over all prompts.
type setting struct {
	Decisions
	cost, quality float64
}

// Path returns the settings as a path. They have no lambda, which is NaN.
func (s *Settings) Path() *Path {
	p := &Path{}
	for _, d := range s.settings {
		p.Vertices = append(p.Vertices, Vertex{math.NaN(), d.cost, d.quality})
	}
	return p
}

func (s *Settings) prompts() int { return s.outcomes.N() }

func (s *Settings) vertices() int { return len(s.settings) }

func (s *Settings) trace(w walked, draws []int32) {
	for k, d := range s.settings {
		w.cost[k], w.quality[k] = d.mean(s.outcomes, draws)
	}
}
