package eval

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
)

// pair draws the quality of the strong and of the weak model on one prompt.
type pair func(*rand.Rand) (strong, weak float64)

// clusterSize draws the number of prompts of one cluster.
type clusterSize func(*rand.Rand) int

// prompts is an infinite population of prompts with routers whose scores are skill times what
// they see of the gain plus standard normal noise.
type prompts struct {
	draw  pair
	skill float64
	sees  func(gain float64) float64
	size  clusterSize // nil for clusters of one
	// shared is the share of a cluster's prompts that have the same outcome, and of their noise
	// that is common.
	shared float64
	// twin, unless 0, is the share of prompts on which the last router's score is noise. On the
	// others it is the first router's. Else the last router has half the skill.
	twin  float64
	truth func() [2]*Curve // curves of the first and of the last router
}

// simulated returns prompts on which a router sees the logarithm of large gains. Their true curves
// are those of many prompts.
func simulated(skill float64, draw pair) prompts {
	return prompts{draw: draw, skill: skill, sees: func(g float64) float64 { return math.Copysign(math.Log1p(math.Abs(g)), g) }}.known(50_000)
}

// twins returns the prompts with a last router like the first.
func (p prompts) twins(share float64) prompts {
	p.twin = share
	return p.known(50_000)
}

// known returns the prompts with true curves from so many of them.
func (p prompts) known(many int) prompts {
	p.truth = sync.OnceValue(func() (out [2]*Curve) {
		o, _, scores := p.sample(rand.New(rand.NewPCG(41, 42)), many)
		for k, s := range [][]float64{scores[0], scores[2]} {
			var err error
			if out[k], err = NewCurve(o, s); err != nil {
				panic(err)
			}
		}
		return out
	})
	return p
}

// benchmark returns prompts like those of a built-in benchmark.
func benchmark(t testing.TB, name string) prompts {
	p := readPopulation(t, name, 0.5)
	lesser := p
	lesser.skill /= 2
	draw := func(r *rand.Rand) (strong, weak float64) {
		i := r.IntN(len(p.strong))
		return p.strong[i], p.weak[i]
	}
	truth := sync.OnceValue(func() [2]*Curve { return [2]*Curve{p.curve(), lesser.curve()} })
	return prompts{draw: draw, skill: p.skill, sees: func(g float64) float64 { return g }, truth: truth}
}

// in returns the prompts in clusters.
func (p prompts) in(size clusterSize, shared float64) prompts {
	p.size, p.shared = size, shared
	return p
}

// sample draws n clusters and the scores of three routers: two equally good ones and one with
// half their skill.
func (p prompts) sample(rng *rand.Rand, n int) (o Outcomes, cluster []int, scores [3][]float64) {
	for id := range n {
		size := 1
		if p.size != nil {
			size = p.size(rng)
		}
		commonStrong, commonWeak := p.draw(rng)
		noise := [3]float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()}
		for i := range size {
			strong, weak := commonStrong, commonWeak
			if i > 0 && rng.Float64() >= p.shared {
				strong, weak = p.draw(rng)
			}
			o.Strong, o.Weak, cluster = append(o.Strong, strong), append(o.Weak, weak), append(cluster, id)
			for k, skill := range [3]float64{p.skill, p.skill, p.skill / 2} {
				z := math.Sqrt(p.shared)*noise[k] + math.Sqrt(1-p.shared)*rng.NormFloat64()
				scores[k] = append(scores[k], skill*p.sees(strong-weak)+z)
			}
			if last := len(cluster) - 1; p.twin > 0 && rng.Float64() >= p.twin {
				scores[2][last] = scores[0][last]
			}
		}
	}
	return o, cluster, scores
}

func geometricSize(mean float64) clusterSize {
	return func(r *rand.Rand) int { return 1 + int(math.Log(1-r.Float64())/math.Log(1-1/mean)) }
}

func lognormalSize(sd float64) clusterSize {
	return func(r *rand.Rand) int { return 1 + int(2*math.Exp(sd*r.NormFloat64())) }
}

// paretoSize draws sizes of at most 400.
func paretoSize(index float64) clusterSize {
	return func(r *rand.Rand) int { return int(math.Min(400, math.Pow(1-r.Float64(), -1/index))) }
}

// rareLosses draws gains between 0 and 1 and, with probability p, losses of about the given size.
func rareLosses(p, loss float64) pair {
	return func(r *rand.Rand) (strong, weak float64) {
		weak = loss * (1 + r.Float64())
		if r.Float64() < p {
			return weak - loss*(0.75+0.5*r.Float64()), weak
		}
		return weak + r.Float64(), weak
	}
}

func lognormal(r *rand.Rand, sd float64) float64 { return math.Exp(sd * r.NormFloat64()) }

func lognormalGains(sd float64) pair {
	return func(r *rand.Rand) (strong, weak float64) { return lognormal(r, sd), 0.3 * lognormal(r, sd) }
}

func lognormalLosses(sd float64) pair {
	return func(r *rand.Rand) (strong, weak float64) { return (2 + 2*sd) * r.Float64(), 0.5 * lognormal(r, sd) }
}

func uniformGrades(r *rand.Rand) (strong, weak float64) {
	return max(r.Float64(), r.Float64()), r.Float64()
}

// extremeGrades draws grades most of which are near 0 or near 1.
func extremeGrades(r *rand.Rand) (strong, weak float64) {
	grade := func() float64 { x := math.Sin(math.Pi / 2 * r.Float64()); return x * x }
	return min(1, grade()+0.5*r.Float64()), grade()
}

func rightOrWrong(r *rand.Rand) (strong, weak float64) {
	return float64(b2i(r.Float64() < 0.8)), float64(b2i(r.Float64() < 0.5))
}

func clearGap(r *rand.Rand) (strong, weak float64) { return 0.5 + 0.5*r.Float64(), 0.5 * r.Float64() }
