package judging

import (
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/eval/agreement"
	"github.com/routellm/routellm/results"
)

// against compares the judge with labels that are known to be right, and with votes.
func (c *checker) against() ([]results.JudgeCheck, error) {
	var out []results.JudgeCheck
	if c.gold != nil {
		out = append(out, c.accuracy(results.CheckAccuracy, c.goldDifference)...)
		found, err := c.agreement()
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	if c.votes != nil {
		out = append(out, c.accuracy(results.CheckVotes, c.voteDifference)...)
	}
	return out, nil
}

// goldDifference returns how much better model a's answer is known to be than model b's.
func (c *checker) goldDifference(row, a, b int) float64 { return c.gold[a][row] - c.gold[b][row] }

// voteDifference returns which of two answers people preferred: 1 for a's, -1 for b's, 0 for a tie,
// NaN if unknown. A vote among more than two answers does not tell which of two is better, unless
// it is for one of them.
func (c *checker) voteDifference(row, a, b int) float64 {
	if c.votes[row] == nil {
		return nan
	}
	vote, f := strings.TrimSpace(*c.votes[row]), c.Questions.file
	switch {
	case vote == f.Models[a].Name:
		return 1
	case vote == f.Models[b].Name:
		return -1
	case strings.EqualFold(vote, "tie") && len(f.Models) == 2:
		return 0
	}
	return nan
}

// eachPair visits the pairs of answers that the judge ordered, with the judge's preference for the
// first, above 0 if it is better.
func (c *checker) eachPair(visit func(row, a, b int, preference float64)) {
	if c.pairs != nil {
		for _, p := range c.pairs {
			if !math.IsNaN(p.Score) {
				visit(p.Row, p.A, p.B, p.Score-0.5)
			}
		}
		return
	}
	for row := range c.Questions.file.Rows() {
		for a := range c.labels {
			for b := a + 1; b < len(c.labels); b++ {
				if d := c.labels[a][row] - c.labels[b][row]; !math.IsNaN(d) {
					visit(row, a, b, d)
				}
			}
		}
	}
}

// accuracy returns the share of decided pairs that the judge orders rightly. Half of its ties are.
func (c *checker) accuracy(name string, better func(row, a, b int) float64) []results.JudgeCheck {
	var s items
	c.eachPair(func(row, a, b int, preference float64) {
		d := better(row, a, b)
		if math.IsNaN(d) || d == 0 {
			return
		}
		s.add(float64(sign(preference*d))/2, 0, c.cluster[row])
	})
	if len(s.x) == 0 {
		return nil
	}
	return []results.JudgeCheck{s.check(name, s.mean(0, 1, c.options.Bootstrap.Confidence), accuracyMeaning)}
}

// agreement returns kappa and the correlation with known labels.
func (c *checker) agreement() ([]results.JudgeCheck, error) {
	if c.pairs != nil {
		return c.verdictAgreement()
	}
	var s items
	for m := range c.labels {
		for row, x := range c.labels[m] {
			if y := c.gold[m][row]; !math.IsNaN(x + y) {
				s.add(x, y, c.cluster[row])
			}
		}
	}
	if len(s.x) == 0 {
		return nil, nil
	}
	correlation := agreement.Correlation(s.x, s.y, s.cluster, c.options.Bootstrap.Confidence)
	out := []results.JudgeCheck{s.check(results.CheckRelation, correlation, relationMeaning)}
	kappa, ok, err := c.gradeKappa(&s)
	if err != nil || !ok {
		return out, err
	}
	return append([]results.JudgeCheck{s.check(results.CheckAgreement, kappa, kappaMeaning)}, out...), nil
}

// middle is the grade that divides good answers from bad ones, where known labels are right or
// wrong. Nothing is fitted.
const middle = (Least + Most) / 2.0

// gradeKappa compares grades with known labels: those of two values as right and wrong, those from
// 1 to 10 as grades. ok is false for other labels, which have another scale.
func (c *checker) gradeKappa(s *items) (e agreement.Estimate, ok bool, err error) {
	least, most := slices.Min(s.y), slices.Max(s.y)
	two := !slices.ContainsFunc(s.y, func(v float64) bool { return v != least && v != most })
	switch {
	case two:
		above := func(limit float64) func(float64) int {
			return func(v float64) int {
				if v > limit {
					return 1
				}
				return 0
			}
		}
		e, err = agreement.Kappa(categories(s.x, above(middle)), categories(s.y, above((least+most)/2)), 2, s.cluster, c.options.Bootstrap)
	case least >= Least && most <= Most:
		e, err = agreement.Quadratic(s.x, s.y, s.cluster, c.options.Bootstrap)
	default:
		return e, false, nil
	}
	return e, true, err
}

// verdictAgreement compares verdicts with which answer is known to be better, or that neither is.
func (c *checker) verdictAgreement() ([]results.JudgeCheck, error) {
	var s items
	for _, p := range c.pairs {
		if d := c.goldDifference(p.Row, p.A, p.B); !math.IsNaN(p.Verdict + d) {
			s.add(p.Verdict-0.5, d, c.cluster[p.Row])
		}
	}
	if len(s.x) == 0 {
		return nil, nil
	}
	e, err := agreement.Kappa(categories(s.x, sign), categories(s.y, sign), 3, s.cluster, c.options.Bootstrap)
	if err != nil {
		return nil, err
	}
	return []results.JudgeCheck{s.check(results.CheckAgreement, e, kappaMeaning)}, nil
}
