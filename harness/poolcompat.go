package harness

import (
	"fmt"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/eval/pool/compat"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// The tools whose figures [RunOptions.PoolCompat] computes.
const (
	RouterBench = "routerbench"
	RouterArena = "routerarena"
)

// CompatTools lists them.
func CompatTools() []string { return []string{RouterBench, RouterArena} }

// compat computes the figures of another tool.
func (p *Pool) compat(s *ScoredPool, tool string) (*results.PoolCompat, error) {
	if p.axis != results.CostAxis {
		return nil, hint.With(fmt.Errorf("the figures of %s are in dollars: found the axis %s", tool, p.axis), "leave out --axis or --compat")
	}
	out := &results.PoolCompat{Tool: tool}
	var err error
	if tool == RouterArena {
		out.Rows, err = arenaRows(s)
	} else {
		out.Rows, err = p.benchRows(s)
	}
	return out, err
}

// arenaRows returns RouterArena's figures of each model and of each router where cost does not
// matter.
func arenaRows(s *ScoredPool) ([]results.PoolCompatRow, error) {
	var rows []results.PoolCompatRow
	add := func(name string, model []int, own float64) error {
		row, err := arenaRow(s.Outcomes, name, model, own)
		rows = append(rows, row)
		return err
	}
	for m, name := range s.Models {
		if err := add(name, sameModel(s.Outcomes.N(), m), 0); err != nil {
			return nil, err
		}
	}
	for _, r := range s.Routers {
		if err := add(r.Name, r.last(s.Outcomes), r.OwnCost); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func arenaRow(o pool.Outcomes, name string, model []int, own float64) (results.PoolCompatRow, error) {
	row := noCompatRow(name)
	d, _, err := o.Take(model, own)
	if err != nil {
		return row, err
	}
	a, err := compat.ComputeScores.Measure(d.Quality, d.Cost)
	if err != nil {
		return row, fmt.Errorf("%s: %w", name, err)
	}
	x, err := compat.NewOptimality(o, model)
	row.Cost, row.Quality, row.Score = results.Value(a.Cost/1000), results.Value(a.Accuracy), results.Value(a.Score)
	row.OptSelection, row.OptCost, row.OptAccuracy = results.Value(x.Selection), results.Value(x.Cost), results.Value(x.Accuracy)
	return row, err
}

// sameModel returns the choice of one model for n prompts.
func sameModel(n, model int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = model
	}
	return out
}

// last returns the models that a router chooses where cost does not matter: of equally good ones
// the cheapest.
func (r PooledRouter) last(o pool.Outcomes) []int {
	out := make([]int, o.N())
	if r.Decided != nil {
		for i, c := range r.Decided.Choices(len(r.Decided.Points)) {
			out[i] = r.Columns[c.Model]
		}
		return out
	}
	p := r.Predictions
	for i := range out {
		k := p.Cost.Row(0)
		if p.Cost.Rows() > 1 {
			k = p.Cost.Row(i)
		}
		out[i] = r.Columns[pool.Policy{}.Choose(p.Quality.Row(i), k, 0)]
	}
	return out
}

// benchRows returns RouterBench's figures of each model, its oracle, and the AIQ of each router that
// predicts, over RouterBench's willingness to pay.
func (p *Pool) benchRows(s *ScoredPool) ([]results.PoolCompatRow, error) {
	prices := make([]float64, len(s.Models))
	for m, name := range s.Models {
		price, _, err := p.pricing.price(name)
		if err != nil {
			return nil, hint.With(fmt.Errorf("RouterBench chooses by prices: %w", err), "name them: --price MODEL=IN,OUT or --prices FILE")
		}
		prices[m] = price.Input + price.Output
	}
	n := float64(s.Outcomes.N())
	point := func(name string, x compat.Point) results.PoolCompatRow {
		row := noCompatRow(name)
		row.Cost, row.Quality = results.Value(x.Cost/n), results.Value(x.Quality)
		return row
	}
	var rows []results.PoolCompatRow
	for m, name := range s.Models {
		rows = append(rows, point(name, compat.Constant(s.Outcomes, m)))
	}
	rows = append(rows, point("oracle", compat.Oracle(s.Outcomes)))
	names, routers, err := s.benchRouters(prices)
	if err != nil || len(routers) == 0 {
		return rows, err
	}
	aiq, err := compat.AIQ(routers)
	if err != nil {
		return nil, err
	}
	for k, name := range names {
		row := noCompatRow(name)
		row.AIQ = results.Value(aiq[k])
		rows = append(rows, row)
	}
	return rows, nil
}

// benchRouters measures each router that predicts all models at RouterBench's willingness to pay.
func (s *ScoredPool) benchRouters(prices []float64) (names []string, points [][]compat.Point, err error) {
	for _, r := range s.Routers {
		if r.Decided != nil || r.Predictions.Scores || r.Oracle {
			continue
		}
		x, err := compat.Points(s.Outcomes, r.Predictions.Quality, prices)
		if err != nil {
			return nil, nil, fmt.Errorf("router %q: %w", r.Name, err)
		}
		names, points = append(names, r.Name), append(points, x)
	}
	return names, points, nil
}

// noCompatRow returns a row without figures.
func noCompatRow(name string) results.PoolCompatRow {
	none := results.Missing
	return results.PoolCompatRow{Name: name, Cost: none, Quality: none, AIQ: none, Score: none, OptSelection: none, OptCost: none, OptAccuracy: none}
}
