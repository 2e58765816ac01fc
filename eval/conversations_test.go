package eval

import (
	"math"
	"math/rand/v2"
	"sort"
)

// longest is the largest number of prompts of a simulated conversation.
const longest = 1000

// sizes is a distribution of the number of prompts of a conversation, from 1 to longest.
type sizes struct{ below []float64 } // probability of at most k+1 prompts

// conversationSizes returns the distributions of sizes that the simulations use, with means
// of 4, 5.4 and 6.3. Without the limit of 1,000 prompts, the variance of the Pareto sizes would
// not exist.
func conversationSizes() (geometric, lognormal, pareto sizes) {
	return newSizes(func(k float64) float64 { return math.Pow(0.75, k) }),
		newSizes(func(k float64) float64 { return math.Erfc(math.Log(k/3)/math.Sqrt2) / 2 }),
		newSizes(func(k float64) float64 { return min(1, math.Pow(k/2, -1.5)) })
}

// newSizes returns the distribution in which more than k prompts have the probability above(k).
func newSizes(above func(k float64) float64) sizes {
	s := sizes{below: make([]float64, longest)}
	for k := range s.below {
		s.below[k] = 1 - above(float64(k+1))
	}
	s.below[longest-1] = 1
	return s
}

// alone is the size of a conversation of one prompt.
var alone = newSizes(func(float64) float64 { return 0 })

func (s sizes) draw(r *rand.Rand) int { return 1 + sort.SearchFloat64s(s.below, r.Float64()) }

// mean returns the mean of f over the sizes.
func (s sizes) mean(f func(m float64) float64) float64 {
	before, out := 0.0, 0.0
	for k, p := range s.below {
		out += (p - before) * f(float64(k+1))
		before = p
	}
	return out
}

// perPrompt returns the mean of f over prompts, where f is the same for all m prompts of a
// conversation.
func (s sizes) perPrompt(f func(m float64) float64) float64 {
	return s.mean(func(m float64) float64 { return m * f(m) }) / s.mean(func(m float64) float64 { return m })
}

// loss is the probability with which the weak model fails on all m prompts of a conversation.
type loss func(m float64) float64

func evenly(float64) float64     { return 0.1 }
func likelier(m float64) float64 { return 0.4 * m / (m + 10) }
func rarely(m float64) float64   { return 0.04 * m / (m + 10) }
func nearly(m float64) float64   { return 0.9 * m * m / (m*m + 400) }

// conversations is a population of conversations. The strong model answers each prompt
// correctly with probability strong. The weak model answers as correctly as the strong one, but
// fails on all prompts of a lost conversation. The prompts of a conversation share a score,
// uniform in [0,1] and independent of everything else. The n-th prompt of a conversation costs n
// units times a lognormal factor with the strong model, and a tenth of that with the weak one.
type conversations struct {
	sizes
	fails  loss
	strong float64
}

// talks holds samples of conversations.
type talks struct {
	Outcomes
	scores, costStrong, costWeak []float64
	cluster                      []int
}

const costSpread = 0.5 // standard deviation of the logarithm of a cost's factor

func (p conversations) draw(r *rand.Rand, n int) talks {
	var t talks
	for id := range n {
		m, score := p.sizes.draw(r), r.Float64()
		lost := r.Float64() < p.fails(float64(m))
		for turn := range m {
			strong := bit(r, p.strong)
			weak := strong
			if lost {
				weak = 0
			}
			cost := float64(turn+1) * math.Exp(costSpread*r.NormFloat64())
			t.Strong, t.Weak = append(t.Strong, strong), append(t.Weak, weak)
			t.costStrong, t.costWeak = append(t.costStrong, cost), append(t.costWeak, cost/10)
			t.scores, t.cluster = append(t.scores, score), append(t.cluster, id)
		}
	}
	return t
}

// lost returns the share of prompts in lost conversations.
func (p conversations) lost() float64 { return p.perPrompt(p.fails) }

// cost returns the mean cost of a prompt if the strong model is called at score >= threshold.
func (p conversations) cost(threshold float64) float64 {
	strong := p.perPrompt(func(m float64) float64 { return (m + 1) / 2 }) * math.Exp(costSpread*costSpread/2)
	return strong * (1 - 0.9*threshold)
}
