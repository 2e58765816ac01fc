package eval

import (
	"math/rand/v2"
	"testing"
)

// drifting returns the number of runs in which scores of 150, 400 and 1,000 conversations differ
// significantly from those of as many other conversations of the same population.
func drifting(s sizes, scores string) func(runs int) []int {
	p := chatter{s, voices[scores]}
	return func(runs int) []int {
		out := make([]int, 3)
		for k, n := range []int{150, 400, 1000} {
			r := rand.New(rand.NewPCG(61, uint64(n)))
			for range runs {
				a, of := p.draw(r, n, 0)
				b, in := p.draw(r, n, 0)
				d, err := NewDrift(a, b)
				out[k] += b2i(err == nil && d.Worth(EffectiveScores(a, of), EffectiveScores(b, in)).P < 0.05)
			}
		}
		return out
	}
}

func driftReport() report {
	g, l, p := conversationSizes()
	return report{
		document: "../docs/calibrate.md", name: "false drift", labels: 2, within: mostlyTrue,
		header: []string{"sizes", "scores", "150", "400", "1,000"},
		regimes: []regime{
			{"geometric | the same", drifting(g, "the same"), []int{3, 0, 3}},
			{"lognormal | the same", drifting(l, "the same"), []int{1, 0, 0}},
			{"Pareto | the same", drifting(p, "the same"), []int{0, 0, 0}},
			{"lognormal | half shared", drifting(l, "half shared"), []int{0, 0, 0}},
			{"lognormal | higher when long", drifting(l, "higher when long"), []int{1, 0, 0}},
		},
	}
}

func TestFalseDrift(t *testing.T) { driftReport().check(t) }

func TestCoverageReportDrift(t *testing.T) { driftReport().write(t) }
