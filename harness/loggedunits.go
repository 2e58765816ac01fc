package harness

import (
	"cmp"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/logged"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// unit is one decision: the first request of a conversation that keeps its side, or a request by
// itself, with what followed from it.
type unit struct {
	first         loggedRow
	cluster       string
	quality, cost num.Mean
	fallback      bool // the other side answered some of the requests
	escalated     bool // a later request moved the conversation to the strong side
}

// add adds a request to its decision.
func (u *unit) add(r loggedRow) {
	u.quality.Add(r.quality)
	u.cost.Add(r.cost)
	u.fallback = u.fallback || r.fallback
	u.escalated = u.escalated || r.reason == results.ReasonEscalated
}

// unitsOf groups the rows into decisions, in the order of time. A conversation's row begins a
// decision if a score or a draw decided it; the rows after it, whatever decided them, follow from
// it. begun counts conversations of which the log has only later rows.
func unitsOf(all []loggedRow) (units []*unit, begun int) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b loggedRow) int { return cmp.Compare(a.time, b.time) })
	open, clusters, lost := map[string]*unit{}, map[string]string{}, map[string]bool{}
	for _, r := range all {
		u := open[r.conversation]
		if r.conversation == "" || begins(r.reason) || u == nil && r.reason == "" {
			u = &unit{first: r, cluster: cmp.Or(r.prompt, r.id)}
			units = append(units, u)
		}
		if r.conversation != "" {
			if u == nil && follows(r.reason) {
				lost[r.conversation] = true
				continue
			}
			if u == nil { // no score decided it, such as a limit of a model
				u = &unit{first: r, cluster: cmp.Or(r.prompt, r.id)}
				units = append(units, u)
			}
			if _, known := clusters[r.conversation]; !known {
				clusters[r.conversation] = cmp.Or(r.prompt, r.conversation)
			}
			open[r.conversation], u.cluster = u, clusters[r.conversation]
		}
		u.add(r)
	}
	return units, len(lost)
}

// begins reports whether a score or a random draw decided.
func begins(reason results.Reason) bool {
	return reason == results.ReasonScore || reason == results.ReasonExplore
}

// follows reports whether an earlier decision decided.
func follows(reason results.Reason) bool {
	return reason == results.ReasonSticky || reason == results.ReasonEscalated || reason == results.ReasonBound
}

// noDraw is the reason to leave out a decision by the score whose other side could not have been
// drawn: nothing was explored, or a model does not take the request.
const noDraw = "no draw"

// fixed returns why a decision had no choice, "" if it had.
func (u *unit) fixed() results.Reason {
	switch r := u.first; {
	case math.IsNaN(r.score) && (begins(r.reason) || r.reason == ""):
		return results.ReasonDefault
	case !begins(r.reason) && r.reason != "":
		return r.reason
	case r.propensity == 1:
		return noDraw
	}
	return ""
}

// logOf returns the decisions as the estimators take them, with an outcome each; a decision whose
// outcome is NaN is left out.
func logOf(units []*unit, outcome func(*unit) float64) logged.Log {
	var l logged.Log
	var names []string
	for _, u := range units {
		y := outcome(u)
		if math.IsNaN(y) {
			continue
		}
		l.Scores = append(l.Scores, u.first.score)
		l.Strong = append(l.Strong, u.first.strong)
		l.Propensity = append(l.Propensity, u.first.propensity)
		l.Outcome = append(l.Outcome, y)
		names = append(names, u.cluster)
	}
	l.Cluster = eval.ClusterIDs(names)
	return l
}

// rated returns 1 for a decision with a quality, else 0.
func rated(u *unit) float64 {
	if u.quality.N > 0 {
		return 1
	}
	return 0
}

// countDecisions counts the decisions: those left out by reason, and both sides.
func countDecisions(units []*unit, d *results.LoggedDecisions) (kept []*unit) {
	d.Fixed = map[string]int{}
	sums := map[bool]*num.Mean{true: {}, false: {}}
	for _, u := range units {
		if u.first.conversation != "" {
			d.Conversations++
		}
		if reason := u.fixed(); reason != "" {
			d.Fixed[string(reason)]++
			continue
		}
		kept = append(kept, u)
		side := &d.Weak
		if u.first.strong {
			side = &d.Strong
		}
		side.Decisions++
		if u.first.propensity < 0.5 {
			side.AgainstScore++
		}
		if u.quality.N > 0 {
			side.Rated++
		}
		sums[u.first.strong].Add(u.quality.Value())
		if u.fallback {
			d.Fallbacks++
		}
		if u.escalated {
			d.Escalated++
		}
	}
	d.Estimated, d.Rated = len(kept), d.Strong.Rated+d.Weak.Rated
	d.Strong.Quality, d.Weak.Quality = results.Value(sums[true].Value()), results.Value(sums[false].Value())
	return kept
}
