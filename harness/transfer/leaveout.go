package transfer

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/knn"
	"github.com/routellm/routellm/routers/mf"
	"github.com/routellm/routellm/routers/swranking"
	"github.com/routellm/routellm/routers/training"
)

// Abstention says what it is worth that a router abstains: APGR for its own pair of models, on a
// source's prompts that it was not trained on.
type Abstention struct {
	Router, Source string
	Kin            bool    // Kin says that the router was trained on other prompts of the source
	Unlike         float64 // Unlike is the share of prompts that are unlike those trained on
	Own            Area    // Own measures the router's own scores of all prompts
	Constant       Area    // Constant measures scores that are the mean for unlike prompts
	Length         Area    // Length measures scores by length for unlike prompts, as built in
}

// Area is an APGR with its standard error.
type Area struct{ APGR, SE float64 }

// abstainers lists the routers that know what prompts are unlike.
var abstainers = []string{"mf", "knn", "sw_ranking"}

// parts is the number of parts into which a source's prompts are divided.
const parts = 5

// Abstentions trains each router that may abstain without each source that has labels of quality,
// and without each fifth of the prompts of all sources, and measures it on what it was not
// trained on.
func Abstentions(ctx context.Context) ([]Abstention, error) {
	all, err := Sources(ctx)
	if err != nil {
		return nil, err
	}
	var out []Abstention
	for _, name := range abstainers {
		away, err := withoutSource(ctx, name, all)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		kin, err := withoutPart(ctx, name, all)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(append(out, away...), kin...)
	}
	return out, nil
}

func withoutSource(ctx context.Context, name string, all []*training.Source) ([]Abstention, error) {
	var out []Abstention
	for _, left := range training.Labelled(all) {
		m, err := trainOn(name, slices.DeleteFunc(slices.Clone(all), func(s *training.Source) bool { return s == left }))
		if err != nil {
			return nil, err
		}
		s := newScored(left)
		if err := s.add(ctx, m, func(int) bool { return true }); err != nil {
			return nil, err
		}
		out = append(out, s.abstention(name, false))
	}
	return out, nil
}

func withoutPart(ctx context.Context, name string, all []*training.Source) ([]Abstention, error) {
	var scores []*scored
	for _, s := range training.Labelled(all) {
		scores = append(scores, newScored(s))
	}
	for part := range parts {
		rest := make([]*training.Source, len(all))
		for k, s := range all {
			rest[k] = outside(s, part)
		}
		m, err := trainOn(name, rest)
		if err != nil {
			return nil, err
		}
		for _, s := range scores {
			if err := s.add(ctx, m, func(i int) bool { return s.part[i] == part }); err != nil {
				return nil, err
			}
		}
	}
	var out []Abstention
	for _, s := range scores {
		out = append(out, s.abstention(name, true))
	}
	return out, nil
}

// outside returns a source without the prompts of a part.
func outside(s *training.Source, part int) *training.Source {
	var rows []int
	for i, of := range partsOf(s) {
		if of != part {
			rows = append(rows, i)
		}
	}
	out := *s
	out.Prompts, out.Norm = slicesx.Pick(s.Prompts, rows), slicesx.Pick(s.Norm, rows)
	out.Label, out.Won, out.Gain = slicesx.Pick(s.Label, rows), slicesx.Pick(s.Won, rows), slicesx.Pick(s.Gain, rows)
	out.Battles = nil
	for _, b := range s.Battles {
		if i, ok := slices.BinarySearch(rows, b.Prompt); ok {
			b.Prompt = i
			out.Battles = append(out.Battles, b)
		}
	}
	return &out
}

// partsOf returns the part of each prompt. Equal prompts of several sources are in one part.
func partsOf(s *training.Source) []int {
	out := training.FoldsOf(s.Norm, 0)
	for i := range out {
		out[i] %= parts
	}
	return out
}

// trainOn trains a router that may abstain.
func trainOn(name string, sources []*training.Source) (routers.Router, error) {
	options := training.Options{Strong: own[0], Weak: own[1], Seed: 1}
	switch name {
	case "mf":
		m, _, err := mf.Train(sources, options)
		return m, err
	case "knn":
		m, _, err := knn.Train(sources, options, encoder.Scale)
		return m, err
	}
	m, _, err := swranking.Train(sources, options, encoder.Scale)
	return m, err
}
