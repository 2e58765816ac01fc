package ppi

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Drawn returns the p value of the hypothesis that the gold part was drawn at random, by its cheap
// labels: a test of their mean there and elsewhere that takes clusters into account. It is NaN where
// nothing can be compared, as without other samples.
func (l Labels) Drawn() float64 {
	var x, weight [2][]float64
	var cluster [2][]int
	gold := l.goldRows()
	inverse := l.inverse(gold)
	for i, k := 0, 0; i < len(l.Cheap); i++ {
		part, w := 0, l.weight(i)
		if k < len(gold) && gold[k] == i {
			part, w = 1, w*inverse[k]
			k++
		}
		x[part], weight[part], cluster[part] = append(x[part], l.Cheap[i]), append(weight[part], w), append(cluster[part], l.cluster(i))
	}
	if l.GoldWeight != nil { // the others were then left at unequal rates, and only all samples compare
		x[0], weight[0], cluster[0] = l.Cheap, l.weights(), l.allClusters()
	}
	if len(x[0]) < 2 || len(x[1]) < 2 {
		return math.NaN()
	}
	apart := mean(x[1], weight[1]) - mean(x[0], weight[0])
	squares := squaredError(x[0], weight[0], cluster[0]) + squaredError(x[1], weight[1], cluster[1])
	return math.Erfc(math.Abs(apart) / math.Sqrt(squares) / math.Sqrt2)
}

// leastExpected is the smallest expected number of gold clusters of a group in a test of counts.
const leastExpected = 5

// SameMix returns the p value of the hypothesis that the gold part was drawn at random, by the groups
// that samples belong to, such as tasks: Pearson's test of counts of clusters, where each counts with
// the group of its first sample, and groups too small for it count together. It is NaN if there are
// fewer than two groups.
func (l Labels) SameMix(group []string) float64 {
	var counts [2]map[string]float64
	var total [2]float64
	counts[0], counts[1] = map[string]float64{}, map[string]float64{}
	seen := map[int]bool{}
	for i, y := range l.Gold {
		if c := l.cluster(i); !seen[c] {
			seen[c] = true
			part := 1
			if math.IsNaN(y) {
				part = 0
			}
			counts[part][group[i]]++
			total[part]++
		}
	}
	all := total[0] + total[1]
	var cells [][2]float64
	var rest [2]float64
	for _, g := range distinct(group) {
		cell := [2]float64{counts[0][g], counts[1][g]}
		if (cell[0]+cell[1])*math.Min(total[0], total[1])/all < leastExpected {
			rest[0], rest[1] = rest[0]+cell[0], rest[1]+cell[1]
			continue
		}
		cells = append(cells, cell)
	}
	if (rest[0]+rest[1])*math.Min(total[0], total[1])/all >= leastExpected {
		cells = append(cells, rest)
	}
	if len(cells) < 2 {
		return math.NaN()
	}
	return pearson(cells)
}

// pearson returns the p value of the test that both columns of counts have the same shares.
func pearson(cells [][2]float64) float64 {
	var column [2]float64
	for _, c := range cells {
		column[0], column[1] = column[0]+c[0], column[1]+c[1]
	}
	statistic, all := 0.0, column[0]+column[1]
	for _, c := range cells {
		for k, n := range c {
			expected := (c[0] + c[1]) * column[k] / all
			statistic += float64((n - expected) * (n - expected) / expected)
		}
	}
	return distuv.ChiSquared{K: float64(len(cells) - 1)}.Survival(statistic)
}

// distinct returns each text once, sorted.
func distinct(texts []string) []string { return slices.Compact(slices.Sorted(slices.Values(texts))) }

// weights returns the weight of every sample.
func (l Labels) weights() []float64 {
	out := make([]float64, len(l.Cheap))
	for i := range out {
		out[i] = l.weight(i)
	}
	return out
}

// allClusters returns the cluster of every sample.
func (l Labels) allClusters() []int {
	out := make([]int, len(l.Cheap))
	for i := range out {
		out[i] = l.cluster(i)
	}
	return out
}

// mean returns a weighted mean.
func mean(x, weight []float64) float64 {
	sum, total := 0.0, 0.0
	for i, v := range x {
		sum += float64(weight[i] * v)
		total += weight[i]
	}
	return sum / total
}
