package transfer

import (
	"context"
	"slices"
	"strings"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/length"
	"github.com/routellm/routellm/routers/swranking"
)

// A Recipe says which sources a built-in router is trained on.
type Recipe struct {
	Name    string   // name on the command line
	Sources []string // names of the sources, as in [harness.TrainOptions], gold with the number of rows
}

// Builtin returns the recipes of the built-in routers whose models make models trains.
func Builtin() []Recipe {
	all := []string{"arena", "judge", "mmlu:1500", "gsm8k:300"}
	var out []Recipe
	for _, router := range []string{"mf", "knn", "sw_ranking"} {
		out = append(out, Recipe{router, all})
		if router != "knn" {
			out = append(out, Recipe{router + "@arena", all[:1]})
		}
		out = append(out, Recipe{router + "@judge", all[1:2]}, Recipe{router + "@gold", all[2:]})
	}
	return out
}

// Without returns the sources without that of a name.
func (r Recipe) Without(source string) []string {
	var out []string
	for _, s := range r.Sources {
		if name, _, _ := strings.Cut(s, ":"); name != source {
			out = append(out, s)
		}
	}
	return out
}

// train trains a router on sources, those with a number of rows being gold. A variant of sw_ranking
// does not abstain, as the built-in ones, which are parts of one model.
func train(ctx context.Context, name string, sources []string) (routers.Router, error) {
	router, _, variant := strings.Cut(name, "@")
	m, _, err := harness.Train(ctx, router, optionsOf(sources))
	if err != nil {
		return nil, err
	}
	if m, ok := m.(*swranking.Model); ok && variant {
		m.Abstains = false
	}
	return m.(routers.Router), nil
}

// optionsOf returns the options of a training on sources.
func optionsOf(sources []string) harness.TrainOptions {
	o := harness.TrainOptions{Seed: 1}
	for _, s := range sources {
		if strings.Contains(s, ":") {
			o.Gold = append(o.Gold, s)
		} else {
			o.Data = append(o.Data, s)
		}
	}
	return o
}

// Run returns the results of a recipe on each set; one that has no source left is missing.
func (r Recipe) Run(ctx context.Context, sets []*Set) ([]Result, error) {
	trained := map[string]routers.Router{}
	out := make([]Result, len(sets))
	for i, s := range sets {
		if out[i] = missing(0); len(r.Without(s.Kin)) == 0 {
			continue
		}
		key := s.Kin
		if len(r.Without(key)) == len(r.Sources) {
			key = ""
		}
		if trained[key] == nil {
			m, err := train(ctx, r.Name, r.Without(key))
			if err != nil {
				return nil, err
			}
			trained[key] = m
		}
		var err error
		if out[i], err = score(ctx, s, trained[key]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Length returns the results of the router length, which is not trained.
func Length(ctx context.Context, sets []*Set) ([]Result, error) {
	var out []Result
	for _, s := range sets {
		r, err := score(ctx, s, length.Router{})
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func score(ctx context.Context, s *Set, r routers.Router) (Result, error) {
	scores, err := r.Scores(ctx, slices.Clone(s.Prompts))
	if err != nil {
		return missing(0), err
	}
	return Measure(s, scores)
}
