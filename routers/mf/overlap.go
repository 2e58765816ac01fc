package mf

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// Near copies of a benchmark's prompt must not be trained on either: the cosine
// from which RouteLLM calls a prompt contaminated, and how much lengths may differ.
const (
	copyCosine = 0.95
	copyLength = 1.1
)

// sized is a prompt's direction with the logarithm of its length.
type sized struct {
	direction []float64 // of length 1; zero for a prompt without tokens
	length    float64   // log(1 + characters)
}

// Copies returns the normalised digests of the rows that are in a benchmark, or
// near copies of one of its prompts.
func Copies(rows Rows, benchmarks []Rows) map[string]bool {
	known := map[string]bool{}
	var all []sized
	for _, b := range benchmarks {
		for i, norm := range b.Table.PromptNormSHA256 {
			known[norm] = true
			all = append(all, newSized(b.Inputs[i]))
		}
	}
	slices.SortFunc(all, func(a, b sized) int { return cmp.Compare(a.length, b.length) })
	out := map[string]bool{}
	for i, norm := range rows.Table.PromptNormSHA256 {
		if known[norm] || hasNear(all, newSized(rows.Inputs[i])) {
			out[norm] = true
		}
	}
	return out
}

func newSized(x []float64) sized {
	cut := len(x) - counts
	direction := slices.Clone(x[:cut])
	floats.Scale(inverse(floats.Norm(direction, 2)), direction)
	return sized{direction, x[cut]}
}

// hasNear looks for a near copy among prompts sorted by length.
func hasNear(all []sized, x sized) bool {
	window := math.Log(copyLength)
	from, _ := slices.BinarySearchFunc(all, x.length-window, func(a sized, v float64) int { return cmp.Compare(a.length, v) })
	for _, y := range all[from:] {
		if y.length > x.length+window {
			return false
		}
		if floats.Dot(x.direction, y.direction) >= copyCosine {
			return true
		}
	}
	return false
}
