package familiar

import (
	"cmp"
	"math"
	"slices"
)

// own is the share of a source's held-out prompts within the unit of its distance.
const own = 1 - Flagged

// calibrate sets the limits of the parts. The distances of held-out prompts come from clusters of
// the other folds.
func (k *Known) calibrate(samples []sample, o Options) {
	distance := make([][][]float32, len(samples)) // by source, row and part
	for i, s := range samples {
		distance[i] = make([][]float32, len(s.rows))
	}
	for fold := range folds {
		centres := make([][][]float32, len(samples))
		for i, s := range samples {
			centres[i] = clusters(s.outside(fold), o.Clusters)
		}
		for i, s := range samples {
			for r, x := range s.rows {
				if s.fold[r] != fold {
					continue
				}
				for _, c := range centres {
					_, d := nearest(x, c)
					distance[i][r] = append(distance[i][r], d)
				}
			}
		}
	}
	unit := make([]float32, len(samples))
	for i := range samples {
		unit[i] = ownUnit(distance[i], i)
	}
	factor := limitOf(distance, unit)
	for i := range k.parts {
		k.parts[i].limit = factor * unit[i]
	}
}

// outside returns the rows that are not in a fold; all rows if there are none.
func (s sample) outside(fold int) [][]float32 {
	var out [][]float32
	for r, x := range s.rows {
		if s.fold[r] != fold {
			out = append(out, x)
		}
	}
	if out == nil {
		return s.rows
	}
	return out
}

// ownUnit returns the distance within which 95 % of a source's rows are of the source itself.
func ownUnit(distance [][]float32, source int) float32 {
	var all []float32
	for _, d := range distance {
		all = append(all, d[source])
	}
	slices.Sort(all)
	at := min(len(all)-1, int(math.Ceil(own*float64(len(all))))-1)
	return max(all[at], math.SmallestNonzeroFloat32)
}

// limitOf returns the distance in units of the sources above which Flagged of all rows are, each
// source counting alike.
func limitOf(distance [][][]float32, unit []float32) float32 {
	type weighted struct{ distance, weight float64 }
	var all []weighted
	for _, rows := range distance {
		for _, d := range rows {
			least := math.Inf(1)
			for k, v := range d {
				least = min(least, float64(v/unit[k]))
			}
			all = append(all, weighted{least, 1 / float64(len(rows)*len(distance))})
		}
	}
	slices.SortFunc(all, func(a, b weighted) int { return cmp.Compare(a.distance, b.distance) })
	sum := 0.0
	for _, w := range all {
		if sum += w.weight; sum >= own-1e-9 {
			return float32(w.distance)
		}
	}
	return float32(all[len(all)-1].distance)
}
