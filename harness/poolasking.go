package harness

import (
	"math"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// withAsking returns the decisions of a cascade with the costs of further answers and of questions
// about an answer, which are in no column of the models' costs.
func (p *Pool) withAsking(r *PooledRouter, a routers.AnswerRouter, d pool.Decided) pool.Decided {
	n := a.AnswerNeeds()
	w := p.answers[weakOf(a, p.weak)]
	if n.Samples == 0 && !n.PTrue || w == nil || p.axis != results.CostAxis && p.axis != results.LatencyAxis {
		return d
	}
	strong, weak := r.Columns[0], r.Columns[1]
	cost := p.samples.Outcomes.Cost
	if p.axis == results.LatencyAxis {
		cost = pool.Matrix{}
	}
	usd, seconds, guessed := w.asking(n, columnOf(cost, weak), columnOf(p.samples.Latency, weak), p.used, 1)
	if guessed {
		p.warnings = append(p.warnings, guessedWarning(r.Name))
	}
	with := func(asked []float64, of pool.Matrix, i int, escalated bool) float64 {
		switch {
		case asked == nil:
			return math.NaN()
		case escalated:
			return asked[i] + of.At(i, strong)
		}
		return asked[i]
	}
	return d.Priced(func(i int, c pool.Choice) pool.Choice {
		c.Cost, c.Latency = with(usd, cost, i, c.Model == 0), with(seconds, p.samples.Latency, i, c.Model == 0)
		return c
	})
}

// columnOf returns a column of a matrix; nil if the matrix is empty.
func columnOf(m pool.Matrix, k int) []float64 {
	if m.Rows() == 0 {
		return nil
	}
	return m.Column(k)
}
