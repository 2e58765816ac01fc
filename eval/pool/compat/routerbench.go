package compat

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/text"
)

// Point is one setting of a router on a data set, as RouterBench counts it.
type Point struct {
	Cost    float64 // sum over the prompts, not the mean
	Quality float64 // mean
}

// WillingnessToPay are the settings at which RouterBench measures a router.
var WillingnessToPay = []float64{1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 5e-3, 0.01, 0.1, 0.5, 1, 1.5, 2, 10,
	50, 100, 500, 1000, 2000, 3000, 4000, 5000, 7500, 1e4, 25e3, 5e4, 75e3, 1e5, 1e6, 1e9}

// routerBenchTokens is the number by which RouterBench divides prices per million tokens where it
// means prices per token.
const routerBenchTokens = 1e7

// Choose returns the model that RouterBench's routers call for each prompt at a willingness to pay:
// the first one with the largest pay * quality - price. quality is the predicted quality, one row
// per prompt. prices are each model's prices per million tokens of input plus of output; RouterBench
// divides them by ten million, so that its willingness to pay is not quality per dollar.
func Choose(quality pool.Matrix, prices []float64, pay float64) ([]int, error) {
	if len(prices) != quality.Columns {
		return nil, fmt.Errorf("%s for %s: want one per model", text.Plural(len(prices), "price"), text.Plural(quality.Columns, "model"))
	}
	out := make([]int, quality.Rows())
	for i := range out {
		best := 0.0
		for m, q := range quality.Row(i) {
			if v := float64(q*pay) - prices[m]/routerBenchTokens; m == 0 || v > best {
				out[i], best = m, v
			}
		}
	}
	return out, nil
}

// Points measures a router at every willingness to pay, as RouterBench does; see [Choose].
func Points(o pool.Outcomes, quality pool.Matrix, prices []float64) ([]Point, error) {
	if quality.Rows() != o.N() || quality.Columns != o.Models() {
		return nil, fmt.Errorf("predictions are %d by %d: want %d by %d", quality.Rows(), quality.Columns, o.N(), o.Models())
	}
	var out []Point
	for _, pay := range WillingnessToPay {
		models, err := Choose(quality, prices, pay)
		if err != nil {
			return nil, err
		}
		out = append(out, measure(o, models))
	}
	return out, nil
}

// Constant returns the point of always calling a model.
func Constant(o pool.Outcomes, model int) Point {
	return measure(o, slices.Repeat([]int{model}, o.N()))
}

// Oracle returns RouterBench's oracle: the cheapest of the best models of each prompt, and no cost
// where no model is worth more than 0. Such prompts make it cheaper than any router could be.
func Oracle(o pool.Outcomes) Point {
	p := Point{}
	for i := range o.N() {
		quality, cost := o.Quality.Row(i), o.Cost.Row(i)
		best := 0
		for m, q := range quality {
			if q > quality[best] || q == quality[best] && cost[m] < cost[best] {
				best = m
			}
		}
		p.Quality += quality[best] / float64(o.N())
		if quality[best] > 0 {
			p.Cost += cost[best]
		}
	}
	return p
}

// measure returns the point of calling model[i] for prompt i.
func measure(o pool.Outcomes, model []int) Point {
	p := Point{}
	for i, m := range model {
		p.Quality += o.Quality.At(i, m)
		p.Cost += o.Cost.At(i, m)
	}
	p.Quality /= float64(o.N())
	return p
}

// errHull stands for the IndexError of RouterBench's program.
var errHull = errors.New("RouterBench's hull fails (IndexError) without a point between two other costs: want three different costs")

// Hull returns the "non-decreasing convex hull" of RouterBench's program, by cost. It is no hull:
// it lifts each point to the highest straight line between two others, and drops points that are
// lower than their left neighbour alone. The program fails where no point lies between two others,
// and so does Hull.
func Hull(points []Point) ([]Point, error) {
	sorted := slices.Clone(points)
	slices.SortStableFunc(sorted, func(a, b Point) int { return cmp.Compare(a.Cost, b.Cost) })
	inner := lifted(sorted)
	if len(inner) == 0 {
		return nil, errHull
	}
	all := append([]Point{sorted[0]}, inner...)
	if last := sorted[len(sorted)-1]; last.Quality >= inner[len(inner)-1].Quality {
		all = append(all, last)
	}
	var out []Point
	for k, p := range all {
		if k == 0 || p.Quality >= all[k-1].Quality {
			out = append(out, p)
		}
	}
	return out, nil
}

// lifted returns one point per cost between the lowest and the highest, with the highest quality of
// the points there and of all straight lines between two points. The points are sorted by cost.
func lifted(sorted []Point) []Point {
	var out []Point
	for k, p := range sorted {
		if p.Cost == sorted[0].Cost || p.Cost == sorted[len(sorted)-1].Cost {
			continue
		}
		for i := range k {
			for j := k + 1; j < len(sorted); j++ {
				if a, b := sorted[i], sorted[j]; a.Cost < p.Cost && p.Cost < b.Cost {
					line := (b.Quality-a.Quality)/(b.Cost-a.Cost)*(p.Cost-a.Cost) + a.Quality
					p.Quality = max(p.Quality, line)
				}
			}
		}
		if n := len(out); n > 0 && out[n-1].Cost == p.Cost {
			out[n-1].Quality = max(out[n-1].Quality, p.Quality)
			continue
		}
		out = append(out, p)
	}
	return out
}

// AIQ returns the AIQ that RouterBench's program gives each router, where it computes: the area
// below [Hull] from the router's own lowest cost to the highest cost of all hulls, divided by that
// highest cost. It is not the AIQ of the paper; see [pool.Optimistic] for that one. The program as
// published raises a NameError unless a global variable is set, and needs a NumPy before 2.4. It
// returns an error where Hull does.
func AIQ(routers [][]Point) ([]float64, error) {
	hulls, most := make([][]Point, len(routers)), 0.0
	for k, points := range routers {
		h, err := Hull(points)
		if err != nil {
			return nil, fmt.Errorf("router %d: %w", k, err)
		}
		hulls[k], most = h, max(most, h[len(h)-1].Cost)
	}
	out := make([]float64, len(routers))
	for k, h := range hulls {
		h = append(h, Point{most, h[len(h)-1].Quality})
		for j := 1; j < len(h); j++ {
			out[k] += float64((h[j].Cost - h[j-1].Cost) * (h[j].Quality + h[j-1].Quality) / 2)
		}
		out[k] /= most
	}
	return out, nil
}
