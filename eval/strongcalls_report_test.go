package eval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// voice says how the scores of a conversation's prompts go together.
type voice struct {
	score func(r *rand.Rand, m float64) func() float64 // scores of a conversation of m prompts
	above func(t, m float64) float64                   // probability of a score >= t
}

var voices = map[string]voice{
	"the same": {
		score: func(r *rand.Rand, _ float64) func() float64 { u := r.Float64(); return func() float64 { return u } },
		above: func(t, _ float64) float64 { return 1 - t },
	},
	"half shared": {
		score: func(r *rand.Rand, _ float64) func() float64 {
			z := r.NormFloat64()
			return func() float64 { return (z + r.NormFloat64()) / math.Sqrt2 }
		},
		above: func(t, _ float64) float64 { return math.Erfc(t/math.Sqrt2) / 2 },
	},
	"higher when long": {
		score: func(r *rand.Rand, m float64) func() float64 {
			u := 1 - r.Float64()*(m+6)/(2*m)
			return func() float64 { return u }
		},
		above: func(t, m float64) float64 { return min(1, (1-t)*2*m/(m+6)) },
	},
}

// chatter is a population of conversations with scores.
type chatter struct {
	sizes
	voice
}

// draw draws n conversations or, if prompts is above 0, as many as make up prompts prompts.
func (p chatter) draw(r *rand.Rand, n, prompts int) (scores []float64, cluster []int) {
	for id := 0; id < n || len(scores) < prompts; id++ {
		m := p.sizes.draw(r)
		next := p.score(r, float64(m))
		for range m {
			scores, cluster = append(scores, next()), append(cluster, id)
		}
	}
	if prompts > 0 {
		scores = scores[:prompts]
	}
	return scores, cluster
}

// share returns the true share of prompts with a score >= t.
func (p chatter) share(t float64) float64 {
	return p.perPrompt(func(m float64) float64 { return p.above(t, m) })
}

// at returns the threshold that calls the strong model for a share of all prompts.
func (p chatter) at(share float64) float64 {
	lo, hi := -6.0, 6.0
	for range 60 {
		if t := (lo + hi) / 2; p.share(t) > share {
			lo = t
		} else {
			hi = t
		}
	}
	return lo
}

// calling returns the number of runs in which the intervals hold the truth: that of the share of
// strong calls at a given threshold, those of the future share at thresholds calibrated for
// shares of 5, 20 and 50 %, and that of the strong calls among the next 1,000 requests at the
// second of them.
func calling(s sizes, scores string, n int) func(runs int) []int {
	const next = 1000
	p := chatter{s, voices[scores]}
	given := p.at(0.2)
	return func(runs int) []int {
		out := make([]int, 5)
		r := rand.New(rand.NewPCG(51, uint64(n)))
		for range runs {
			scores, cluster := p.draw(r, n, 0)
			_, i := Proportion(above(scores, given), cluster, 0.95)
			out[0] += b2i(holds(i, 0.2))
			curve, _ := NewCurve(Outcomes{Strong: scores, Weak: scores}, scores)
			for k, f := range []float64{0.05, 0.2, 0.5} {
				t := curve.Calibrated(f).Clustered(scores, cluster)
				out[1+k] += b2i(holds(t.Future(0.95), p.share(t.Threshold)))
				if k == 1 {
					lo, hi := t.Next(next, 0.95)
					further, _ := p.draw(r, 0, next)
					calls := count(above(further, t.Threshold))
					out[4] += b2i(lo <= calls && calls <= hi)
				}
			}
		}
		return out
	}
}

// above says which scores reach a threshold.
func above(scores []float64, t float64) []bool {
	out := make([]bool, len(scores))
	for i, s := range scores {
		out[i] = s >= t
	}
	return out
}

// count returns the number of hits.
func count(hit []bool) (n int64) {
	for _, h := range hit {
		n += int64(b2i(h))
	}
	return n
}

func strongCallsReport() report {
	g, l, p := conversationSizes()
	return report{
		document: "../docs/calibrate.md", name: "strong calls of conversations", labels: 3, within: covering,
		header: []string{"sizes", "number", "scores", "threshold given", "set for 5 %", "20 %", "50 %", "next 1,000"},
		regimes: []regime{
			{"independent | 150 | the same", calling(alone, "the same", 150), []int{96, 95, 95, 96, 94}},
			{"independent | 1,000 | the same", calling(alone, "the same", 1000), []int{96, 93, 96, 97, 99}},
			{"geometric | 150 | the same", calling(g, "the same", 150), []int{98, 97, 97, 98, 96}},
			{"geometric | 400 | the same", calling(g, "the same", 400), []int{98, 93, 98, 95, 96}},
			{"geometric | 1,000 | the same", calling(g, "the same", 1000), []int{94, 96, 94, 95, 96}},
			{"geometric | 400 | half shared", calling(g, "half shared", 400), []int{97, 100, 97, 98, 97}},
			{"geometric | 400 | higher when long", calling(g, "higher when long", 400), []int{96, 95, 96, 94, 93}},
			{"lognormal | 150 | the same", calling(l, "the same", 150), []int{100, 98, 99, 98, 99}},
			{"lognormal | 400 | the same", calling(l, "the same", 400), []int{97, 98, 97, 98, 98}},
			{"lognormal | 1,000 | the same", calling(l, "the same", 1000), []int{99, 98, 97, 97, 98}},
			{"lognormal | 400 | half shared", calling(l, "half shared", 400), []int{100, 100, 100, 99, 99}},
			{"lognormal | 400 | higher when long", calling(l, "higher when long", 400), []int{100, 97, 99, 96, 97}},
			{"Pareto | 150 | the same", calling(p, "the same", 150), []int{99, 100, 99, 100, 92}},
			{"Pareto | 400 | the same", calling(p, "the same", 400), []int{99, 99, 99, 99, 99}},
			{"Pareto | 1,000 | the same", calling(p, "the same", 1000), []int{97, 100, 99, 100, 99}},
			{"Pareto | 400 | half shared", calling(p, "half shared", 400), []int{100, 100, 99, 100, 95}},
			{"Pareto | 400 | higher when long", calling(p, "higher when long", 400), []int{97, 99, 97, 93, 94}},
		},
	}
}

func TestStrongCallsOfConversations(t *testing.T) { strongCallsReport().check(t) }

func TestCoverageReportStrongCalls(t *testing.T) { strongCallsReport().write(t) }
