package swranking

import (
	"cmp"
	"math"
	"slices"
)

// NumTiers is the number of tiers into which RouteLLM groups the models of Chatbot Arena.
const NumTiers = 10

// tiersOf groups models by strength into at most k tiers, 0 for the strongest. It finds
// the division with the smallest sum of the tiers' variances by dynamic programming.
// Among equal divisions it takes the one whose last tiers are largest.
func tiersOf(strength []float64, k int) []int {
	n := len(strength)
	k = min(k, n)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(strength[b], strength[a]) })
	sorted := make([]float64, n)
	for i, model := range order {
		sorted[i] = strength[model]
	}
	tier, end := make([]int, n), n
	cut := cuts(sorted, k)
	for t := k; t > 0; t-- {
		for _, model := range order[cut[t][end]:end] {
			tier[model] = t - 1
		}
		end = cut[t][end]
	}
	return tier
}

// cuts returns, for every t up to k and every i, the start of the last tier if t tiers
// divide the first i values.
func cuts(sorted []float64, k int) [][]int {
	n := len(sorted)
	best, cut := make([]float64, n+1), make([][]int, k+1)
	for i := range best {
		best[i] = math.Inf(1)
	}
	best[0] = 0
	for t := 1; t <= k; t++ {
		next := make([]float64, n+1)
		cut[t] = make([]int, n+1)
		for i := range next {
			next[i] = math.Inf(1)
			for from := range i {
				if total := best[from] + variance(sorted[from:i]); total < next[i] {
					next[i], cut[t][i] = total, from
				}
			}
		}
		best = next
	}
	return cut
}

// variance returns the population variance.
func variance(x []float64) float64 {
	mean, sum := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sum += float64((v - mean) * (v - mean))
	}
	return sum / float64(len(x))
}
