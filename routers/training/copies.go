package training

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/routellm/routellm/routers"
)

// A near-duplicate of a benchmark's prompt must not be trained on either. RouteLLM calls
// a prompt contaminated from cosine copyCosine on; copyLength is the largest ratio of
// lengths.
const (
	copyCosine = 0.95
	copyLength = 1.1
)

// sized holds a prompt's direction and the logarithm of its length.
type sized struct {
	direction []float64 // scaled to length 1; zero for a prompt without tokens
	length    float64   // log(1 + characters); NaN if unknown
}

// Copies returns the normalised digests of the rows whose prompt is in a benchmark, or is
// a near-duplicate of a prompt there.
func Copies(rows Rows, benchmarks []Rows) map[string]bool {
	known := map[string]bool{}
	var all []sized
	for _, b := range benchmarks {
		for i, norm := range b.Table.PromptNormSHA256 {
			known[norm] = true
			all = append(all, newSized(b.Prompts[i]))
		}
	}
	slices.SortFunc(all, func(a, b sized) int { return cmp.Compare(a.length, b.length) })
	out := map[string]bool{}
	for i, norm := range rows.Table.PromptNormSHA256 {
		if known[norm] || hasNear(all, newSized(rows.Prompts[i])) {
			out[norm] = true
		}
	}
	return out
}

func newSized(p routers.Prompt) sized {
	direction := make([]float64, len(p.Vector))
	for k, v := range p.Vector {
		direction[k] = float64(v)
	}
	if norm := floats.Norm(direction, 2); norm > 0 {
		floats.Scale(1/norm, direction)
	}
	chars, err := p.Count(routers.Chars)
	if err != nil {
		chars = math.NaN() // may match a prompt of any length
	}
	return sized{direction, math.Log1p(chars)}
}

// hasNear reports whether a near-duplicate of x is in all, which is sorted by length.
// Prompts of unknown length come first; they may match any length, and so may an x of
// unknown length.
func hasNear(all []sized, x sized) bool {
	window := math.Log(copyLength)
	for _, y := range all {
		if !math.IsNaN(y.length) {
			break
		}
		if floats.Dot(x.direction, y.direction) >= copyCosine {
			return true
		}
	}
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
