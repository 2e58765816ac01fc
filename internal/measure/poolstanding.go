package measure

import (
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// judge sets each router's test against the static mix and its standing by lift.
func (p *Pool) judge(routers []*poolRouter, e *pool.Evaluation, confidence float64) {
	if len(routers) == 0 {
		return
	}
	c := e.Compare(pool.ByLift, 0, 0)
	best := -1
	for k, r := range routers {
		r.AgainstStatic = results.NewTest(c.Static[k], confidence)
		better := r.AgainstStatic.Verdict == string(eval.Better)
		if better && (best < 0 || r.Metrics.Lift.Value > routers[best].Metrics.Lift.Value) {
			best = k
		}
	}
	if len(routers) < 2 || best < 0 {
		return
	}
	routers[best].Standing = results.Best
	for _, d := range c.Pairs {
		switch {
		case d.A == best:
			routers[d.B].Standing = standingOf(d.Verdict == eval.Better)
		case d.B == best:
			routers[d.A].Standing = standingOf(d.Verdict == eval.Worse)
		}
	}
}

// standingOf returns the standing of a router that is or is not significantly worse than the best.
func standingOf(worse bool) results.Standing {
	if worse {
		return results.Behind
	}
	return results.Level
}

// warn adds warnings about what cannot be computed.
func (p *Pool) warn(resampled bool) {
	d := &p.doc
	lo, hi := float64(d.Range.Lo), float64(d.Range.Hi)
	switch {
	case len(d.Models) == 1:
		p.Warn("the pool has one model: there is nothing to choose")
	case !(hi > lo) && d.Best == d.Cheapest:
		p.Warn(fmt.Sprintf("the best model, %s, is also the cheapest one: no budget lies between them, so areas and lifts do not exist; a range of budgets of your own gives them a meaning", d.Best))
	case !(hi > lo):
		p.Warn(fmt.Sprintf("the best model, %s, costs as much as the cheapest one: areas and lifts do not exist", d.Best))
	case lo == 0:
		p.Warn("the range of budgets begins at 0, where logarithms do not exist: neither does the log lift")
	}
	if best := p.constants.Cost[p.constants.Best]; best == 0 {
		p.Warn(fmt.Sprintf("the best model, %s, costs nothing: shares of its cost do not exist", d.Best))
	}
	if resampled && hi > lo {
		p.warnIntervals()
	}
}

// UncertainBest returns the warning about a best model that the samples do not tell from another one.
func UncertainBest(e *pool.Evaluation, best string) string {
	return fmt.Sprintf("the samples do not tell which model is the best: in %.0f %% of the resamples it is not %s. Budgets end at its cost and targets are shares of its quality, so that intervals are wide; --cost-range fixes the budgets",
		100*e.OtherBest, best)
}

// warnIntervals warns of routers whose lifts have no interval.
func (p *Pool) warnIntervals() {
	if p.doc.Clusters < eval.MinClusters(0.95) {
		p.Warn(fmt.Sprintf("no intervals: %s are too few", text.Plural(p.doc.Clusters, "independent sample")))
		return
	}
	for _, r := range p.routers {
		if !r.Metrics.Lift.Lo.Exists() {
			r.Warnings = append(r.Warnings, "its lift has no interval: so few samples carry it that one would be wrong too often")
		}
	}
}
