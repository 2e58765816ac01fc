package harness

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// lowEffective is the effective sample size below which an estimate says little: the interval of a
// quality of 0 or 1 is then wider than +- 0.14.
const lowEffective = 50

// warn adds what the user should know before deciding by the numbers.
func (l *loggedRun) warn() {
	l.warnOfChoice()
	l.warnOfFeedback()
	l.warnOfPropensities()
	d := l.doc.Decisions
	if d.Fallbacks > 0 {
		l.add("%s answered by the other side after a failure %s for the side that was asked first",
			text.Plural(d.Fallbacks, "decision"), text.Agree(d.Fallbacks, "counts", "count"))
	}
	if d.Begun > 0 {
		l.add("%s without %s first decision in the log %s left out: give log the earlier files too",
			text.Plural(d.Begun, "conversation"), text.Agree(d.Begun, "its", "their"), text.Agree(d.Begun, "is", "are"))
	}
	if l.quality.Clusters() < eval.MinIntervalClusters && l.options.Intervals.bootstraps() {
		l.add("there are only %s independent decisions with a quality: intervals need %d", text.Thousands(l.quality.Clusters()), eval.MinIntervalClusters)
	}
	low := 0
	for _, t := range l.doc.Thresholds {
		if float64(t.Effective) < lowEffective {
			low++
		}
	}
	if low > 0 {
		l.add("%s with an effective sample size (ESS) below %d: do not choose by their qualities; rate more answers, or explore more", text.Plural(low, "threshold"), lowEffective)
	}
}

func (l *loggedRun) add(format string, args ...any) {
	l.doc.Warnings = append(l.doc.Warnings, fmt.Sprintf(format, args...))
}

// warnOfChoice warns of decisions that were certain although the score decided.
func (l *loggedRun) warnOfChoice() {
	d := l.doc.Decisions
	if n := d.Fixed[noDraw]; n > 0 {
		l.add("%s whose other side could not have been drawn (explore was 0, or a model does not take the request) %s left out: the estimates are about the others",
			text.Plural(n, "decision"), text.Agree(n, "is", "are"))
	}
	if d.Escalated > 0 {
		l.add("%s moved to the strong side later: the estimates are about the first decision, and take for other thresholds what followed it in the log",
			text.Plural(d.Escalated, "conversation"))
	}
}

// warnOfFeedback warns if the side of an answer changes how often it gets feedback. Then a
// quality is more often missing on one side, and not at random.
func (l *loggedRun) warnOfFeedback() {
	gap := l.doc.Decisions.RateGap
	if float64(gap.Lo) > 0 || float64(gap.Hi) < 0 {
		l.add("the side changes how often an answer is rated: %+.1f points for strong [%s, %s]; if ratings also depend on the quality, every estimate is biased, and no statistic can tell by how much",
			100*float64(gap.Value), points(gap.Lo), points(gap.Hi))
	}
}

// points writes a difference of shares in percentage points.
func points(v results.Value) string { return fmt.Sprintf("%.1f", 100*float64(v)) }

// warnOfPropensities warns if the logged probabilities cannot be right. If they are, the weights of
// either side have the mean 1.
func (l *loggedRun) warnOfPropensities() {
	const limit = 4 // standard errors
	for _, side := range []results.Side{results.Strong, results.Weak} {
		n, sum, squares := 0.0, 0.0, 0.0
		for _, u := range l.units {
			p := u.first.propensity
			if results.SideOf(u.first.strong) == side {
				sum += 1/p - 1
			} else {
				p = 1 - p
				sum--
			}
			squares += (1 - p) / p
			n++
		}
		if z := sum / math.Sqrt(squares); math.Abs(z) > limit {
			l.add("the propensities do not fit the decisions: the weights of %s decisions have the mean %.3g, %.1f standard errors from 1; the estimates are wrong unless the propensities are those of the draws",
				side, 1+sum/n, math.Abs(z))
		}
	}
}
