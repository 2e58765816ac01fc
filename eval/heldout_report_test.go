package eval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// covering reports whether a share of intervals that hold the truth keeps what the documents say
// of 95 % intervals.
func covering(_ int, percent float64) bool { return percent >= 92 }

// holds reports whether an interval holds a value. One that does not exist excludes nothing.
func holds(i Interval, value float64) bool { return !(value < i.Lo-1e-12 || value > i.Hi+1e-12) }

// shown holds the intervals of what a threshold does on samples, as calibrate shows them.
type shown struct{ calls, quality, share, recovered, cost Interval }

// show computes the intervals of what a threshold does on samples with qualities in [least,
// most].
func show(t talks, threshold, least, most float64) shown {
	n := len(t.scores)
	hit, quality, recovered, cost := make([]bool, n), make([]float64, n), make([]float64, n), make([]float64, n)
	gains := t.Gains()
	for i, s := range t.scores {
		quality[i], cost[i] = t.Weak[i], t.costWeak[i]
		if hit[i] = s >= threshold; hit[i] {
			quality[i], recovered[i], cost[i] = t.Strong[i], gains[i], t.costStrong[i]
		}
	}
	var out shown
	_, out.calls = Proportion(hit, t.cluster, 0.95)
	_, out.quality = Ratio(quality, nil, MeanExtremes(least, most), t.cluster, 0.95)
	_, out.share = Ratio(quality, t.Strong, ShareExtremes(least, most), t.cluster, 0.95)
	_, out.recovered = Ratio(recovered, gains, GapExtremes(least, most), t.cluster, 0.95)
	_, out.cost = Ratio(cost, nil, MeanExtremes(CostRange(t.costStrong, t.costWeak)), t.cluster, 0.95)
	return out
}

// known holds the true values of what is shown.
type known struct{ calls, quality, share, recovered, cost float64 }

// heldOut returns the number of runs in which each interval holds the truth.
func heldOut(draw func(r *rand.Rand) talks, threshold, least, most float64, want known) func(runs int) []int {
	return func(runs int) []int {
		out := make([]int, 5)
		r := rand.New(rand.NewPCG(41, 42))
		for range runs {
			x := show(draw(r), threshold, least, most)
			out[0] += b2i(holds(x.calls, want.calls))
			out[1] += b2i(holds(x.quality, want.quality))
			out[2] += b2i(holds(x.share, want.share))
			out[3] += b2i(holds(x.recovered, want.recovered))
			out[4] += b2i(holds(x.cost, want.cost))
		}
		return out
	}
}

// reporting returns the counts for n conversations at a threshold of 0.7.
func reporting(s sizes, l loss, n int) func(runs int) []int {
	const threshold = 0.7
	p := conversations{s, l, 0.9}
	kept := 1 - threshold*p.lost()
	want := known{1 - threshold, 0.9 * kept, kept, 1 - threshold, p.cost(threshold)}
	return heldOut(func(r *rand.Rand) talks { return p.draw(r, n) }, threshold, 0, 1, want)
}

// gradedSamples returns the counts for n independent prompts with qualities from 0 to 10, where the
// weak model is worse by 8 on a share of the prompts and better by 0.1 on the others, at a
// threshold of 0.5. A prompt costs a lognormal amount.
func gradedSamples(n int, worse, spread float64) func(runs int) []int {
	draw := func(r *rand.Rand) talks {
		var t talks
		for i := range n {
			weak := 8.1 - 8.1*bit(r, worse)
			cost := math.Exp(spread * r.NormFloat64())
			t.Strong, t.Weak = append(t.Strong, 8), append(t.Weak, weak)
			t.costStrong, t.costWeak = append(t.costStrong, cost), append(t.costWeak, cost/10)
			t.scores, t.cluster = append(t.scores, r.Float64()), append(t.cluster, i)
		}
		return t
	}
	gap := 8.1*worse - 0.1
	quality := 8 - gap/2
	return heldOut(draw, 0.5, 0, 10, known{0.5, quality, quality / 8, 0.5, 0.55 * math.Exp(spread*spread/2)})
}

func heldOutReport() report {
	g, l, p := conversationSizes()
	percent := func(float64) float64 { return 0.01 }
	return report{
		document: "../docs/calibrate.md", name: "held-out intervals", labels: 3, within: covering,
		header: []string{"samples", "number", "losses", "strong calls", "quality", "share of strong quality", "gap recovered", "cost"},
		regimes: []regime{
			{"independent | 147 | 10 % of them", reporting(alone, evenly, 147), []int{93, 98, 100, 100, 95}},
			{"independent | 147 | 1 %", reporting(alone, percent, 147), []int{93, 100, 100, 100, 95}},
			{"independent | 650 | 1 %", reporting(alone, percent, 650), []int{93, 96, 100, 100, 94}},
			{"independent, graded | 147 | 2 %, large", gradedSamples(147, 0.02, 1), []int{95, 100, 100, 100, 99}},
			{"independent, graded | 650 | 2 %, large", gradedSamples(650, 0.02, 1.5), []int{100, 100, 100, 100, 100}},
			{"geometric | 150 | likelier when long", reporting(g, likelier, 150), []int{96, 100, 100, 100, 100}},
			{"geometric | 1,000 | likelier when long", reporting(g, likelier, 1000), []int{94, 98, 99, 100, 99}},
			{"geometric | 150 | rare, likelier when long", reporting(g, rarely, 150), []int{96, 100, 100, 100, 100}},
			{"lognormal | 150 | likelier when long", reporting(l, likelier, 150), []int{97, 100, 100, 100, 100}},
			{"lognormal | 400 | likelier when long", reporting(l, likelier, 400), []int{96, 99, 100, 100, 100}},
			{"lognormal | 1,000 | likelier when long", reporting(l, likelier, 1000), []int{93, 98, 100, 100, 99}},
			{"lognormal | 400 | rare, likelier when long", reporting(l, rarely, 400), []int{96, 100, 100, 100, 100}},
			{"lognormal | 400 | nearly all long ones", reporting(l, nearly, 400), []int{96, 99, 100, 100, 100}},
			{"Pareto | 150 | likelier when long", reporting(p, likelier, 150), []int{100, 100, 100, 100, 96}},
			{"Pareto | 400 | likelier when long", reporting(p, likelier, 400), []int{99, 100, 100, 100, 100}},
			{"Pareto | 1,000 | likelier when long", reporting(p, likelier, 1000), []int{97, 100, 100, 100, 100}},
			{"Pareto | 400 | rare, likelier when long", reporting(p, rarely, 400), []int{99, 100, 100, 100, 100}},
		},
	}
}

func TestHeldOutIntervals(t *testing.T) { heldOutReport().check(t) }

func TestCoverageReportHeldOut(t *testing.T) { heldOutReport().write(t) }
