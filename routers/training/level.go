package training

import (
	"math"

	"github.com/routellm/routellm/eval/pool"
)

// Level moves predictions of each part of a division to the level of all rows: see [Outcomes.Relevel].
func (o *Outcomes) Level(d Division, v Validation) Validation {
	rows := make([][]int, d.Parts)
	for i, of := range d.Of {
		rows[of] = append(rows[of], i)
	}
	for part := range rows {
		o.Relevel(pool.Predictions{Quality: v.Quality, Cost: v.Cost}, rows[part], func(i int) bool { return d.Of[i] != part })
	}
	return v
}

// Relevel moves predictions of some rows, which have one row per row of the outcomes, from the level
// of the rows that their router was trained on to that of all rows. It adds the difference of a
// model's mean qualities to predicted qualities, and multiplies predicted costs by the ratio of the
// mean costs.
//
// A router's level is the mean of what it was trained on, which is lower where the rows that it
// predicts are better. Predictions of different parts are compared as if they were one router's:
// without this step they would follow the opposite of their parts' means.
func (o *Outcomes) Relevel(p pool.Predictions, rows []int, trained func(row int) bool) {
	every := func(int) bool { return true }
	from, to := columnMeans(o.Quality, trained), columnMeans(o.Quality, every)
	for _, i := range rows {
		for m, v := range p.Quality.Row(i) {
			if moved := v - from[m] + to[m]; !math.IsNaN(moved) {
				p.Quality.Row(i)[m] = moved
			}
		}
	}
	if p.Cost.Rows() == 0 || o.Cost.Rows() == 0 {
		return
	}
	from, to = columnMeans(o.Cost, trained), columnMeans(o.Cost, every)
	for _, i := range rows {
		for m, v := range p.Cost.Row(i) {
			if from[m] > 0 && to[m] > 0 {
				p.Cost.Row(i)[m] = v / from[m] * to[m]
			}
		}
	}
}

// columnMeans returns the mean of the known values of each column over some rows, NaN without any.
func columnMeans(x pool.Matrix, use func(row int) bool) []float64 {
	sum, n := make([]float64, x.Columns), make([]float64, x.Columns)
	for i := range x.Rows() {
		if !use(i) {
			continue
		}
		for m, v := range x.Row(i) {
			if !math.IsNaN(v) {
				sum[m], n[m] = sum[m]+v, n[m]+1
			}
		}
	}
	for m := range sum {
		sum[m] /= n[m]
	}
	return sum
}
