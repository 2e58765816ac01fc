package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/routellm/routellm/internal/slicesx"
)

// Route returns, for each sample, whether a router with strong fraction f in [0,1] sends it
// to the strong model: the first round(f n) samples of [RouteOrder]. It returns an error for
// f outside [0,1] or a non-finite score.
func Route(scores []float64, f float64, seed uint64) ([]bool, error) {
	if !(f >= 0 && f <= 1) {
		return nil, fmt.Errorf("strong fraction is %v: want a number in [0,1]", f)
	}
	order, err := RouteOrder(scores, seed)
	if err != nil {
		return nil, err
	}
	strong := make([]bool, len(scores))
	for _, i := range order[:callsOf(f, len(scores))] {
		strong[i] = true
	}
	return strong, nil
}

// RouteOrder returns the indices of the samples in the order in which a router sends them to
// the strong model: by descending score. Ties are broken at random, in an order of the samples
// that depends only on the seed, so that routers with the same tie choose the same samples. It
// returns an error for a non-finite score.
func RouteOrder(scores []float64, seed uint64) ([]int, error) {
	shuffled := rand.New(rand.NewPCG(seed, 0)).Perm(len(scores))
	ranked, err := rank(slicesx.Pick(scores, shuffled))
	if err != nil {
		return nil, err
	}
	order := make([]int, len(ranked))
	for k, r := range ranked {
		order[k] = shuffled[r.index]
	}
	return order, nil
}

// callsOf returns the number of strong calls among n samples at strong fraction f.
func callsOf(f float64, n int) int { return int(math.Round(f * float64(n))) }

// Flip compares the answers that two routers, A and B, get for one sample.
type Flip int

// The four outcomes of a comparison.
const (
	// Rescue means that A's answer is better than B's. For 0/1 quality, A is correct and B is
	// wrong.
	Rescue Flip = iota
	// Loss means that A's answer is worse than B's.
	Loss
	// Safe means that both answers are equally good, and correct: see [Outcomes.Right].
	Safe
	// Hard means that both answers are equally good, and wrong. The other model might have
	// been correct.
	Hard
)

// Flips compares two routers' decisions, a and b, as [Route] returns them. It returns one
// Flip per sample.
func Flips(o Outcomes, a, b []bool) []Flip {
	right := o.Right()
	quality := func(strong bool, i int) float64 {
		if strong {
			return o.Strong[i]
		}
		return o.Weak[i]
	}
	out := make([]Flip, o.N())
	for i := range out {
		switch x, y := quality(a[i], i), quality(b[i], i); {
		case x > y:
			out[i] = Rescue
		case x < y:
			out[i] = Loss
		case x >= right:
			out[i] = Safe
		default:
			out[i] = Hard
		}
	}
	return out
}

// Right returns the quality from which an answer counts as correct: halfway between the
// lowest and the highest of all outcomes. For 0/1 quality only 1 is correct. It panics if
// there are no samples.
func (o Outcomes) Right() float64 {
	lowest := min(slices.Min(o.Strong), slices.Min(o.Weak))
	highest := max(slices.Max(o.Strong), slices.Max(o.Weak))
	return lowest + (highest-lowest)/2
}

// Binary reports whether every quality is 0 or 1.
func (o Outcomes) Binary() bool {
	other := func(q float64) bool { return q != 0 && q != 1 }
	return !slices.ContainsFunc(o.Strong, other) && !slices.ContainsFunc(o.Weak, other)
}
