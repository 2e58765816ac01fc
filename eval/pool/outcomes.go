package pool

import (
	"errors"
	"fmt"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
)

// Outcomes holds what each model's answer to each prompt was worth and what it cost. Every value
// is measured: prompts that lack one are left out beforehand.
type Outcomes struct {
	Quality Matrix // quality of each answer
	Cost    Matrix // cost of each answer, 0 or more
	// Cluster holds the cluster of each prompt, from [eval.ClusterIDs]; nil if each prompt is a
	// cluster of its own.
	Cluster []int
	// Weight holds the weight of each prompt, above 0; nil stands for 1.
	Weight []float64
}

// N returns the number of prompts.
func (o Outcomes) N() int { return o.Quality.Rows() }

// Models returns the number of models.
func (o Outcomes) Models() int { return o.Quality.Columns }

// Pick returns the prompts at the given indices, in their order, each as a cluster of its own.
func (o Outcomes) Pick(index []int) Outcomes {
	out := Outcomes{Quality: o.Quality.Pick(index), Cost: o.Cost.Pick(index)}
	if o.Weight != nil {
		out.Weight = slicesx.Pick(o.Weight, index)
	}
	return out
}

// Validate returns an error if the shapes differ, if there is no prompt or no model, if a value is
// not finite, or if a cost is negative.
func (o Outcomes) Validate() error {
	if o.N() == 0 || o.Models() == 0 {
		return errors.New("no outcomes: want at least one prompt and one model")
	}
	if o.Cost.Columns != o.Models() || o.Cost.Rows() != o.N() {
		return fmt.Errorf("costs are %d by %d and qualities %d by %d: want the same shape", o.Cost.Rows(), o.Cost.Columns, o.N(), o.Models())
	}
	if o.Cluster != nil && len(o.Cluster) != o.N() {
		return fmt.Errorf("%s for %s: want one cluster per prompt", text.Plural(len(o.Cluster), "cluster"), text.Plural(o.N(), "prompt"))
	}
	if o.Weight != nil && len(o.Weight) != o.N() {
		return fmt.Errorf("%s for %s: want one weight per prompt", text.Plural(len(o.Weight), "weight"), text.Plural(o.N(), "prompt"))
	}
	for i, q := range o.Quality.Values {
		c := o.Cost.Values[i]
		if !num.Finite(q) || !num.Finite(c) || c < 0 {
			return fmt.Errorf("prompt %d, model %d: quality %v, cost %v: want finite numbers and a cost of 0 or more", i/o.Models(), i%o.Models(), q, c)
		}
	}
	for i, w := range o.Weight {
		if !num.Finite(w) || w <= 0 {
			return fmt.Errorf("prompt %d: weight is %v: want a finite number above 0", i, w)
		}
	}
	return nil
}

// Predictions holds what a router predicts.
type Predictions struct {
	Quality Matrix // predicted quality of each model's answer to each prompt
	Cost    Matrix // predicted cost; a single row holds for every prompt
	// Scores says that the qualities are those of two models on no scale of quality, such as 0
	// and a router's score. Every real lambda is then an operating point, not only those above 0.
	Scores bool
}

// check returns an error if the predictions do not fit the outcomes or are not finite.
func (p Predictions) check(n, models int) error {
	if p.Quality.Columns != models || p.Quality.Rows() != n {
		return fmt.Errorf("predictions are %d by %d: want %d by %d", p.Quality.Rows(), p.Quality.Columns, n, models)
	}
	if p.Cost.Columns != models || p.Cost.Rows() != n && p.Cost.Rows() != 1 {
		return fmt.Errorf("predicted costs are %d by %d: want %d by %d, or one row", p.Cost.Rows(), p.Cost.Columns, n, models)
	}
	if p.Scores && models != 2 {
		return fmt.Errorf("scores for %s: want two", text.Plural(models, "model"))
	}
	for _, m := range []Matrix{p.Quality, p.Cost} {
		for i, v := range m.Values {
			if !num.Finite(v) {
				return fmt.Errorf("prediction of prompt %d, model %d is %v: want a finite number", i/models, i%models, v)
			}
		}
	}
	return nil
}

// costs returns the predicted costs of prompt i.
func (p Predictions) costs(i int) []float64 {
	if p.Cost.Rows() == 1 {
		return p.Cost.Row(0)
	}
	return p.Cost.Row(i)
}

// Pick returns the predictions for the prompts at the given indices, in their order.
func (p Predictions) Pick(index []int) Predictions {
	out := p
	out.Quality = p.Quality.Pick(index)
	if p.Cost.Rows() > 1 {
		out.Cost = p.Cost.Pick(index)
	}
	return out
}
