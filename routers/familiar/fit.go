package familiar

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/routellm/routellm/routers"
)

// Source holds the training prompts of one kind. Norm has the normalised digest of each.
type Source struct {
	Name    string
	Prompts []routers.Prompt
	Norm    []string
}

const (
	largest  = 1000 // number of prompts of a source that are enough
	smallest = 20   // number of prompts that a source needs
	crowd    = 20   // number of prompts per cluster
	folds    = 5
	rounds   = 8
)

// sample holds the scaled prompts of a source that describe it, and the fold of each.
type sample struct {
	rows [][]float32
	fold []int
}

// Fit describes the prompts of sources. It returns nil if a prompt has no vector or no counts, if
// a source has fewer than 20 prompts, or if all prompts are one and the same. Equal sources give equal descriptions, whatever the order of
// their prompts.
func Fit(sources []Source, o Options) *Known {
	samples := make([]sample, len(sources))
	var all [][]float32
	for i, s := range sources {
		var ok bool
		if samples[i], ok = draw(s); !ok {
			return nil
		}
		all = append(all, samples[i].rows...)
	}
	if len(all) == 0 || slices.ContainsFunc(all, func(x []float32) bool { return len(x) != len(all[0]) }) {
		return nil
	}
	k := &Known{space: spaceOf(all, o.Counts)}
	if slices.Max(k.space.scale) == 0 { // every other prompt would be in the same place
		return nil
	}
	for _, x := range all {
		k.space.place(x)
	}
	for i, s := range samples {
		k.parts = append(k.parts, part{source: sources[i].Name, centres: clusters(s.rows, o.Clusters)})
	}
	k.calibrate(samples, o)
	return k
}

// draw returns the unscaled prompts with the smallest digests, in their order.
func draw(s Source) (sample, bool) {
	if len(s.Prompts) < smallest {
		return sample{}, false
	}
	order := make([]int, len(s.Norm))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(s.Norm[a], s.Norm[b]) })
	var out sample
	for _, i := range order[:min(largest, len(order))] {
		x, ok := raw(&s.Prompts[i])
		if !ok {
			return out, false
		}
		h := fnv.New32a()
		h.Write([]byte(s.Norm[i]))
		out.rows, out.fold = append(out.rows, x), append(out.fold, int(h.Sum32()%folds))
	}
	return out, true
}

// clusters returns the centres of k-means, which begins with rows that are drawn far from each other
// (k-means++, Arthur and Vassilvitskii 2007).
func clusters(rows [][]float32, most int) [][]float32 {
	n := min(most, max(1, len(rows)/crowd))
	rng := rand.New(rand.NewPCG(uint64(len(rows)), uint64(n)))
	centres := [][]float32{slices.Clone(rows[rng.IntN(len(rows))])}
	near := make([]float32, len(rows))
	for len(centres) < n {
		total := 0.0
		for i, x := range rows {
			if d := square(x, centres[len(centres)-1]); len(centres) == 1 || d < near[i] {
				near[i] = d
			}
			total += float64(near[i])
		}
		left := rng.Float64() * total
		pick := slices.IndexFunc(near, func(d float32) bool { left -= float64(d); return left < 0 })
		centres = append(centres, slices.Clone(rows[max(0, pick)]))
	}
	for range rounds {
		settle(rows, centres)
	}
	return centres
}

// settle moves each centre to the mean of the rows that are nearest to it.
func settle(rows, centres [][]float32) {
	sums, count := make([][]float64, len(centres)), make([]float64, len(centres))
	for _, x := range rows {
		c, _ := nearest(x, centres)
		if sums[c] == nil {
			sums[c] = make([]float64, len(x))
		}
		count[c]++
		for j, v := range x {
			sums[c][j] += float64(v)
		}
	}
	for c, sum := range sums {
		for j, v := range sum { // a centre without rows stays
			centres[c][j] = float32(v / count[c])
		}
	}
}

// nearest returns the nearest centre and its squared distance.
func nearest(x []float32, centres [][]float32) (index int, distance float32) {
	for c, y := range centres {
		if d := square(x, y); c == 0 || d < distance {
			index, distance = c, d
		}
	}
	return index, distance
}
