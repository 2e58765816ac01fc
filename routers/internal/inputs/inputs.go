// Package inputs turns prompts into the numbers that trained routers read, scales them, and computes
// weighted sums of them. A [Shape] says which inputs there are, [Shape.Take] returns those of one
// prompt and [Shape.Of] those of a source.
package inputs

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// Counts is the number of counts, which follow the vector's components.
const Counts = 4

// Shape says which inputs a router reads: the components of the vector, then log(1 + count) of
// characters, words, lines and numbers, then the cues, if it reads them.
type Shape struct {
	Vector int // Vector is the number of components of the vector
	Cues   int // Cues is the number of cues; 0 if the router reads none
}

// ShapeOf returns the inputs that all prompts have. The prompts must have passed
// [training.Check] or [training.Outcomes.Check].
func ShapeOf(prompts []routers.Prompt) Shape {
	s := Shape{Vector: len(prompts[0].Vector), Cues: len(features.All())}
	for i := range prompts {
		if prompts[i].Cues == nil && !prompts[i].HasText {
			s.Cues = 0
		}
	}
	return s
}

// ShapeOfSources returns the inputs that the prompts of all sources have.
func ShapeOfSources(sources []*training.Source) Shape {
	var all []routers.Prompt
	for _, s := range sources {
		all = append(all, s.Prompts...)
	}
	return ShapeOf(all)
}

// Dim returns the number of inputs.
func (s Shape) Dim() int { return s.Vector + Counts + s.Cues }

// Needs returns the parts of a prompt that hold the inputs.
func (s Shape) Needs() routers.Needs {
	return routers.Needs{Vector: true, Features: true, Cues: s.Cues > 0}
}

// Group names a range of inputs that say the same kind of thing.
type Group struct {
	Name     string
	From, To int // the inputs From to To-1
}

// Groups returns the groups of the inputs, in their order: vector, counts and cues. Finer groups of
// cues predict held-out labels no better (docs/results.md).
func (s Shape) Groups() []Group {
	at := s.Vector + Counts
	out := []Group{{"vector", 0, s.Vector}, {"counts", s.Vector, at}}
	if s.Cues > 0 {
		out = append(out, Group{"cues", at, s.Dim()})
	}
	return out
}

// Take writes a prompt's inputs to dst, which it may reallocate. A vector with another length or
// a non-finite component, and a missing count or cue, are errors that name the prompt.
func (s Shape) Take(dst []float64, p *routers.Prompt) ([]float64, error) {
	if len(p.Vector) != s.Vector {
		return nil, fmt.Errorf("sample %q: the vector has %s, expected %d", p.ID, text.Plural(len(p.Vector), "component"), s.Vector)
	}
	if err := p.CheckVector(); err != nil {
		return nil, err
	}
	dst = dst[:0]
	for _, v := range p.Vector {
		dst = append(dst, float64(v))
	}
	for _, name := range routers.Counts() {
		count, err := p.Count(name)
		if err != nil {
			return nil, err
		}
		dst = append(dst, math.Log1p(count))
	}
	if s.Cues == 0 {
		return dst, nil
	}
	values, err := p.CheckedCues()
	if err != nil {
		return nil, err
	}
	for _, v := range values {
		dst = append(dst, float64(v))
	}
	return dst, nil
}

// must returns a prompt's inputs. The prompt must have been checked.
func (s Shape) must(dst []float64, p *routers.Prompt) []float64 {
	x, err := s.Take(dst, p)
	if err != nil {
		panic(err)
	}
	return x
}

// Of returns the inputs of a source's prompts. The source must have passed [training.Check].
func (s Shape) Of(source *training.Source) [][]float64 {
	out := make([][]float64, len(source.Prompts))
	for i := range out {
		out[i] = s.must(make([]float64, 0, s.Dim()), &source.Prompts[i])
	}
	return out
}

// OfChat returns the inputs of the prompts of all votes and grades.
func (s Shape) OfChat(sources []*training.Source) [][]float64 {
	var out [][]float64
	for _, source := range sources {
		if source.Kind != training.Gold {
			out = append(out, s.Of(source)...)
		}
	}
	return out
}
