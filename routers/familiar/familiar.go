// Package familiar tells prompts that resemble a router's training prompts from those that are
// unlike all of them. [Fit] describes the training prompts by clusters per source,
// [Known.Unlike] compares a prompt with them.
//
// A prompt's distance from a source is that from the nearest of the source's cluster centres, in
// the prompt's vector and the logarithms of its counts. The unit of the distance is the one that
// 95 % of the source's own prompts keep within, measured on prompts that the clusters were not made
// of. A prompt is unlike the training prompts if its smallest distance is above a limit, which is set
// such that 5 % of held-out training prompts are.
package familiar

import (
	"math"
	"slices"

	"github.com/routellm/routellm/routers"
)

// Flagged is the share of held-out training prompts, averaged over the sources, that are said to be
// unlike the training prompts.
const Flagged = 0.05

// Chosen returns the options for every router. Of those tried, they tell the most prompts of the
// built-in sources with labels from those of the other sources (make unlike, docs/results.md).
func Chosen() Options { return Options{Clusters: 16, Counts: 2} }

// Options selects the form of the description.
type Options struct {
	Clusters int     // Clusters is the largest number of clusters of a source
	Counts   float64 // Counts is the weight of a count, in standard deviations, beside the vector's total standard deviation of 1
}

// Known describes training prompts. It is safe for concurrent use. A nil Known is of a router whose
// training prompts are not known: no prompt is unlike them.
type Known struct {
	space space
	parts []part
}

// part holds the clusters of a source.
type part struct {
	source  string
	centres [][]float32
	limit   float32 // squared distance from which on a prompt is unlike the source
}

// counts are the features that tell prompts apart.
var counts = routers.Counts()

// space scales prompts: the vector as a whole to a total variance of 1, and each count to a
// standard deviation of Options.Counts, within bound.
type space struct {
	mean, scale []float32
	bound       float32
}

// farthest limits scaled counts, in standard deviations.
const farthest = 4

// raw returns the vector and the logarithms of the counts; ok is false if one of them is missing or
// not finite.
func raw(p *routers.Prompt) (x []float32, ok bool) {
	if len(p.Vector) == 0 || p.CheckVector() != nil {
		return nil, false
	}
	x = append(make([]float32, 0, len(p.Vector)+len(counts)), p.Vector...)
	for _, name := range counts {
		c, err := p.Count(name)
		if err != nil || math.IsNaN(c) {
			return nil, false
		}
		x = append(x, float32(math.Log1p(c)))
	}
	return x, true
}

// spaceOf returns the space of unscaled rows.
func spaceOf(rows [][]float32, weight float64) space {
	d, n := len(rows[0]), float64(len(rows))
	mean, variance := make([]float64, d), make([]float64, d)
	for _, x := range rows {
		for j, v := range x {
			mean[j] += float64(v) / n
		}
	}
	total := 0.0
	for _, x := range rows {
		for j, v := range x {
			e := float64(v) - mean[j]
			variance[j] += float64(e*e) / n
		}
	}
	for _, v := range variance[:d-len(counts)] {
		total += v
	}
	s := space{make([]float32, d), make([]float32, d), farthest * float32(weight)}
	for j := range s.mean {
		s.mean[j], s.scale[j] = float32(mean[j]), inverse(total)
		if j >= d-len(counts) {
			s.scale[j] = float32(weight) * inverse(variance[j])
		}
	}
	return s
}

// inverse returns 1 over the root of a variance, 0 for a constant.
func inverse(variance float64) float32 {
	if variance < 1e-12 {
		return 0
	}
	return float32(1 / math.Sqrt(variance))
}

// place scales a row in place.
func (s space) place(x []float32) {
	for j := range x {
		x[j] = (x[j] - s.mean[j]) * s.scale[j]
		if j >= len(x)-len(counts) {
			x[j] = max(-s.bound, min(s.bound, x[j]))
		}
	}
}

// Unlike reports whether a prompt is unlike all training prompts. It returns false for a prompt
// without a vector of the training's length or without counts: nothing can be said of it.
func (k *Known) Unlike(p *routers.Prompt) bool {
	if k == nil || len(k.parts) == 0 {
		return false
	}
	x, ok := raw(p)
	if !ok || len(x) != len(k.space.mean) {
		return false
	}
	k.space.place(x)
	return !slices.ContainsFunc(k.parts, func(p part) bool { return p.holds(x) })
}

// Length returns the logarithm of a prompt's number of characters, in standard deviations from the mean
// of the training prompts. It has no bound, so that prompts are in the order of their lengths. It
// returns 0 for a prompt without counts.
func (k *Known) Length(p *routers.Prompt) float64 {
	chars, err := p.Count(routers.Chars)
	if k == nil || err != nil {
		return 0
	}
	at := len(k.space.mean) - len(counts) + slices.Index(counts[:], routers.Chars)
	unit := float64(k.space.bound) / farthest // of scaled counts
	return (math.Log1p(chars) - float64(k.space.mean[at])) * float64(k.space.scale[at]) / unit
}

// holds reports whether a scaled prompt is within the limit of a cluster.
func (p part) holds(x []float32) bool {
	return slices.ContainsFunc(p.centres, func(c []float32) bool { return within(x, c, p.limit) })
}

// within reports whether the squared distance of two points is at most limit.
func within(a, b []float32, limit float32) bool {
	const step = 32 // components between looks at the limit
	sum := float32(0)
	for from := 0; from < len(a); from += step {
		to := min(from+step, len(a))
		if sum += square(a[from:to], b[from:to]); sum > limit {
			return false
		}
	}
	return true
}

// square returns the squared distance of two points of equal length.
func square(a, b []float32) float32 {
	sum := float32(0)
	b = b[:len(a)]
	for j, v := range a {
		d := v - b[j]
		sum += float32(d * d)
	}
	return sum
}

// Only returns what is known of the sources for which keep is true.
func (k *Known) Only(keep func(source string) bool) *Known {
	if k == nil {
		return nil
	}
	out := &Known{space: k.space}
	for _, p := range k.parts {
		if keep(p.source) {
			out.parts = append(out.parts, p)
		}
	}
	return out
}
