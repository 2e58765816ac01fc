package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/routellm/routellm/internal/slicesx"
)

// Route returns which samples a router sends to the strong model when it sends the share
// f in [0,1]: the first round(f n) of [RouteOrder].
func Route(scores []float64, f float64, seed uint64) ([]bool, error) {
	if !(f >= 0 && f <= 1) {
		return nil, fmt.Errorf("strong fraction is %v, want it in [0,1]", f)
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

// RouteOrder returns the indices of the samples in the order in which a router sends them
// to the strong model: by descending score. Equal scores are put in a random order of the
// samples that depends on the seed alone, so that routers which cannot tell two samples
// apart choose the same one.
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

// callsOf is the number of strong calls that the share f of n samples stands for.
func callsOf(f float64, n int) int { return int(math.Round(f * float64(n))) }

// Flip says what becomes of a sample that two routers, A and B, both routed.
type Flip int

const (
	// Rescue: A's answer is better than B's; for 0/1 quality, A is right and B wrong.
	Rescue Flip = iota
	// Loss: A's answer is worse than B's.
	Loss
	// Safe: both answers are as good and right, see [Outcomes.Right].
	Safe
	// Hard: both answers are as good and not right, whatever the model not asked would
	// have said.
	Hard
)

// Flips compares two routers' decisions, one a sample, from [Route].
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

// Right returns the quality from which an answer counts as right: half-way from the lowest
// to the highest of all outcomes, which asks for 1 where quality is 0 or 1.
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
