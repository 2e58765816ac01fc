package training

import (
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/eval/pool"
)

// PoolCard is what a trained router among several models stores about its training. Routers
// embed it for the interfaces of package routers that it implements.
type PoolCard struct {
	About Card      // About says what the router was trained on
	Pool  []string  // Pool names the models
	Mean  []float64 // Mean holds the mean cost of each model per prompt; nil if not all are known
	Out   OutOfFold // Out holds predictions of training prompts
}

// OutOfFold holds, by prompt, the predicted qualities of routers that have not seen it.
type OutOfFold struct {
	Norm    []string    // Norm holds the normalised digests of the prompts, sorted
	Quality pool.Matrix // Quality has one row per prompt
}

// NewPoolCard returns the card of a training on outcomes.
func NewPoolCard(o *Outcomes, options Options) PoolCard {
	s := &Source{Kind: Gold, Prompts: o.Prompts, Norm: o.Norm}
	c := PoolCard{About: NewCard([]*Source{s}, options), Pool: o.Models, Mean: o.MeanCosts()}
	c.About.Sources = o.Sources
	return c
}

// Merge returns the card of a router with the models of another training added. It has no
// out-of-fold predictions.
func (c *PoolCard) Merge(more PoolCard) PoolCard {
	out := PoolCard{About: more.About, Pool: slices.Concat(c.Pool, more.Pool)}
	out.About.Sources = slices.Concat(c.About.Sources, more.About.Sources)
	out.About.Training = slices.Concat(c.About.Training, more.About.Training)
	slices.Sort(out.About.Training)
	out.About.Training = slices.Compact(out.About.Training)
	out.About.Signed = nearcopy.NewSet(slices.Concat(c.About.Signed.Keys, more.About.Signed.Keys), slices.Concat(c.About.Signed.Signatures, more.About.Signed.Signatures))
	if c.Mean != nil {
		out.Mean = slices.Concat(c.Mean, more.Mean)
	}
	return out
}

// MeanCosts returns each model's mean cost over the rows where it is known; nil if a model has
// none.
func (o *Outcomes) MeanCosts() []float64 { return o.meanCosts(func(int) bool { return true }) }

// meanCosts returns the mean costs over the rows for which use returns true.
func (o *Outcomes) meanCosts(use func(row int) bool) []float64 {
	if o.Cost.Rows() == 0 {
		return nil
	}
	sum, n := make([]float64, len(o.Models)), make([]float64, len(o.Models))
	for i := range o.Prompts {
		for m, v := range o.Cost.Row(i) {
			if use(i) && !math.IsNaN(v) {
				sum[m] += v
				n[m]++
			}
		}
	}
	for m := range sum {
		if n[m] == 0 {
			return nil
		}
		sum[m] /= n[m]
	}
	return sum
}

// HeldOutCosts returns, for every row, the models' mean costs over the other parts, without rows
// if they are not known.
func (o *Outcomes) HeldOutCosts(d Division) pool.Matrix {
	out := unknown(len(o.Prompts), len(o.Models))
	for part := range d.Parts {
		mean := o.meanCosts(func(i int) bool { return d.Of[i] != part })
		if mean == nil {
			return pool.Matrix{}
		}
		for i, of := range d.Of {
			if of == part {
				copy(out.Row(i), mean)
			}
		}
	}
	return out
}

// Models returns the names of the models.
func (c *PoolCard) Models() []string { return c.Pool }

// TrainingPrompts returns the normalised digests of the training prompts.
func (c *PoolCard) TrainingPrompts() []string { return c.About.Training }

// Signatures returns the signatures of the training prompts that are in no built-in data set.
func (c *PoolCard) Signatures() nearcopy.Set { return c.About.Signed }

// SHA256 returns the digest of the model file.
func (c *PoolCard) SHA256() string { return c.About.FileSHA256 }

// VectorsFrom returns the name and digest of the encoder of the prompt vectors.
func (c *PoolCard) VectorsFrom() (name, sha256 string) { return c.About.VectorsFrom() }

// Costs returns the mean costs as predictions that hold for every prompt, without rows if they
// are not known.
func (c *PoolCard) Costs() pool.Matrix {
	return pool.Matrix{Columns: len(c.Pool), Values: c.Mean}
}

// HeldOutPrediction returns the out-of-fold qualities of a training prompt.
func (c *PoolCard) HeldOutPrediction(norm string) (quality []float64, ok bool) {
	i, ok := slices.BinarySearch(c.Out.Norm, norm)
	if !ok {
		return nil, false
	}
	return c.Out.Quality.Row(i), true
}

// Keep stores out-of-fold predictions. Of a repeated prompt it keeps the first ones.
func (c *PoolCard) Keep(norm []string, v Validation) {
	order := make([]int, len(norm))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(norm[a], norm[b]) })
	order = slices.CompactFunc(order, func(a, b int) bool { return norm[a] == norm[b] })
	c.Out = OutOfFold{Quality: v.Quality.Pick(order)}
	for _, i := range order {
		c.Out.Norm = append(c.Out.Norm, norm[i])
	}
}

// Validation is the result of a cross-validation: predictions of every row by routers that
// were trained on the other parts, and chose their settings there. They are at the level of all rows:
// see [Outcomes.Level].
type Validation struct {
	Quality pool.Matrix
	Cost    pool.Matrix // without rows if costs are not known
	Choices []Choice    // the settings that cross-validation over all rows chose for the router itself
}

// Choice is a setting that cross-validation chose.
type Choice struct {
	Of    string  // Of names what the setting is for: a model, or "all models"
	Name  string  // Name is the name of the setting, such as "ridge"
	Value float64 // Value is the chosen value
	Path  []Step  // Path lists the values tried; nil if there was no choice
}
