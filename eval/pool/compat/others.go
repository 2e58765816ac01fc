package compat

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
)

// RouterEval holds the figures of RouterEval's program.
type RouterEval struct {
	Mu float64 // mean quality of the router's choices, the first of several best predictions
	VB float64 // Mu over the best constant model's quality
	// Entropy is what the program calls E_p: the mean entropy in bits of the softmax of the
	// predictions. It says nothing on the choices.
	Entropy float64
}

// NewRouterEval returns RouterEval's figures of predicted qualities, one row per prompt.
func NewRouterEval(o pool.Outcomes, quality pool.Matrix) RouterEval {
	r, n := RouterEval{}, float64(o.N())
	for i, m := range Best(quality) {
		r.Mu += o.Quality.At(i, m) / n
		r.Entropy += entropy(quality.Row(i)) / n
	}
	r.VB = r.Mu / slices.Max(pool.NewConstants(o, nil).Quality)
	return r
}

// Best returns the first of the models with the highest predicted quality, for each prompt.
func Best(quality pool.Matrix) []int {
	out := make([]int, quality.Rows())
	for i := range out {
		row := quality.Row(i)
		out[i] = slices.Index(row, slices.Max(row))
	}
	return out
}

// entropy returns the entropy in bits of the softmax.
func entropy(x []float64) float64 {
	top, total, h := slices.Max(x), 0.0, 0.0
	for _, v := range x {
		total += math.Exp(v - top)
	}
	for _, v := range x {
		p := math.Exp(v-top) / total
		h -= float64(p * math.Log2(p))
	}
	return h
}

// LLMRouterBench holds LLMRouterBench's published figures.
type LLMRouterBench struct {
	Accuracy   float64 // AvgAcc
	OverRandom float64 // Gain@R: gain over the mean of all models
	OverBest   float64 // Gain@B: gain over the best constant model
	ToOracle   float64 // Gap@O: share of the oracle's quality that is missing
	// OracleCounted is the oracle's accuracy as its program counts it: the share of prompts on
	// which any model is worth more than 0. It overstates graded qualities.
	OracleCounted float64
	// PerformanceGain (PerfGain) and CostSaving (CostSave) are the best over all settings of the
	// path, chosen on the same prompts: quality over the best constant model's, and 1 minus the
	// relative cost that reaches it. CostSaving is NaN if none reaches it.
	PerformanceGain, CostSaving float64
}

// NewLLMRouterBench returns LLMRouterBench's figures. model[i] is the model chosen for prompt i, and
// path holds the router's settings. It returns an error unless there is one choice per prompt.
func NewLLMRouterBench(o pool.Outcomes, model []int, path *pool.Path) (LLMRouterBench, error) {
	if _, _, err := o.Take(model, 0); err != nil {
		return LLMRouterBench{}, err
	}
	c, n := pool.NewConstants(o, nil), float64(o.N())
	var r LLMRouterBench
	oracle, random := 0.0, 0.0
	for i, m := range model {
		top := slices.Max(o.Quality.Row(i))
		r.Accuracy += o.Quality.At(i, m) / n
		oracle += top / n
		if top > 0 {
			r.OracleCounted += 1 / n
		}
	}
	for _, q := range c.Quality {
		random += q / float64(len(c.Quality))
	}
	best := slices.Max(c.Quality)
	r.OverRandom, r.OverBest, r.ToOracle = r.Accuracy/random-1, r.Accuracy/best-1, 1-r.Accuracy/oracle
	r.PerformanceGain = path.Peak().Quality/best - 1
	r.CostSaving = 1 - path.CostFor(best)/c.Cost[c.Best]
	return r, nil
}
