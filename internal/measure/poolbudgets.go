package measure

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// wideRange is the ratio of the ends of a range from which budgets are spaced by their logarithm.
const wideRange = 10

// budgetGrid returns the budgets at which a page shows what routers do: a single one if the range
// is empty.
func budgetGrid(r pool.Range) []float64 {
	if !(r.Hi > r.Lo) {
		return []float64{r.Lo}
	}
	out := make([]float64, results.MaxBudgets)
	for i := range out {
		share := float64(i) / float64(len(out)-1)
		out[i] = r.Lo + float64(share*(r.Hi-r.Lo))
		if r.Lo > 0 && r.Hi >= wideRange*r.Lo {
			out[i] = r.Lo * math.Pow(r.Hi/r.Lo, share)
		}
	}
	out[len(out)-1] = r.Hi
	return out
}

// addBudgets adds the budgets of the range, and what every router does within them.
func (p *Pool) addBudgets() error {
	for _, b := range budgetGrid(pool.Range{Lo: float64(p.doc.Range.Lo), Hi: float64(p.doc.Range.Hi)}) {
		p.doc.Budgets = append(p.doc.Budgets, results.Value(b))
	}
	for _, r := range p.routers {
		var err error
		if r.Budgets, err = p.budgetsOf(r); err != nil {
			return err
		}
	}
	return nil
}

// budgetsOf returns what a router does within each budget.
func (p *Pool) budgetsOf(r *poolRouter) ([]results.PoolBudget, error) {
	var places []pool.Place
	var vertices []int // those between which the places are
	out := make([]results.PoolBudget, len(p.doc.Budgets))
	for _, b := range p.doc.Budgets {
		at, ok := r.path.Within(float64(b))
		if !ok {
			at.K = -1
		}
		places = append(places, at)
		vertices = append(vertices, max(0, at.K-1), max(0, at.K))
	}
	slices.Sort(vertices)
	vertices = slices.Compact(vertices)
	calls, err := p.callsAt(r, vertices)
	if err != nil {
		return nil, err
	}
	for i, at := range places {
		out[i] = results.PoolBudget{PoolPoint: results.PoolPoint{Lambda: results.Missing, Cost: results.Missing, Quality: results.Missing}, Mix: results.Missing, Calls: []results.Value{}}
		if at.K < 0 {
			continue
		}
		if at.K == 0 {
			at.Mix = 1
		}
		out[i].PoolPoint, out[i].Mix = poolPoints([]pool.Vertex{r.path.At(at)})[0], results.Value(at.Mix)
		from, to := calls[max(0, at.K-1)], calls[at.K]
		for m := range to {
			out[i].Calls = append(out[i].Calls, results.Value(float64((1-at.Mix)*from[m])+float64(at.Mix*to[m])))
		}
	}
	return out, nil
}

// callsAt returns, for some vertices of a router's path, the share of the prompts that each of the
// pool's models answers.
func (p *Pool) callsAt(r *poolRouter, vertices []int) (map[int][]float64, error) {
	rows := make([][]float64, len(vertices))
	switch {
	case r.Summary != nil:
		for i, row := 0, r.Summary.Calls(vertices); i < len(rows); i++ {
			rows[i] = row.Row(i)
		}
	case r.Decided == nil:
		lambdas := make([]float64, len(vertices))
		for i, k := range vertices {
			lambdas[i] = r.path.Vertices[k].Lambda
		}
		calls := r.Predictions.Calls(lambdas, p.samples.Weight)
		for i := range rows {
			rows[i] = calls.Row(i)
		}
	default:
		for i, k := range vertices {
			_, mix, err := r.does.at(k, r.path.Vertices[k])
			if err != nil {
				return nil, err
			}
			rows[i] = mix
		}
	}
	out := make(map[int][]float64, len(vertices))
	for i, k := range vertices {
		out[k] = make([]float64, len(p.samples.Names))
		for m, share := range rows[i] {
			out[k][r.Columns[m]] += share
		}
	}
	return out, nil
}
