package training

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
)

// Folded holds the out-of-fold scores of one division into folds: a router that was trained
// without the prompts of a fold scores the prompts of that fold.
type Folded struct {
	Score []float64 // Score has one score per prompt
	Fold  []int     // Fold holds the fold of each prompt, from 0: see [FoldsOf]
}

// WithinFolds returns the APGR that scores have inside their folds, averaged over folds by their
// number of prompts and over divisions, and its standard error. gain has one gain per prompt, NaN if
// unknown; norm has the digests of the prompts, of which equal ones are not independent. Both results
// are NaN if the mean gain is not above 0 or no fold has two prompts.
//
// Scores of different folds are never compared. The prompts of a fold are missing from what its
// router was trained on: where they gain more, the others gain less, and so do the predictions. A
// router without skill would therefore be worse than random. Predictions from all prompts but one
// suffer most of all.
func WithinFolds(gain []float64, norm []string, divisions []Folded) (apgr, se float64) {
	known := knownRows(gain)
	g, id := slicesx.Pick(gain, known), eval.ClusterIDs(slicesx.Pick(norm, known))
	mu := Mean(g)
	if !(mu > 0) {
		return math.NaN(), math.NaN()
	}
	area, influence, measured := 0.0, make([]float64, len(g)), 0.0
	for _, d := range divisions {
		a, of, ok := d.area(known, g)
		if ok {
			area, measured = area+a, measured+1
			floats.Add(influence, of)
		}
	}
	if measured == 0 {
		return math.NaN(), math.NaN()
	}
	area /= measured
	for i := range influence { // that of a ratio: the mean gain has an error too
		influence[i] = (influence[i]/measured - float64(area/mu*(g[i]-mu))) / mu
	}
	return 0.5 + area/mu, eval.ClusterSE(influence, id)
}

// area returns the area over random within the folds, in units of gain, and the influence of each
// known row on it. ok is false if no fold has two known rows.
func (d Folded) area(known []int, gain []float64) (area float64, influence []float64, ok bool) {
	rows := map[int][]int{} // indices into known and gain, by fold
	folds := 0
	for k, i := range known {
		rows[d.Fold[i]], folds = append(rows[d.Fold[i]], k), max(folds, d.Fold[i]+1)
	}
	total := 0.0
	influence = make([]float64, len(known))
	for fold := range folds {
		in := rows[fold]
		if len(in) < 2 {
			continue
		}
		g := slicesx.Pick(gain, in)
		a, of, err := eval.AreaInfluence(eval.Outcomes{Strong: g, Weak: make([]float64, len(g))}, slicesx.Pick(d.Score, slicesx.Pick(known, in)))
		if err != nil {
			continue
		}
		// Half of a prompt's own rank is itself, which makes areas of few prompts too small.
		n := float64(len(in))
		area += float64(a * n * n / (n - 1))
		for k, i := range in {
			influence[i] = of[k] * n / (n - 1)
		}
		total += n
	}
	floats.Scale(float64(len(known))/max(total, 1), influence)
	return area / max(total, 1), influence, total > 0
}

// knownRows returns the indices of the finite values.
func knownRows(x []float64) (rows []int) {
	for i, v := range x {
		if num.Finite(v) {
			rows = append(rows, i)
		}
	}
	return rows
}

// Level returns scores moved from the level of what each fold's router was trained on to that of all
// rows: it adds the difference of the mean labels. label and score have one value per row, in one unit.
//
// A router's level is the mean label that it was trained on, which is lower where the labels of the
// fold that it scores are higher. Scores of different folds are compared in calibration: without this
// step they would follow the opposite of their folds' means.
func (d Folded) Level(label []float64) []float64 {
	var sum, n [Folds]float64
	for i, f := range d.Fold {
		sum[f], n[f] = sum[f]+label[i], n[f]+1
	}
	total, rows := floats.Sum(sum[:]), floats.Sum(n[:])
	out := slices.Clone(d.Score)
	for i, f := range d.Fold {
		if others := rows - n[f]; others > 0 {
			out[i] += total/rows - (total-sum[f])/others
		}
	}
	return out
}
