package fit

import (
	"cmp"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// fallback returns the model to call for every prompt without a router: for a quality, the cheapest
// one that is established to keep it, or else the best one; for a budget, the best one within it, or
// else the cheapest.
func (f *fitting) fallback() string {
	byCost := slices.Clone(f.doc.Models)
	slices.SortStableFunc(byCost, f.cheaper)
	best := func(of []results.FitModel) results.FitModel {
		return slices.MaxFunc(of, func(a, b results.FitModel) int { return cmp.Compare(a.Quality, b.Quality) })
	}
	if !math.IsNaN(f.options.Budget) {
		within := slices.DeleteFunc(slices.Clone(byCost), func(m results.FitModel) bool { return float64(m.Cost) > f.options.Budget })
		if len(within) == 0 {
			return byCost[0].Name
		}
		return best(within).Name
	}
	top := best(byCost)
	for _, m := range byCost {
		if m.Name == top.Name || f.keeps(m.Name, top.Name) {
			return m.Name
		}
	}
	return top.Name // not reached: top is one of byCost
}

// cheaper orders models by their cost. Without costs, the weak model of a pair is the cheaper one.
func (f *fitting) cheaper(a, b results.FitModel) int {
	if f.pairwise() && !(a.Cost.Exists() && b.Cost.Exists()) {
		return cmp.Compare(f.rank(a.Name), f.rank(b.Name))
	}
	return cmp.Compare(a.Cost, b.Cost)
}

// rank returns 0 for the weak model of the pair and 1 for the strong one.
func (f *fitting) rank(model string) int {
	return map[bool]int{true: 1}[model == f.pair().Strong]
}

// keeps reports whether a model is established to keep the wanted share of the best one's quality:
// whether quality - share * best quality has a mean above 0, by the one-sided test of guarantees, on
// the training part, at a level that allows for the number of models.
func (f *fitting) keeps(model, top string) bool {
	rows := f.usable(harness.TrainingPart)
	level := (1 - f.options.Confidence) / float64(len(f.data.Models)-1)
	test, err := eval.Outcomes{Weight: f.data.Weights(rows)}.StudentTest(f.data.Clusters(rows), 1-level)
	if err != nil {
		return false
	}
	a, b := slices.Index(f.data.Models, model), slices.Index(f.data.Models, top)
	d, least, most := make([]float64, len(rows)), math.Inf(1), math.Inf(-1)
	for k, i := range rows {
		x, y := f.data.Quality.At(i, a), f.data.Quality.At(i, b)
		d[k] = x - float64(f.options.Quality*y)
		least, most = min(least, x, y), max(most, x, y)
	}
	return test(eval.NewClaim(least-float64(f.options.Quality*most), most, false), d)
}
